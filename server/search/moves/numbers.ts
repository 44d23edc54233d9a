import type { Expr } from '../../../grammar/syntax.ts';

/** Side lengths of kernels that are tried. */
const kernelSides = [1, 3, 5, 7];

/** Widths a quarter smaller and larger: multiples of `divisor`, and of 8 where the width itself is a large one. */
export function neighbouringWidths(width: number, divisor = 1): readonly number[] {
  const step = leastCommonMultiple(width >= 32 && width % 8 === 0 ? 8 : 1, divisor);
  const fitting = (target: number): number => step * Math.max(1, Math.round(target / step));
  const less = Math.min(fitting(0.75 * width), step * (Math.ceil(width / step) - 1));
  const more = Math.max(fitting(1.25 * width), step * (Math.floor(width / step) + 1));
  return [less, more].filter((candidate) => candidate > 0);
}

/** One less and one more. */
export function neighbouringCounts(count: number): readonly number[] {
  return [count - 1, count + 1].filter((candidate) => candidate > 0);
}

/** Other kernels, written as this one is: `3x3` or `3`. Undefined for one that is not square. */
export function neighbouringKernels(expr: Expr): readonly string[] | undefined {
  const side = sideOf(expr);
  if (side === undefined) return undefined;
  const sides = side % 2 === 0 ? [side - 1, side + 1] : kernelSides.filter((other) => other !== side);
  return sides.map((other) => (expr.kind === 'dims' ? `${other}x${other}` : String(other)));
}

function sideOf(expr: Expr): number | undefined {
  if (expr.kind === 'number' && Number.isInteger(expr.value) && expr.value > 0) return expr.value;
  if (expr.kind !== 'dims' || expr.values.length !== 2) return undefined;
  const [height, width] = expr.values;
  return height === width ? height : undefined;
}

/** The value of a whole number that is written out. */
export function wholeNumber(expr: Expr | undefined): number | undefined {
  return expr?.kind === 'number' && Number.isInteger(expr.value) ? expr.value : undefined;
}

function leastCommonMultiple(a: number, b: number): number {
  return (a / greatestCommonDivisor(a, b)) * b;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
