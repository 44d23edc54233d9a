import { elementCount, type Shape } from '../../../server/network/shape.ts';

/** Row-major float64 numbers with a shape: what the reference formulas are written in. */
export interface Tensor {
  readonly shape: Shape;
  readonly data: Float64Array;
}

export function tensor(shape: Shape, data: Float64Array): Tensor {
  return { shape, data };
}

/** Every index of a shape in row-major order. */
export function indicesOf(shape: Shape): number[][] {
  return shape.reduce<number[][]>(
    (prefixes, extent) =>
      prefixes.flatMap((prefix) => Array.from({ length: extent }, (_, i) => [...prefix, i])),
    [[]],
  );
}

/** The tensor whose element at an index is given by a function of the index. */
export function fill(shape: Shape, element: (...index: number[]) => number): Tensor {
  return tensor(
    shape,
    Float64Array.from(indicesOf(shape), (index) => element(...index)),
  );
}

export function at(x: Tensor, ...index: readonly number[]): number {
  return x.data[index.reduce((flat, i, axis) => flat * x.shape[axis]! + i, 0)]!;
}

export function map(x: Tensor, f: (value: number) => number): Tensor {
  return tensor(x.shape, x.data.map(f));
}

/** Sample n of a batch. */
export function sample(x: Tensor, n: number): Tensor {
  const shape = x.shape.slice(1);
  const size = elementCount(shape);
  return tensor(shape, x.data.slice(n * size, (n + 1) * size));
}
