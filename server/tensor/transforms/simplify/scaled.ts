import type { Value } from '../../builder.ts';
import type { OpName } from '../../ir.ts';
import type { Rewriter } from './rewriter.ts';
import { count } from '../../shapes.ts';

/**
 * A value times a number that has not been multiplied yet: `scale · value`. Linear ops hand the number on, until a
 * constant weight takes it for free or an op needs the product.
 */
export interface Scaled {
  readonly value: Value;
  readonly scale: number;
}

export const unscaled = (value: Value): Scaled => ({ value, scale: 1 });

/** The number that all elements of the product are, where that is known. */
export function uniformOf(r: Rewriter, { value, scale }: Scaled): number | undefined {
  const uniform = r.uniform(value);
  return uniform === undefined ? undefined : uniform * scale;
}

/** The product itself; what makes the value takes the factor, where that is cheaper than another pass. */
export function product(r: Rewriter, { value, scale }: Scaled): Value {
  if (scale === 1) return value;
  if (r.isConstant(value)) return scaledConstant(r, value, scale);
  const affine = { op: 'affine', scale, shift: 0 } as const;
  if (!r.isSingle(value)) return r.apply(affine, [value]);

  const { op, operands } = r.madeOf(value);
  const [first, second] = operands;
  switch (op.op) {
    case 'conv2d':
    case 'matmul':
      return r.isConstant(second!)
        ? r.apply(op, [first!, scaledConstant(r, second!, scale)])
        : r.apply(affine, [value]);
    case 'binary': {
      const smaller = Number(count(second!.shape) < count(first!.shape));
      if (op.fn !== 'mul' || count(operands[smaller]!.shape) === count(value.shape))
        return r.apply(affine, [value]);
      return r.apply(op, operands.with(smaller, product(r, { value: operands[smaller]!, scale })));
    }
    case 'reshape':
    case 'transpose':
    case 'broadcast':
    case 'upsample':
    case 'dilate':
      return r.apply(op, [product(r, { value: first!, scale })]);
    case 'constant':
    case 'input':
    case 'affine':
    case 'unary':
    case 'clip':
    case 'reduce':
    case 'softmax':
    case 'pool':
    case 'pad':
    case 'slice':
    case 'concat':
    case 'gather':
    case 'adjointKernel':
    case 'argmaxOneHot':
      return r.apply(affine, [value]);
  }
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
const movedWhole: ReadonlySet<OpName> = new Set([
  'reshape',
  'transpose',
  'gather',
  'broadcast',
  'concat',
  'adjointKernel',
]);
