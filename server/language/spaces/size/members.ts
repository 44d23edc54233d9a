import { both, either, oneWay, type Ways } from './ways.ts';

/**
 * Members that know with which shared decisions they still have to be multiplied. Cells are decided once for
 * all their uses, so a body contributes a sum of terms: the ways for every set of cells that may be used in it.
 */
export type Members = ReadonlyMap<string, Ways>;

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
export const one: Members = new Map([['', oneWay]]);

/** One member that uses a cell. */
export function using(cell: number): Members {
  return new Map([[String(cell), oneWay]]);
}

/** Members of one sort or of another. */
export function sum(a: Members, b: Members): Members {
  if (a.size === 0) return b;
  const result = new Map(a);
  for (const [cells, ways] of b) add(result, cells, ways);
  return bounded(result);
}

/** Members made of a part of one sort and a part of another. */
export function product(a: Members, b: Members): Members {
  if (a === one) return b;
  if (b === one) return a;
  const result = new Map<string, Ways>();
  for (const [cellsA, waysA] of a) {
    for (const [cellsB, waysB] of b) {
      add(result, union(cellsA, cellsB), both(waysA, waysB));
    }
  }
  return bounded(result);
}

export function times(ways: Ways, members: Members): Members {
  if (ways === oneWay) return members;
  return new Map([...members].map(([cells, others]) => [cells, both(ways, others)]));
}

function add(members: Map<string, Ways>, cells: string, ways: Ways): void {
  const known = members.get(cells);
  members.set(cells, known === undefined ? ways : either(known, ways));
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
