import { aggregateScores, mean, scoresOf, tauStatistic } from './space-statistics.ts';
import type { SpaceColumn } from './space-columns.ts';

/** What nobody needs a score for. */
export const trivialRivals = ['params', 'macs', 'layers'] as const;

/**
 * What parts are chosen from: what has a value also without ReLUs (which NASWOT has not) and where blocks are identities (which
 * trainability has not).
 */
const candidates = [
  'params',
  'macs',
  'layers',
  'l2_norm',
  'synflow',
  'expressivity',
  'progressivity',
  'jacov',
] as const;

const mostParts = 5;

/** How far below the best trivial rival of a column a choice may lie. */
const tolerance = 0.08;

/** A sum of the logarithms of ranks, and what it is worth on the columns that it was judged on. */
export interface JudgedAggregate {
  readonly parts: readonly string[];
  /** By column. */
  readonly taus: readonly number[];
  readonly mean: number;
  /** Least of the differences to the best trivial rival of a column. */
  readonly margin: number;
}

/** All aggregates of up to five of the parts, each of which orders every column the right way by itself; the best first: by their mean, those first that no column speaks against. */
export function judgedAggregates(columns: readonly SpaceColumn[]): readonly JudgedAggregate[] {
  const rivals = columns.map((column) => bestRival(column).tau);
  return subsets(orderingParts(columns), mostParts)
    .filter((parts) => parts.length > 1)
    .map((parts) => {
      const taus = columns.map(({ members }) =>
        tauStatistic(aggregateScores(members, { parts, rule: 'ln rank' }), members)(),
      );
      return { parts, taus, mean: mean(taus), margin: Math.min(...taus.map((tau, at) => tau - rivals[at]!)) };
    })
    .toSorted((a, b) => Number(isRobust(b)) - Number(isRobust(a)) || b.mean - a.mean);
}

/** The candidates that order every column the right way by themselves. */
export function orderingParts(columns: readonly SpaceColumn[]): readonly string[] {
  return candidates.filter((part) =>
    columns.every(({ members }) => tauStatistic(scoresOf(members, part), members)() > 0),
  );
}

export function isRobust({ margin }: JudgedAggregate): boolean {
  return margin >= -tolerance;
}

/** The trivial rival with the highest tau of a column. */
export function bestRival({ members }: SpaceColumn): { readonly name: string; readonly tau: number } {
  return trivialRivals
    .map((name) => ({ name, tau: tauStatistic(scoresOf(members, name), members)() }))
    .toSorted((a, b) => b.tau - a.tau)[0]!;
}

function subsets(from: readonly string[], most: number): readonly (readonly string[])[] {
  return from.reduce<readonly (readonly string[])[]>(
    (all, part) => [...all, ...all.filter(({ length }) => length < most).map((parts) => [...parts, part])],
    [[]],
  );
}
