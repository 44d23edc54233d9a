import type { BinaryOperator } from './syntax.ts';

/** How tightly an operator binds, from 1; all are left-associative. The conditional `? :` binds less than any of them. */
export const precedenceOf: Readonly<Record<BinaryOperator, number>> = {
  '||': 1,
  '&&': 2,
  '==': 3,
  '!=': 3,
  '<': 4,
  '<=': 4,
  '>': 4,
  '>=': 4,
  '+': 5,
  '-': 5,
  '*': 6,
  '/': 6,
  '%': 6,
};
