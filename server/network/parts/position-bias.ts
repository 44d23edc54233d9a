import type { ProgramBuilder, Value } from '../../tensor/builder.ts';
import type { Pair } from '../../tensor/ir.ts';
import { inlineSource } from '../../tensor/materialise.ts';
import type { ParamSpec } from '../op.ts';
import { addBias, lowerLinear } from './linear.ts';

/** What is learned of distances between positions. */
export type PositionBias = 'none' | 'relative' | 'distance' | 'continuous';

/** Hidden features of the perceptron that makes continuous biases. */
const hidden = 512;
/** Its biases lie between 0 and this. */
const largest = 16;

/** Standard deviation at the start, as that of `posembed`. */
const init = { kind: 'normal', std: 0.02 } as const;

/** Keys and queries of one window. */
interface Places {
  readonly heads: number;
  /** Height and width of the queries, and of the keys. */
  readonly window: Pair;
  readonly keyWindow: Pair;
  /** Positions of the keys from one query to the next. */
  readonly stride: Pair;
}

/** Distances along an axis of so many keys, from the first key seen from the last position, to the last seen from the first. */
const distances = (keys: number): number => 2 * keys - 1;

export function positionBiasParams(kind: PositionBias, { heads, keyWindow }: Places): readonly ParamSpec[] {
  switch (kind) {
    case 'none':
      return [];
    case 'relative':
      return [{ name: 'position_bias', shape: [heads, ...keyWindow.map(distances)], init }];
    case 'distance':
      return [{ name: 'position_bias', shape: [heads, ...keyWindow], init }];
    case 'continuous':
      return [
        { name: 'position.hidden.weight', shape: [hidden, 2], init },
        { name: 'position.hidden.bias', shape: [hidden], init: { kind: 'fill', value: 0 } },
        { name: 'position.out.weight', shape: [heads, hidden], init },
      ];
  }
}

/** What is added to the products of queries and keys: `[batch, heads, queries, keys]` of a window, positions row by row. */
export function lowerPositionBias(
  builder: ProgramBuilder,
  kind: Exclude<PositionBias, 'none'>,
  places: Places,
  param: (name: string) => Value,
): Value {
  const { window, keyWindow, stride } = places;
  const table = tableOf(builder, kind, places, param);
  const [batch, heads, tall, wide] = table.shape as readonly [number, number, number, number];
  // First the columns, then the rows: [batch, heads, tall, columns of queries, columns of keys].
  const columns = builder.reshape(
    pairwise(builder, builder.reshape(table, [batch, heads * tall, wide]), window[1], stride[1]),
    [batch, heads, tall, window[1] * keyWindow[1]],
  );
  const turned = builder.reshape(builder.transpose(columns, [0, 1, 3, 2]), [
    batch,
    heads * window[1] * keyWindow[1],
    tall,
  ]);
  const all = builder.reshape(pairwise(builder, turned, window[0], stride[0]), [
    batch,
    heads,
    window[1] * keyWindow[1],
    window[0],
    keyWindow[0],
  ]);
  // Rows of queries before their columns, then rows of keys before theirs.
  const byRow = builder.reshape(builder.transpose(all, [0, 1, 3, 2, 4]), [
    batch,
    heads * window[0] * window[1],
    keyWindow[1],
    keyWindow[0],
  ]);
  return builder.reshape(builder.transpose(byRow, [0, 1, 3, 2]), [
    batch,
    heads,
    window[0] * window[1],
    keyWindow[0] * keyWindow[1],
  ]);
}

/**
 * From the values of each distance, those of each query and key along an axis: `[batch, n, 2·keys − 1]` gives
 * `[batch, n, queries, keys]`, element (q, k) being that of distance k − stride · q. Rows of one element more than distances, one
 * after the other, and cut again at that number, move by one element a row.
 */
function pairwise(builder: ProgramBuilder, x: Value, queries: number, stride: number): Value {
  const [batch, n, count] = x.shape as readonly [number, number, number];
  const keys = (count + 1) / 2;
  const longer = builder.reshape(builder.pad(x, [0, 0, 0], [0, 0, 1]), [batch, n, 1, count + 1]);
  const rows = builder.reshape(builder.broadcast(longer, [batch, n, keys, count + 1]), [
    batch,
    n,
    keys * (count + 1),
  ]);
  const moved = builder.reshape(builder.slice(rows, [0, 0, keys - 1], [batch, n, keys * count]), [
    batch,
    n,
    keys,
    count,
  ]);
  return builder.slice(moved, [0, 0, 0, 0], [batch, n, queries, keys], [1, 1, stride, 1]);
}

/** The bias of each distance: `[batch, heads, 2·height − 1, 2·width − 1]`. */
function tableOf(
  builder: ProgramBuilder,
  kind: Exclude<PositionBias, 'none'>,
  { heads, keyWindow }: Places,
  param: (name: string) => Value,
): Value {
  const [tall, wide] = keyWindow.map(distances) as [number, number];
  if (kind === 'continuous') return continuousTable(builder, keyWindow, param);
  const learned = param('position_bias');
  // Added to zeros: what follows is no arithmetic that a parameter may be an operand of.
  const zeros = builder.broadcast(builder.scalar(0, 4), [builder.batch, ...learned.shape]);
  const table = builder.add(zeros, builder.reshape(learned, [1, ...learned.shape]));
  if (kind === 'relative') return builder.reshape(table, [builder.batch, heads, tall, wide]);
  const mirrored = (x: Value, axis: number, keys: number): Value =>
    builder.gather(
      x,
      axis,
      Array.from({ length: distances(keys) }, (_, i) => Math.abs(i - keys + 1)),
    );
  return mirrored(mirrored(table, 2, keyWindow[0]), 3, keyWindow[1]);
}

/** A perceptron of the distances, on a logarithmic scale, makes the biases. */
function continuousTable(builder: ProgramBuilder, keyWindow: Pair, param: (name: string) => Value): Value {
  const { batch } = builder;
  const [tall, wide] = keyWindow.map(distances) as [number, number];
  const scaled = (i: number, keys: number): number => {
    const share = (8 * (i - keys + 1)) / Math.max(keys - 1, 1);
    return (Math.sign(share) * Math.log2(Math.abs(share) + 1)) / Math.log2(8);
  };
  const places = Array.from({ length: tall * wide }, (_, i) => [
    scaled(Math.floor(i / wide), keyWindow[0]),
    scaled(i % wide, keyWindow[1]),
  ]);
  const one = builder.constant(inlineSource(Float64Array.from(places.flat())), [1, tall * wide, 2]);
  const input = builder.broadcast(one, [batch, tall * wide, 2]);
  const features = lowerLinear(builder, input, param('position.hidden.weight'));
  const active = builder.unary('relu', addBias(builder, features, param('position.hidden.bias'), 2));
  const out = lowerLinear(builder, active, param('position.out.weight'));
  const biases = builder.affine(builder.unary('sigmoid', out), largest);
  return builder.reshape(builder.transpose(biases, [0, 2, 1]), [batch, out.shape[2]!, tall, wide]);
}
