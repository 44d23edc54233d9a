import type { Value } from './builder.ts';
import type { OpName } from './ir.ts';
import type { Rewriter } from './rewriter.ts';
import { count, type AppliedOp } from './shapes.ts';

/**
 * A value times a number that has not been multiplied yet: `scale · value`. Linear ops hand the number on, until a
 * constant weight takes it for free or an op needs the product.
 */
export interface Scaled {
  readonly value: Value;
  readonly scale: number;
}

export const unscaled = (value: Value): Scaled => ({ value, scale: 1 });

/** The product itself. */
export function product(r: Rewriter, { value, scale }: Scaled): Value {
  if (scale === 1) return value;
  return r.isConstant(value)
    ? scaledConstant(r, value, scale)
    : r.apply({ op: 'affine', scale, shift: 0 }, [value]);
}

/** scale · constant, multiplied where the constant is smallest: before it is moved and repeated. */
export function scaledConstant(r: Rewriter, value: Value, scale: number): Value {
  if (scale === 1) return value;
  const uniform = r.uniform(value);
  if (uniform !== undefined) return r.fill(uniform * scale, value.shape);
  const { op, operands } = r.madeOf(value);
  if (movedWhole.has(op.op) && op.op !== 'constant' && op.op !== 'input') {
    return r.apply(
      op,
      operands.map((operand) => scaledConstant(r, operand, scale)),
    );
  }
  return r.apply({ op: 'affine', scale, shift: 0 }, [value]);
}

/** Ops whose result is no smaller than their operands together: scaling the operands is no more work. */
const movedWhole: ReadonlySet<OpName> = new Set(['reshape', 'transpose', 'gather', 'broadcast', 'concat']);

export function scaledMatmul(r: Rewriter, op: MatmulOp, left: Scaled, right: Scaled): Scaled {
  const scale = left.scale * right.scale;
  const apply = (a: Value, b: Value): Value => r.apply(op, [a, b]);
  if (r.isConstant(right.value)) {
    return unscaled(apply(left.value, scaledConstant(r, right.value, scale)));
  }
  const result = apply(left.value, right.value);
  const sizes = [left, right].map(({ value }) => count(value.shape));
  if (scale === 1 || Math.min(...sizes) >= count(result.shape)) return { value: result, scale };
  // Multiplying the smaller operand is cheaper than multiplying the result later.
  return sizes[0]! <= sizes[1]!
    ? unscaled(apply(product(r, { value: left.value, scale }), right.value))
    : unscaled(apply(left.value, product(r, { value: right.value, scale })));
}

type MatmulOp = Extract<AppliedOp, { readonly op: 'matmul' }>;

/** Parts with scales of their own: many are multiplied at once by a vector along the axis, few one by one. */
export function scaledConcat(r: Rewriter, axis: number, parts: readonly Scaled[]): Scaled {
  const op = { op: 'concat', axis } as const;
  // Zeros have any scale.
  const scales = new Set(parts.filter(({ value }) => r.uniform(value) !== 0).map(({ scale }) => scale));
  if (scales.size <= 1) {
    return {
      value: r.apply(
        op,
        parts.map(({ value }) => value),
      ),
      scale: [...scales][0] ?? 1,
    };
  }
  if (parts.filter(({ scale }) => scale !== 1).length <= 2) {
    return unscaled(
      r.apply(
        op,
        parts.map((part) => product(r, part)),
      ),
    );
  }
  const joined = r.apply(
    op,
    parts.map(({ value }) => value),
  );
  const factors = r.apply(
    op,
    parts.map(({ value, scale }) =>
      r.fill(
        scale,
        joined.shape.map((_, i) => (i === axis ? value.shape[axis]! : 1)),
      ),
    ),
  );
  return unscaled(r.apply({ op: 'binary', fn: 'mul' }, [joined, factors]));
}
