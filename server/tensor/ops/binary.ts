/** Ops of two operands that broadcast to each other, element by element: `binary`. */

import { broadcastStrides } from '../array.ts';
import type { BinaryFn, OpOf } from '../ir.ts';
import { composed, diagonalMap, elementwiseMap, identityMap, type LinearMap } from '../linear-map.ts';
import type { ProgramBuilder, Value } from '../program-builder.ts';
import { count, requireThat, sameExtents, show, type Shape } from '../shapes.ts';
import { elementwiseWeights } from './parts/elementwise-weights.ts';
import { broadcastMap } from './layout.ts';
import { uniformOf, unscaled, type Rewriter, type Scaled } from './parts/rewriting.ts';
import { otherIsZero, type Linearity, type NonNegativeLinearity, type OpRule } from './rule.ts';
import { joinedPads } from './slicing.ts';

interface BinaryRule {
  readonly value: (a: number, b: number) => number;
  /** By the first or second operand (0, 1), both broadcast to the shape of the result y. */
  readonly derivative:
    | ((b: ProgramBuilder, left: Value, right: Value, y: Value, operand: number) => LinearMap)
    | 'zero almost everywhere';
  readonly linearity: Linearity;
  readonly onNonNegative?: NonNegativeLinearity;
}

const functions: Readonly<Record<BinaryFn, BinaryRule>> = {
  add: {
    value: (a, b) => a + b,
    derivative: () => identityMap,
    linearity: 'linear',
    onNonNegative: 'sum',
  },
  sub: {
    value: (a, b) => a - b,
    derivative: (b, _left, _right, _y, operand) =>
      operand === 0 ? identityMap : elementwiseMap((value) => b.unary('neg', value)),
    linearity: 'linear',
    onNonNegative: 'none',
  },
  mul: {
    value: (a, b) => a * b,
    derivative: (b, left, right, _y, operand) => diagonalMap(b, operand === 0 ? right : left),
    linearity: 'product',
  },
  div: {
    value: (a, b) => a / b,
    derivative: (b, _left, right, y, operand) =>
      diagonalMap(
        b,
        operand === 0 ? b.unary('reciprocal', right) : b.unary('neg', b.binary('div', y, right)),
      ),
    linearity: 'none',
  },
  max: {
    value: Math.max,
    derivative: (b, left, right, _y, operand) => winner(b, b.sub(right, left), operand),
    linearity: 'positive',
  },
  min: {
    value: Math.min,
    derivative: (b, left, right, _y, operand) => winner(b, b.sub(left, right), operand),
    linearity: 'positive',
  },
  equal: {
    value: (a, b) => (a === b ? 1 : 0),
    derivative: 'zero almost everywhere',
    linearity: 'invariant',
  },
};

/** Passes what the operand that wins gets: the second one where `lead` is positive. A tie goes to the first. */
function winner(b: ProgramBuilder, lead: Value, operand: number): LinearMap {
  const second = b.unary('step', lead);
  return diagonalMap(b, operand === 1 ? second : b.affine(second, -1, 1));
}

