import type { ProgramBuilder, Value } from '../../tensor/builder.ts';
import { inlineSource } from '../../tensor/materialise.ts';
import type { ArgSpec } from '../op.ts';

/** Weights of the elements of an axis, a row for each element of the result. */
type AxisWeights = readonly (readonly number[])[];

export const MODE_ARG: ArgSpec = {
  name: 'mode',
  type: { kind: 'enum', values: ['nearest', 'bilinear'] },
  default: 'nearest',
  doc: '`nearest` repeats elements, `bilinear` weighs the four around each position.',
};

/**
 * The image `[batch, channels, height, width]` at another size, as PyTorch has it with `align_corners = False`.
 *
 * @param mode `nearest` or `bilinear`
 */
export function lowerResized(
  builder: ProgramBuilder,
  x: Value,
  [height, width]: readonly [number, number],
  mode: string,
): Value {
  const [, , rows, columns] = x.shape as readonly [number, number, number, number];
  if (mode === 'bilinear')
    return lowerWeighted(builder, x, linearWeights(rows, height), linearWeights(columns, width));
  if (height % rows === 0 && width % columns === 0)
    return builder.upsample(x, [height / rows, width / columns]);
  const tall = rows === height ? x : builder.gather(x, 2, nearest(rows, height));
  return columns === width ? tall : builder.gather(tall, 3, nearest(columns, width));
}

/** Means over windows that cover the image evenly, of almost one size where it is not a multiple. */
export function lowerAdaptiveAverage(
  builder: ProgramBuilder,
  x: Value,
  [height, width]: readonly [number, number],
): Value {
  const [, , rows, columns] = x.shape as readonly [number, number, number, number];
  if (rows % height !== 0 || columns % width !== 0)
    return lowerWeighted(builder, x, meanWeights(rows, height), meanWeights(columns, width));
  const kernel = [rows / height, columns / width] as const;
  return builder.affine(builder.pool('sum', x, kernel, kernel, [0, 0, 0, 0]), 1 / (kernel[0] * kernel[1]));
}

/** A blur along one axis. */
interface Blur {
  readonly kernel: number;
  readonly stride: number;
  /** Elements before the first, mirrored at the border. */
  readonly padding: number;
  /** Elements of the result. */
  readonly size: number;
}

/** Binomial weights of neighbouring elements, along the rows and along the columns. */
export function lowerBlurred(
  builder: ProgramBuilder,
  x: Value,
  [rows, columns]: readonly [Blur, Blur],
): Value {
  const [, , height, width] = x.shape as readonly [number, number, number, number];
  return lowerWeighted(builder, x, blurWeights(height, rows), blurWeights(width, columns));
}

function blurWeights(from: number, { kernel, stride, padding, size }: Blur): AxisWeights {
  const binomial = Array.from({ length: kernel - 1 }).reduce<number[]>(
    (row) => [...row, 0].map((share, i) => (share + (row[i - 1] ?? 0)) / 2),
    [1],
  );
  const mirrored = (i: number): number => (i < 0 ? -i : i < from ? i : 2 * (from - 1) - i);
  return Array.from({ length: size }, (_, i) =>
    weights(from, ...binomial.map((share, n) => [mirrored(i * stride - padding + n), share] as const)),
  );
}

/** Where the elements of the result come from. */
function nearest(from: number, to: number): readonly number[] {
  return Array.from({ length: to }, (_, i) => Math.floor((i * from) / to));
}

/** Positions are those of the middles of elements; before the first and behind the last one it is that one. */
function linearWeights(from: number, to: number): AxisWeights {
  return Array.from({ length: to }, (_, i) => {
    const place = Math.max(((i + 0.5) * from) / to - 0.5, 0);
    const first = Math.min(Math.floor(place), from - 1);
    const second = Math.min(first + 1, from - 1);
    return weights(from, [first, 1 - (place - first)], [second, place - first]);
  });
}

function meanWeights(from: number, to: number): AxisWeights {
  return Array.from({ length: to }, (_, i) => {
    const [start, end] = [Math.floor((i * from) / to), Math.ceil(((i + 1) * from) / to)];
    const all = Array.from({ length: end - start }, (__, n) => [start + n, 1 / (end - start)] as const);
    return weights(from, ...all);
  });
}

function weights(length: number, ...shares: readonly (readonly [index: number, share: number])[]): number[] {
  const row = Array.from({ length }, () => 0);
  for (const [index, share] of shares) row[index]! += share;
  return row;
}

/** The rows weighted by one table, the columns by another: two products. */
function lowerWeighted(builder: ProgramBuilder, x: Value, rows: AxisWeights, columns: AxisWeights): Value {
  const turned = builder.transpose(weighted(builder, x, columns), [0, 1, 3, 2]);
  return builder.transpose(weighted(builder, turned, rows), [0, 1, 3, 2]);
}

/** The last axis, weighted. */
function weighted(builder: ProgramBuilder, x: Value, table: AxisWeights): Value {
  const shape = [table.length, table[0]!.length];
  const matrix = builder.constant(inlineSource(Float64Array.from(table.flat())), shape);
  return builder.matmul(x, matrix, { transposeB: true });
}
