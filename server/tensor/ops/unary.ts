/** Ops of one operand, element by element: `unary`, `affine`, `clip`. */

import type { OpOf, UnaryFn } from '../ir.ts';
import { diagonalMap, elementwiseMap, scaleMap, type LinearMap } from '../linear-map.ts';
import type { ProgramBuilder, Value } from '../program-builder.ts';
import { requireThat } from '../shapes.ts';
import { unscaled, type Rewriter, type Scaled } from './parts/rewriting.ts';
import type { Linearity, NonNegativeLinearity, OpRule } from './rule.ts';

interface UnaryRule {
  readonly value: (x: number) => number;
  /** Of operand x and result y. */
  readonly derivative: ((b: ProgramBuilder, x: Value, y: Value) => LinearMap) | 'zero almost everywhere';
  /** Whether the derivative at 0 is 0. */
  readonly isFlatAtZero?: true;
  /** Default `none`. */
  readonly linearity?: Linearity;
  readonly onNonNegative?: NonNegativeLinearity;
  readonly rewrite?: (r: Rewriter, op: OpOf<'unary'>, x: Scaled) => Scaled;
}

const functions: Readonly<Record<UnaryFn, UnaryRule>> = {
  neg: {
    value: (x) => -x,
    derivative: (b) => elementwiseMap((value) => b.unary('neg', value)),
    linearity: 'linear',
    onNonNegative: 'none',
    rewrite: (_r, _op, x) => ({ value: x.value, scale: -x.scale }),
  },
  exp: { value: Math.exp, derivative: (b, _x, y) => diagonalMap(b, y) },
  log: { value: Math.log, derivative: (b, x) => diagonalMap(b, b.unary('reciprocal', x)) },
  sqrt: {
    value: Math.sqrt,
    derivative: (b, _x, y) => diagonalMap(b, b.affine(b.unary('reciprocal', y), 0.5)),
  },
  reciprocal: {
    value: (x) => 1 / x,
    derivative: (b, _x, y) => diagonalMap(b, b.unary('neg', b.unary('square', y))),
  },
  erf: {
    value: erf,
    derivative: (b, x) =>
      diagonalMap(b, b.affine(b.unary('exp', b.unary('neg', b.unary('square', x))), 2 / Math.sqrt(Math.PI))),
  },
  tanh: {
    value: Math.tanh,
    derivative: (b, _x, y) => diagonalMap(b, b.affine(b.unary('square', y), -1, 1)),
  },
  sigmoid: {
    value: (x) => 1 / (1 + Math.exp(-x)),
    derivative: (b, _x, y) => diagonalMap(b, b.mul(y, b.affine(y, -1, 1))),
  },
  relu: {
    value: (x) => (x > 0 ? x : 0),
    // By the result, so that engines may fuse the relu into what computes x.
    derivative: (b, _x, y) => diagonalMap(b, b.unary('step', y)),
    isFlatAtZero: true,
    linearity: 'positive',
    onNonNegative: 'same',
    rewrite: rewriteRelu,
  },
  step: {
    value: (x) => (x > 0 ? 1 : 0),
    derivative: 'zero almost everywhere',
    linearity: 'invariant',
  },
  abs: {
    value: Math.abs,
    derivative: (b, x) => diagonalMap(b, b.sub(b.unary('step', x), b.unary('step', b.unary('neg', x)))),
    isFlatAtZero: true,
    linearity: 'positive',
    onNonNegative: 'same',
    rewrite: (r, op, x) => ({ value: r.apply(op, [x.value]), scale: Math.abs(x.scale) }),
  },
  square: { value: (x) => x * x, derivative: (b, x) => diagonalMap(b, b.affine(x, 2)), isFlatAtZero: true },
};

/** A positive factor passes, and a relu of what is ≥ 0 is that. */
function rewriteRelu(r: Rewriter, op: OpOf<'unary'>, x: Scaled): Scaled {
  if (!(x.scale > 0)) return unscaled(r.apply(op, [r.product(x)]));
  const made = r.madeOf(x.value).op;
  const isNonNegative = made.op === 'unary' && (made.fn === 'relu' || made.fn === 'step');
  return { value: isNonNegative ? x.value : r.apply(op, [x.value]), scale: x.scale };
}

