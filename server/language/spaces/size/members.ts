import { both, either, oneWay, type Ways } from './ways.ts';

/**
 * Members that know with which shared decisions they still have to be multiplied. Cells are decided once for
 * all their uses, so a body contributes a sum of terms: the ways for every set of cells that may be used in it. Where constraints are
 * about totals of networks, the terms are told apart by these instead (`withTotals`).
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

/** The same of totals, and how many pairs of terms are multiplied at most. */
const maxTotals = 2000;
const maxPairs = 50_000;

/** One member, without cells. */
export const one: Members = new Map([['', oneWay]]);

/** One member that uses a cell. */
export function using(cell: number): Members {
  return new Map([[String(cell), oneWay]]);
}

/** One member whose networks have so much in all. */
export function withTotals(totals: readonly number[]): Members {
  return new Map([[`=${totals.join()}`, oneWay]]);
}

/** What the networks of a term have in all; undefined where nothing was counted for it. */
export function totalsOf(key: string): readonly number[] | undefined {
  return key.startsWith('=') ? key.slice(1).split(',').map(Number) : undefined;
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
  if (a.size * b.size > maxPairs) throw new Uncountable('networks differ too much in their totals');
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
  if (a === '') return b;
  if (b === '') return a;
  const [totals, others] = [totalsOf(a), totalsOf(b)];
  if (totals !== undefined && others !== undefined)
    return `=${totals.map((total, index) => total + others[index]!).join()}`;
  if (totals !== undefined || others !== undefined)
    throw new Uncountable('totals depend on what is decided in cells');
  return [...new Set([...cellsOf(a), ...cellsOf(b)])].sort((x, y) => x - y).join(' ');
}

function bounded(members: Members): Members {
  if (members.size <= maxTerms) return members;
  const [key] = members.keys();
  if (totalsOf(key!) === undefined) throw new Uncountable('too many different sets of cells may be used');
  if (members.size <= maxTotals) return members;
  throw new Uncountable('networks differ too much in their totals');
}
