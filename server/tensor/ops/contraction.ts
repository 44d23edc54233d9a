import type { Op, ReduceFn } from '../ir.ts';
import { count } from '../shapes.ts';
import { broadcastStrides } from './layout.ts';
import type { Numbers, Tensor } from '../array.ts';

export function matmul(
  op: Extract<Op, { readonly op: 'matmul' }>,
  a: Tensor,
  b: Tensor,
  shape: readonly number[],
  out: Numbers,
): void {
  const rows = shape.at(-2)!;
  const columns = shape.at(-1)!;
  const inner = op.transposeA ? a.shape.at(-2)! : a.shape.at(-1)!;
  const [rowA, stepA] = op.transposeA ? [1, rows] : [inner, 1];
  const [stepB, columnB] = op.transposeB ? [1, inner] : [columns, 1];
  const matrices = out.length / (rows * columns);
  const shared = b.shape.length === 2;
  const sums = new Float64Array(columns);
  for (let m = 0; m < matrices; m += 1) {
    const baseA = m * rows * inner;
    const baseB = shared ? 0 : m * inner * columns;
    for (let i = 0; i < rows; i += 1) {
      sums.fill(0);
      for (let k = 0; k < inner; k += 1) {
        const factor = a.data[baseA + i * rowA + k * stepA]!;
        if (factor === 0) continue;
        for (let j = 0, q = baseB + k * stepB; j < columns; j += 1, q += columnB) {
          sums[j]! += factor * b.data[q]!;
        }
      }
      out.set(sums, (m * rows + i) * columns);
    }
  }
}

export function reduce(
  fn: ReduceFn,
  axes: readonly number[],
  x: Tensor,
  shape: readonly number[],
  out: Numbers,
): void {
  const results = new Float64Array(out.length).fill(fn === 'max' ? -Infinity : 0);
  const rank = shape.length;
  // The result walked along the operand's indices: reduced axes stand still.
  const strides = broadcastStrides(shape, x.shape);
  const index = new Array<number>(rank).fill(0);
  let to = 0;
  for (const value of x.data) {
    results[to] = fn === 'max' ? Math.max(results[to]!, value) : results[to]! + value;
    for (let axis = rank - 1; axis >= 0; axis -= 1) {
      to += strides[axis]!;
      index[axis]! += 1;
      if (index[axis]! < x.shape[axis]!) break;
      to -= strides[axis]! * x.shape[axis]!;
      index[axis] = 0;
    }
  }
  if (fn === 'mean') {
    const terms = count(axes.map((axis) => x.shape[axis]!));
    for (let i = 0; i < results.length; i += 1) results[i]! /= terms;
  }
  out.set(results);
}

export function softmax(x: Tensor, out: Numbers): void {
  const width = x.shape.at(-1)!;
  const exponentials = new Float64Array(width);
  for (let start = 0; start < out.length; start += width) {
    let largest = -Infinity;
    for (let i = 0; i < width; i += 1) largest = Math.max(largest, x.data[start + i]!);
    let sum = 0;
    for (let i = 0; i < width; i += 1) sum += exponentials[i] = Math.exp(x.data[start + i]! - largest);
    for (let i = 0; i < width; i += 1) out[start + i] = exponentials[i]! / sum;
  }
}

export function argmaxOneHot(x: Tensor, out: Numbers): void {
  const width = x.shape.at(-1)!;
  for (let start = 0; start < out.length; start += width) {
    let best = 0;
    for (let i = 1; i < width; i += 1) if (x.data[start + i]! > x.data[start + best]!) best = i;
    out[start + best] = 1;
  }
}