export const unary: OpRule<OpOf<'unary'>> = {
  arity: 1,
  shape({ op }, [x]) {
    requireThat(x!.length > 0, op, 'rank ≥ 1');
    return x!;
  },
  key: ({ fn }) => fn,
  kernel({ fn }, [x], _shape, out) {
    const { value } = functions[fn];
    const { data } = x!;
    for (let i = 0; i < out.length; i += 1) out[i] = value(data[i]!);
  },
  macs: () => 0,
  uniform: ({ fn }, [x]) => (x === undefined ? undefined : functions[fn].value(x)),
  linearity: ({ fn }) => functions[fn].linearity ?? 'none',
  onNonNegative: ({ fn }) => functions[fn].onNonNegative ?? 'none',
  derivative(b, { op: { fn }, operands, result }) {
    const { derivative } = functions[fn];
    if (typeof derivative === 'string') throw new TypeError(`${fn} has no derivative`);
    return derivative(b, operands[0]!, result);
  },
  isSensitive: ({ fn }) => typeof functions[fn].derivative === 'function',
  isFlat: ({ fn }, _operand, [isZero]) => isZero! && functions[fn].isFlatAtZero === true,
  keepsSamples: () => true,
  rewrite: (r, op, [x]) => functions[op.fn].rewrite?.(r, op, x!),
};

export const affine: OpRule<OpOf<'affine'>> = {
  arity: 1,
  shape({ op, scale, shift }, [x]) {
    requireThat(Number.isFinite(scale) && Number.isFinite(shift), op, 'finite scale and shift');
    return x!;
  },
  key: ({ scale, shift }) => `${scale} ${shift}`,
  changesNothing: ({ scale, shift }) => scale === 1 && shift === 0,
  kernel({ scale, shift }, [x], _shape, out) {
    const { data } = x!;
    for (let i = 0; i < out.length; i += 1) out[i] = scale * data[i]! + shift;
  },
  macs: () => 0,
  uniform({ scale, shift }, [x]) {
    if (scale === 0) return shift;
    return x === undefined ? undefined : scale * x + shift;
  },
  linearity: ({ shift }) => (shift === 0 ? 'linear' : 'none'),
  onNonNegative: ({ scale, shift }) => (shift === 0 && scale > 0 ? 'linear' : 'none'),
  derivative: (b, { op }) => scaleMap(b, op.scale),
  isSensitive: ({ scale }) => scale !== 0,
  keepsSamples: () => true,
  rewrite(r, op, [x]) {
    const scale = x!.scale * op.scale;
    if (op.shift !== 0) return unscaled(r.apply({ ...op, scale }, [x!.value]));
    return r.intoLayer({ value: x!.value, scale });
  },
  contracted: (op, inner) => ({
    op: 'affine',
    scale: op.scale * inner.scale,
    shift: op.scale * inner.shift + op.shift,
  }),
};

export const clip: OpRule<OpOf<'clip'>> = {
  arity: 1,
  shape({ op, low, high }, [x]) {
    requireThat(Number.isFinite(low) && Number.isFinite(high) && low <= high, op, 'finite low ≤ high');
    return x!;
  },
  key: ({ low, high }) => `${low} ${high}`,
  kernel({ low, high }, [x], _shape, out) {
    const { data } = x!;
    for (let i = 0; i < out.length; i += 1) out[i] = Math.min(Math.max(data[i]!, low), high);
  },
  macs: () => 0,
  uniform: ({ low, high }, [x]) => (x === undefined ? undefined : Math.min(Math.max(x, low), high)),
  linearity: () => 'none',
  derivative(b, { op, result }) {
    // Positive strictly between the bounds, zero on them.
    const inside = b.unary('step', b.mul(b.affine(result, 1, -op.low), b.affine(result, -1, op.high)));
    return diagonalMap(b, inside);
  },
  isFlat: ({ low, high }, _operand, [isZero]) => isZero! && (low >= 0 || high <= 0),
  keepsSamples: () => true,
};

/** The error function, to the last digits of float64. */
function erf(x: number): number {
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