export const binary: OpRule<OpOf<'binary'>> = {
  arity: 2,
  shape({ op }, operands) {
    const [a, b] = operands as readonly [Shape, Shape];
    const fits = a.length === b.length && a.every((e, axis) => e === b[axis] || e === 1 || b[axis] === 1);
    requireThat(fits, op, () => `${show(a)} and ${show(b)} broadcast`);
    return a.map((extent, axis) => (extent === 1 ? b[axis]! : extent));
  },
  key: ({ fn }) => fn,
  kernel(op, [a, b], shape, out) {
    const f = functions[op.fn].value;
    const rank = shape.length;
    const [left, right] = [a!.data, b!.data];
    if (rank === 0 || (sameExtents(a!.shape, shape) && sameExtents(b!.shape, shape))) {
      for (let i = 0; i < out.length; i += 1) out[i] = f(left[i]!, right[i]!);
      return;
    }
    const stridesA = broadcastStrides(a!.shape, shape);
    const stridesB = broadcastStrides(b!.shape, shape);
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
        out[i] = f(left[p]!, right[q]!);
      }
    }
  },
  macs: () => 0,
  uniform({ fn }, [x, y]) {
    if (fn === 'mul' && (x === 0 || y === 0)) return 0;
    if (fn === 'div' && x === 0) return 0;
    return x === undefined || y === undefined ? undefined : functions[fn].value(x, y);
  },
  linearity: ({ fn }) => functions[fn].linearity,
  onNonNegative: ({ fn }) => functions[fn].onNonNegative ?? functions[fn].linearity,
  derivative(b, { op: { fn }, operands, result }, operand) {
    const { derivative } = functions[fn];
    if (typeof derivative === 'string') throw new TypeError(`${fn} has no derivative`);
    return composed(
      broadcastMap(b, operands[operand]!.shape, result.shape),
      derivative(b, operands[0]!, operands[1]!, result, operand),
    );
  },
  isSensitive: ({ fn }) => typeof functions[fn].derivative === 'function',
  isFlat(op, operand, zero) {
    if (op.fn === 'mul') return otherIsZero(op, operand, zero);
    // x / y does not change with y where x is 0.
    return op.fn === 'div' && operand === 1 && otherIsZero(op, operand, zero);
  },
  weights: elementwiseWeights(
    ({ fn }) => fn === 'add' || fn === 'mul',
    ({ op, operands }, operand) => (op.fn === 'mul' ? operands[1 - operand]! : undefined),
  ),
  keepsSamples: () => true,
  mayMix: (operand) => operand[0] === 1,
  rewrite: (r, op, [x, y], shape) => rewrite(r, op.fn, x!, y!, shape),
  withFactor(r, op, operands, scale, shape) {
    if (op.fn !== 'mul') return undefined;
    const [first, second] = operands as readonly [Value, Value];
    const smaller = Number(count(second.shape) < count(first.shape));
    if (count(operands[smaller]!.shape) === count(shape)) return undefined;
    return operands.with(smaller, r.product({ value: operands[smaller]!, scale }));
  },
  bare(r, operands) {
    const own = [...operands];
    for (const [i, value] of own.entries()) {
      const { op, operands: inner } = r.madeOf(value);
      const other = own[1 - i]!;
      if (
        op.op === 'broadcast' &&
        value.shape.every((e, axis) => e === inner[0]!.shape[axis] || e === other.shape[axis])
      ) {
        own[i] = inner[0]!;
      }
    }
    return own;
  },
};

function rewrite(r: Rewriter, fn: BinaryFn, x: Scaled, y: Scaled, shape: Shape): Scaled {
  const applied = (as: BinaryFn): Value => r.apply({ op: 'binary', fn: as }, [x.value, y.value]);
  const exact = (): Scaled => unscaled(r.apply({ op: 'binary', fn }, [r.product(x), r.product(y)]));
  const [c, d] = [uniformOf(r, x), uniformOf(r, y)];
  const whole = (term: Scaled): Value =>
    sameExtents(term.value.shape, shape) ? term.value : r.apply({ op: 'broadcast', shape }, [term.value]);
  const plus = (term: Scaled, scale: number, shift: number): Scaled =>
    shift === 0
      ? { value: whole(term), scale }
      : unscaled(r.apply({ op: 'affine', scale, shift }, [whole(term)]));
  switch (fn) {
    case 'add':
      if (d !== undefined) return plus(x, x.scale, d);
      if (c !== undefined) return plus(y, y.scale, c);
      return sum(r, x, y);
    case 'sub':
      if (d !== undefined) return plus(x, x.scale, -d);
      if (c !== undefined) return plus(y, -y.scale, c);
      return sum(r, x, { value: y.value, scale: -y.scale });
    case 'mul':
      if (d !== undefined) return { value: whole(x), scale: x.scale * d };
      if (c !== undefined) return { value: whole(y), scale: y.scale * c };
      return { value: applied('mul'), scale: x.scale * y.scale };
    case 'div':
      if (d !== undefined && d !== 0) return { value: whole(x), scale: x.scale / d };
      return { value: applied('div'), scale: x.scale / y.scale };
    case 'max':
    case 'min':
      return x.scale === y.scale && x.scale > 0 ? { value: applied(fn), scale: x.scale } : exact();
    case 'equal':
      return x.scale === y.scale ? unscaled(applied('equal')) : exact();
  }
}

function sum(r: Rewriter, x: Scaled, y: Scaled): Scaled {
  const joined = joinedPads(r, x, y);
  if (joined !== undefined) return joined;
  const applied = (fn: 'add' | 'sub', a: Value, c: Value): Value => r.apply({ op: 'binary', fn }, [a, c]);
  if (x.scale === y.scale) return { value: applied('add', x.value, y.value), scale: x.scale };
  if (x.scale === -y.scale) return { value: applied('sub', x.value, y.value), scale: x.scale };
  // A negative term is subtracted, which saves a product with −1.
  if (y.scale < 0) {
    const negated = r.product({ value: y.value, scale: -y.scale });
    return unscaled(applied('sub', r.product(x), negated));
  }
  if (x.scale < 0) {
    const negated = r.product({ value: x.value, scale: -x.scale });
    return unscaled(applied('sub', r.product(y), negated));
  }
  return unscaled(applied('add', r.product(x), r.product(y)));
}
