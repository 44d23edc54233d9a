import type { ProgramBuilder, Value } from '../../tensor/builder.ts';
import type { Pair } from '../../tensor/ir.ts';
import { inlineSource } from '../../tensor/materialise.ts';

/** How an image is cut into windows of one size. */
export interface Windows {
  /** Height and width of a window. */
  readonly window: Pair;
  /** Windows down and across. */
  readonly windows: Pair;
  /** Whether a window is every so many-th position, all over the image, rather than neighbours. */
  readonly isGrid: boolean;
}

/** `[batch, channels, height, width]` as `[batch, channels, windows, positions of a window]`, both row by row. */
export function cut(builder: ProgramBuilder, x: Value, { window, windows, isGrid }: Windows): Value {
  const [batch, channels] = x.shape as readonly [number, number];
  const [[tall, wide], [down, across]] = [window, windows];
  const shape = [batch, channels, down * across, tall * wide];
  if (!isGrid) {
    const strips = builder.reshape(x, [batch, channels * down, tall, across, wide]);
    return builder.reshape(builder.transpose(strips, [0, 1, 3, 2, 4]), shape);
  }
  const rows = builder.reshape(x, [batch, channels, tall, down, wide * across]);
  const columns = builder.reshape(builder.transpose(rows, [0, 1, 3, 2, 4]), [
    batch,
    channels * down,
    tall,
    wide,
    across,
  ]);
  return builder.reshape(builder.transpose(columns, [0, 1, 4, 2, 3]), shape);
}

/** The inverse of `cut`. */
export function joined(builder: ProgramBuilder, x: Value, { window, windows, isGrid }: Windows): Value {
  const [batch, channels] = x.shape as readonly [number, number];
  const [[tall, wide], [down, across]] = [window, windows];
  const shape = [batch, channels, down * tall, across * wide];
  const strips = builder.reshape(x, [batch, channels * down, across, tall, wide]);
  if (!isGrid) return builder.reshape(builder.transpose(strips, [0, 1, 3, 2, 4]), shape);
  const columns = builder.reshape(builder.transpose(strips, [0, 1, 3, 4, 2]), [
    batch,
    channels,
    down,
    tall,
    wide * across,
  ]);
  return builder.reshape(builder.transpose(columns, [0, 1, 3, 2, 4]), shape);
}

/** Rows and columns moved up and to the left, those at the border to the other side; with a negative one back. */
export function rolled(builder: ProgramBuilder, x: Value, by: Pair): Value {
  return [2, 3].reduce((value, axis) => {
    const extent = value.shape[axis]!;
    const from = (i: number): number => (i + by[(axis - 2) as 0 | 1] + extent) % extent;
    return builder.gather(
      value,
      axis,
      Array.from({ length: extent }, (_, i) => from(i)),
    );
  }, x);
}

/** What a softmax makes 0 of, exactly, in float32 as well. */
const never = -1e4;

/**
 * What is added to the products of a query and a key that lie in one window only because the image was rolled: `[1, 1, windows,
 * positions · positions]`, 0 for all others. As Swin has it: what came around the border sees only what came around it too.
 */
export function maskOf(builder: ProgramBuilder, layout: Windows, shift: Pair): Value {
  const { window, windows } = layout;
  const [height, width] = [window[0] * windows[0], window[1] * windows[1]];
  const sides = Float64Array.from({ length: height * width }, (_, i) => {
    const [row, column] = [Math.floor(i / width), i % width];
    return 2 * Number(row >= height - shift[0]) + Number(column >= width - shift[1]);
  });
  const image = builder.constant(inlineSource(sides), [1, 1, height, width]);
  const [count, size] = [windows[0] * windows[1], window[0] * window[1]];
  const labels = cut(builder, image, layout);
  const same = builder.binary(
    'equal',
    builder.reshape(labels, [1, count, size, 1]),
    builder.reshape(labels, [1, count, 1, size]),
  );
  return builder.reshape(builder.affine(same, -never, never), [1, 1, count, size * size]);
}
