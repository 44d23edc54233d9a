import type { ProgramBuilder, Value } from '../../tensor/builder.ts';
import type { Pair } from '../../tensor/ir.ts';
import type { AttentionSizes } from './attention-sizes.ts';
import { lowerPositionBias, type PositionBias } from './position-bias.ts';
import { cut, joined, maskOf, rolled, type Windows } from './windows.ts';

/** Attention without linear layers, after its arguments. */
export interface Attention {
  readonly sizes: AttentionSizes;
  readonly isGrid: boolean;
  readonly bias: PositionBias;
  /** Of the products of queries and keys; undefined for cosines, which have learned ones. */
  readonly factor: number | undefined;
}

/** Largest factor of cosines (Swin V2). */
const largestFactor = 100;

/**
 * @param values queries, keys and values one behind the other along the channels of one tensor; or the queries, and a tensor of
 * keys and values
 * @returns an image `[batch, heads · width of values, height, width]` of the queries' size
 */
export function lowerAttention(
  builder: ProgramBuilder,
  attention: Attention,
  values: readonly Value[],
  param: (name: string) => Value,
): Value {
  const [own, other] = values as readonly [Value, Value?];
  const { sizes, isGrid } = attention;
  const { heads, headWidth, valueWidth, shift, window, keyWindow, windows } = sizes;
  const inner = heads * headWidth;
  const memory = other ?? own;
  const before = other === undefined ? inner : 0;
  const layout: Windows = { window, windows, isGrid };
  const keyLayout: Windows = { window: keyWindow, windows, isGrid };
  const [ownImage, memoryImage] = [own, memory].map((x) => asImage(builder, x, shift)) as [Value, Value];
  const query = perHead(builder, channels(builder, ownImage, 0, inner), heads, layout);
  const key = perHead(builder, channels(builder, memoryImage, before, inner), heads, keyLayout);
  const valueImage = channels(builder, memoryImage, before + inner, heads * valueWidth);
  const scores = lowerScores(builder, attention, layout, query, key, param);
  const gathered = builder.matmul(builder.softmax(scores), perHead(builder, valueImage, heads, keyLayout));
  return rolled(builder, withoutHeads(builder, gathered, heads, layout), [-shift[0], -shift[1]]);
}

/** `[batch, channels, height, width]` without the shift of windows; tokens are a column, a vector is one position. */
function asImage(builder: ProgramBuilder, x: Value, shift: Pair): Value {
  if (x.shape.length === 4) return rolled(builder, x, shift);
  const count = x.shape.length === 3 ? x.shape[1]! : 1;
  const width = x.shape.at(-1)!;
  const turned = builder.transpose(builder.reshape(x, [builder.batch, count, width]), [0, 2, 1]);
  return builder.reshape(turned, [builder.batch, width, count, 1]);
}

function channels(builder: ProgramBuilder, x: Value, start: number, size: number): Value {
  return builder.slice(x, [0, start, 0, 0], [builder.batch, size, x.shape[2]!, x.shape[3]!]);
}

/** An image as `[batch, heads · windows, positions of a window, width of a head]`. */
function perHead(builder: ProgramBuilder, x: Value, heads: number, layout: Windows): Value {
  const inWindows = cut(builder, x, layout);
  const [batch, inner, windows, size] = inWindows.shape as readonly [number, number, number, number];
  const flat = builder.reshape(inWindows, [batch, heads, inner / heads, windows * size]);
  const turned = builder.transpose(flat, [0, 1, 3, 2]);
  return builder.reshape(turned, [batch, heads * windows, size, inner / heads]);
}

/** The inverse of `perHead`. */
function withoutHeads(builder: ProgramBuilder, x: Value, heads: number, layout: Windows): Value {
  const [batch, matrices, size, width] = x.shape as readonly [number, number, number, number];
  const windows = matrices / heads;
  const flat = builder.reshape(x, [batch, heads, windows * size, width]);
  const turned = builder.transpose(flat, [0, 1, 3, 2]);
  return joined(builder, builder.reshape(turned, [batch, heads * width, windows, size]), layout);
}

/** What the softmax sees: `[batch, heads · windows, queries, keys]`. */
function lowerScores(
  builder: ProgramBuilder,
  { sizes, bias, factor }: Attention,
  layout: Windows,
  query: Value,
  key: Value,
  param: (name: string) => Value,
): Value {
  const { heads, windows, shift } = sizes;
  const { batch } = builder;
  const [left, right] =
    factor === undefined
      ? [unitRows(builder, query), unitRows(builder, key)]
      : [builder.affine(query, factor), key];
  const products = builder.matmul(left, right, { transposeB: true });
  const pairs = products.shape[2]! * products.shape[3]!;
  let scores = builder.reshape(products, [batch, heads, windows[0] * windows[1], pairs]);
  if (factor === undefined) scores = builder.mul(scores, learnedFactor(builder, heads, param('logit_scale')));
  if (bias !== 'none') {
    const biases = lowerPositionBias(builder, bias, sizes, param);
    scores = builder.add(scores, builder.reshape(biases, [batch, heads, 1, pairs]));
  }
  if (shift[0] + shift[1] > 0) scores = builder.add(scores, maskOf(builder, layout, shift));
  return builder.reshape(scores, products.shape);
}

/** Each row over its length, 0 for a row of zeros. */
function unitRows(builder: ProgramBuilder, x: Value): Value {
  const squares = builder.affine(builder.reduce('sum', builder.unary('square', x), [3]), 1, 1e-24);
  return builder.mul(x, builder.unary('reciprocal', builder.unary('sqrt', squares)));
}

/** The exponential of a parameter `[heads]`, as `[batch, heads, 1, 1]`. */
function learnedFactor(builder: ProgramBuilder, heads: number, logarithm: Value): Value {
  const zeros = builder.broadcast(builder.scalar(0, 4), [builder.batch, heads, 1, 1]);
  const each = builder.add(zeros, builder.reshape(logarithm, [1, heads, 1, 1]));
  return builder.unary('exp', builder.binary('min', each, builder.scalar(Math.log(largestFactor), 4)));
}
