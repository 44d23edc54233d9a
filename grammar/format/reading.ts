import type { ParseResult } from '../syntax.ts';

/** Whether two texts are read in the same way: as the same tree but for places, and with the same kinds of mistakes. */
export function readAlike(a: ParseResult, b: ParseResult): boolean {
  return hasSameProblems(a, b) && isAlike(a.file, b.file);
}

/** Whether texts have the same kinds of mistakes, in this order. */
export function hasSameProblems(a: ParseResult, b: ParseResult): boolean {
  const codes = ({ problems }: ParseResult): string => problems.map(({ code }) => code).join();
  return codes(a) === codes(b);
}

/** Whether two parts of trees are the same but for places. */
export function isAlike(a: unknown, b: unknown): boolean {
  if (!isParent(a) || !isParent(b)) return a === b;
  const fields = Object.entries(a);
  const others = new Map(Object.entries(b));
  return (
    fields.length === others.size &&
    fields.every(([name, value]) => others.has(name) && (name === 'span' || isAlike(value, others.get(name))))
  );
}

function isParent(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
