import type { AppliedOp, Op } from '../../ir.ts';
import type { Value } from '../../program-builder.ts';
import type { Shape } from '../../shapes.ts';

/**
 * A value times a number that has not been multiplied yet: `scale · value`. Linear ops hand the number on, until a
 * constant weight takes it for free or an op needs the product.
 */
export interface Scaled {
  readonly value: Value;
  readonly scale: number;
}

export const unscaled = (value: Value): Scaled => ({ value, scale: 1 });

/** What made a value. */
export interface Made {
  readonly op: Op;
  readonly operands: readonly Value[];
}

/** What a rule sees of the program that `simplify` writes. */
export interface Rewriter {
  /** The op on these operands, or what gives the same by less. */
  apply(op: AppliedOp, operands: readonly Value[]): Value;
  fill(value: number, shape: Shape): Value;
  madeOf(value: Value): Made;
  /** Whether the value is known before the run. */
  isConstant(value: Value): boolean;
  /** The number that all elements are, where that is known. */
  uniform(value: Value): number | undefined;
  /** The product itself; what makes the value takes the factor, where that is cheaper than another pass. */
  product(term: Scaled): Value;
  /** scale · constant, multiplied where the constant is smallest: before it is moved and repeated. */
  scaledConstant(value: Value, scale: number): Value;
  /** Lets the constant weight of the layer before take the factor, when nothing else reads its result. */
  intoLayer(term: Scaled): Scaled;
}

/** The number that all elements of the product are, where that is known. */
export function uniformOf(r: Rewriter, { value, scale }: Scaled): number | undefined {
  const uniform = r.uniform(value);
  return uniform === undefined ? undefined : uniform * scale;
}
