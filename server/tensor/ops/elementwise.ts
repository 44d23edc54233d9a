import type { BinaryFn, UnaryFn } from '../ir.ts';
import { sameExtents } from '../shapes.ts';
import { broadcastStrides } from './layout.ts';
import type { Numbers, Tensor } from '../array.ts';

export function unary(fn: UnaryFn, x: Numbers, out: Numbers): void {
  const f = unaryFunctions[fn];
  for (let i = 0; i < out.length; i += 1) out[i] = f(x[i]!);
}

export function affine(scale: number, shift: number, x: Numbers, out: Numbers): void {
  for (let i = 0; i < out.length; i += 1) out[i] = scale * x[i]! + shift;
}

export function clip(low: number, high: number, x: Numbers, out: Numbers): void {
  for (let i = 0; i < out.length; i += 1) out[i] = Math.min(Math.max(x[i]!, low), high);
}

export function binary(fn: BinaryFn, a: Tensor, b: Tensor, shape: readonly number[], out: Numbers): void {
  const f = binaryFunctions[fn];
  const rank = shape.length;
  if (rank === 0 || (sameExtents(a.shape, shape) && sameExtents(b.shape, shape))) {
    for (let i = 0; i < out.length; i += 1) out[i] = f(a.data[i]!, b.data[i]!);
    return;
  }
  const stridesA = broadcastStrides(a.shape, shape);
  const stridesB = broadcastStrides(b.shape, shape);
  const extent = shape[rank - 1]!;
  const stepA = stridesA[rank - 1]!;
  const stepB = stridesB[rank - 1]!;
  const rows = out.length / extent;
  for (let row = 0; row < rows; row += 1) {
    let rest = row;
    let p = 0;
    let q = 0;
    for (let axis = rank - 2; axis >= 0; axis -= 1) {
      const index = rest % shape[axis]!;
      rest = (rest - index) / shape[axis]!;
      p += index * stridesA[axis]!;
      q += index * stridesB[axis]!;
    }
    for (let i = row * extent, end = i + extent; i < end; i += 1, p += stepA, q += stepB) {
      out[i] = f(a.data[p]!, b.data[q]!);
    }
  }
}

/** The error function, to the last digits of float64. */
export function erf(x: number): number {
  const magnitude = Math.abs(x);
  if (magnitude < 2.5) {
    // 2/√π · exp(−x²) · Σ 2ⁿ x²ⁿ⁺¹ / (1·3·…·(2n + 1)): all terms of one sign (Abramowitz & Stegun 7.1.6).
    let term = x;
    let sum = x;
    for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n += 1) {
      term *= (2 * x * x) / (2 * n + 1);
      sum += term;
    }
    return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
  }
  // √π · exp(x²) · erfc(x) = 1 / (x + (1/2) / (x + 1 / (x + (3/2) / …))) (Abramowitz & Stegun 7.1.14), from its end.
  let fraction = magnitude;
  for (let n = 80; n > 0; n -= 1) fraction = magnitude + n / 2 / fraction;
  const complement = Math.exp(-x * x) / (Math.sqrt(Math.PI) * fraction);
  return Math.sign(x) * (1 - complement);
}

export const unaryFunctions: Readonly<Record<UnaryFn, (x: number) => number>> = {
  neg: (x) => -x,
  exp: Math.exp,
  log: Math.log,
  sqrt: Math.sqrt,
  reciprocal: (x) => 1 / x,
  erf,
  tanh: Math.tanh,
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  relu: (x) => (x > 0 ? x : 0),
  step: (x) => (x > 0 ? 1 : 0),
  abs: Math.abs,
  square: (x) => x * x,
};

export const binaryFunctions: Readonly<Record<BinaryFn, (a: number, b: number) => number>> = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
  max: Math.max,
  min: Math.min,
  equal: (a, b) => (a === b ? 1 : 0),
};
