import type { Pair } from '../../tensor/ir.ts';
import { ShapeError, type OpContext } from '../op.ts';
import { formatShape, type Shape } from '../shape.ts';
import { booleanArg, numberArg, pairArg, stringArg } from './args.ts';

/** Sizes of one call of `attend`. */
export interface AttentionSizes extends Widths {
  /** Height and width of the image of the queries, and of that of the keys; tokens are a column, a vector is one position. */
  readonly queries: Pair;
  readonly keys: Pair;
  /** Height and width of a window, in positions of the queries, and in those of the keys. */
  readonly window: Pair;
  readonly keyWindow: Pair;
  /** Windows of the image, down and across. */
  readonly windows: Pair;
  /** Rows and columns by which the windows are moved; 0 where one window covers the axis. */
  readonly shift: Pair;
  /** Positions of the keys from one query to the next. */
  readonly stride: Pair;
}

interface Widths {
  readonly heads: number;
  /** Of the queries and keys of a head. */
  readonly headWidth: number;
  /** Of the values of a head. */
  readonly valueWidth: number;
}

/** Throws `ShapeError` for widths that the heads do not divide, and windows that do not divide the image. */
export function attentionSizes(context: OpContext): AttentionSizes {
  const { args } = context;
  const [query, memory] = [context.inputs[0]!, context.inputs.at(-1)!];
  const [queries, keys] = [positionsOf(query), positionsOf(memory)];
  if ((query.length !== 3 || memory.length !== 3) && needsImage(context)) {
    throw new ShapeError(
      '`attend`: tokens and vectors have no windows and no distances',
      'Use it on images, where `conv(…, 1x1)` is the `dense` of tokens, or leave these arguments out.',
    );
  }
  const isWhole = pairArg(args, 'window').every((side) => side === 0);
  if (!isWhole && (keys[0] !== queries[0] || keys[1] !== queries[1])) {
    throw new ShapeError(
      `\`attend\`: windows need queries and keys of one size, not ${formatShape(queries)} and ${formatShape(keys)}`,
      'Leave `window` out, or bring both to one resolution.',
    );
  }
  const window = windowOf(context, queries);
  const keyWindow = isWhole ? keys : window;
  const windows = pairOf((axis) => queries[axis] / window[axis]);
  const shift = pairOf((axis) => (windows[axis] === 1 ? 0 : pairArg(args, 'shift')[axis] % queries[axis]));
  const stride = strideOf(context, window, keyWindow);
  return { ...widthsOf(context), queries, keys, window, keyWindow, windows, shift, stride };
}

export function pairOf(each: (axis: 0 | 1) => number): Pair {
  return [each(0), each(1)];
}

function positionsOf(shape: Shape): Pair {
  if (shape.length === 3) return [shape[1]!, shape[2]!];
  return [shape.length === 2 ? shape[0]! : 1, 1];
}

function widthOf(shape: Shape): number {
  return shape.length === 2 ? shape[1]! : shape[0]!;
}

function needsImage({ args }: OpContext): boolean {
  const isMoved = ['window', 'shift'].some((name) => pairArg(args, name).some((side) => side > 0));
  return isMoved || booleanArg(args, 'grid') || stringArg(args, 'position_bias') !== 'none';
}

function windowOf({ args }: OpContext, size: Pair): Pair {
  const given = pairArg(args, 'window');
  const window = pairOf((axis) => (given[axis] === 0 ? size[axis] : given[axis]));
  if (size[0] % window[0] === 0 && size[1] % window[1] === 0) return window;
  throw new ShapeError(
    `\`attend\`: windows of ${formatShape(window)} do not divide an image of ${formatShape(size)}`,
    'Choose a `window` that divides the image, or `pad` it before.',
  );
}

/** A bias belongs to a distance, so that queries must be the first of every so many positions of the keys. */
function strideOf({ args }: OpContext, queries: Pair, keys: Pair): Pair {
  const stride = pairOf((axis) => Math.ceil(keys[axis] / queries[axis]));
  const isWithin = (axis: 0 | 1): boolean => stride[axis] * (queries[axis] - 1) < keys[axis];
  if (stringArg(args, 'position_bias') === 'none' || (isWithin(0) && isWithin(1))) return stride;
  throw new ShapeError(
    `\`attend\`: queries of ${formatShape(queries)} have no distances from keys of ${formatShape(keys)}`,
    'Take every second or third position as queries, as `maxpool(1x1, stride = 2)` does, or leave `position_bias` out.',
  );
}

function widthsOf({ inputs, args }: OpContext): Widths {
  const heads = numberArg(args, 'heads');
  const [own, other] = inputs.map(widthOf) as [number, number?];
  const given = numberArg(args, 'head_dim');
  if (other !== undefined) {
    const headWidth = own / heads;
    if (given !== 0 && given !== headWidth) {
      throw new ShapeError(
        `\`attend\`: queries of ${own} channels have no ${heads} heads of ${given}`,
        `Leave \`head_dim\` out, or give the queries ${heads * given} channels.`,
      );
    }
    return checked(heads, headWidth, (other - own) / heads, `${own} and ${other}`);
  }
  const headWidth = given === 0 ? own / (3 * heads) : given;
  return checked(heads, headWidth, own / heads - 2 * headWidth, String(own));
}

function checked(heads: number, headWidth: number, valueWidth: number, channels: string): Widths {
  if (Number.isInteger(headWidth) && Number.isInteger(valueWidth) && valueWidth >= 1)
    return { heads, headWidth, valueWidth };
  throw new ShapeError(
    `\`attend\`: ${channels} channels are no queries, keys and values of ${heads} heads`,
    'Widen the channels before it to three times the width of all heads, or give `head_dim`.',
  );
}
