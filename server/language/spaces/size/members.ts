/**
 * A number of members that knows which shared decisions it still has to be multiplied with. Cells are decided once for
 * all their uses, so a body contributes a sum of terms: a count for every set of cells that may be used in it.
 */
export type Members = ReadonlyMap<string, bigint>;

/** Thrown when a space is too entangled to be counted exactly. */
export class Uncountable extends Error {
  /** Whether following the shapes of tensors may help. */
  readonly needsShapes: boolean;

  constructor(reason: string, needsShapes = false) {
    super(reason);
    this.name = 'Uncountable';
    this.needsShapes = needsShapes;
  }
}

/** Sets of cells that may differ between members; beyond this counting would be enumeration. */
const maxTerms = 256;

/** One member, without cells. */
export const one: Members = new Map([['', 1n]]);

/** One member that uses a cell. */
export function using(cell: number): Members {
  return new Map([[String(cell), 1n]]);
}

/** Members of one sort or of another. */
export function sum(a: Members, b: Members): Members {
  if (a.size === 0) return b;
  const result = new Map(a);
  for (const [cells, count] of b) result.set(cells, (result.get(cells) ?? 0n) + count);
  return bounded(result);
}

/** Members made of a part of one sort and a part of another. */
export function product(a: Members, b: Members): Members {
  if (a === one) return b;
  if (b === one) return a;
  const result = new Map<string, bigint>();
  for (const [cellsA, countA] of a) {
    for (const [cellsB, countB] of b) {
      const cells = union(cellsA, cellsB);
      result.set(cells, (result.get(cells) ?? 0n) + countA * countB);
    }
  }
  return bounded(result);
}

export function times(count: number, members: Members): Members {
  if (count === 1) return members;
  return new Map([...members].map(([cells, n]) => [cells, n * BigInt(count)]));
}

export function cellsOf(key: string): readonly number[] {
  return key === '' ? [] : key.split(' ').map(Number);
}

function union(a: string, b: string): string {
  if (a === '' || a === b) return b;
  if (b === '') return a;
  return [...new Set([...cellsOf(a), ...cellsOf(b)])].sort((x, y) => x - y).join(' ');
}

function bounded(members: Members): Members {
  if (members.size <= maxTerms) return members;
  throw new Uncountable('too many different sets of cells may be used');
}
