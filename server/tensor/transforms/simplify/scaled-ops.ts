import type { Value } from '../../builder.ts';
import type { Op } from '../../ir.ts';
import type { Rewriter } from './rewriter.ts';
import { product, scaledConstant, unscaled, type Scaled } from './scaled.ts';
import { count } from '../../shapes.ts';

type OpOf<Name extends Op['op']> = Extract<Op, { readonly op: Name }>;

export function scaledMatmul(r: Rewriter, op: OpOf<'matmul'>, left: Scaled, right: Scaled): Scaled {
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

/**
 * The sum of two tensors that lie next to each other among zeros, as the cotangents of the parts of a split do: one
 * after the other among the zeros that are left.
 */
export function joinedPads(r: Rewriter, x: Scaled, y: Scaled): Scaled | undefined {
  const [a, c] = [r.madeOf(x.value), r.madeOf(y.value)];
  if (a.op.op !== 'pad' || c.op.op !== 'pad' || a.op.value !== 0 || c.op.value !== 0) return undefined;
  const axis = onlyPaddedAxis(a.op);
  if (axis === undefined || axis !== onlyPaddedAxis(c.op)) return undefined;
  const swapped = a.op.before[axis]! > c.op.before[axis]!;
  const [first, second] = swapped ? [c, a] : [a, c];
  const [low, high] = [first.op as OpOf<'pad'>, second.op as OpOf<'pad'>];
  const [left, right] = [first.operands[0]!, second.operands[0]!];
  if (low.before[axis]! + left.shape[axis]! !== high.before[axis]!) return undefined;
  const parts = (value: Value, scale: number): Scaled[] => {
    const { op, operands } = r.madeOf(value);
    const own = op.op === 'concat' && op.axis === axis ? operands : [value];
    return own.map((part) => ({ value: part, scale }));
  };
  const [leftScale, rightScale] = swapped ? [y.scale, x.scale] : [x.scale, y.scale];
  const joined = scaledConcat(r, axis, [...parts(left, leftScale), ...parts(right, rightScale)]);
  const value = r.apply({ op: 'pad', before: low.before, after: high.after, value: 0 }, [joined.value]);
  return { value, scale: joined.scale };
}

function onlyPaddedAxis({ before, after }: OpOf<'pad'>): number | undefined {
  const axes = before.flatMap((n, axis) => (n + after[axis]! > 0 ? [axis] : []));
  return axes.length === 1 ? axes[0] : undefined;
}
