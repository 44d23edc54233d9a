import type { ScoredEntry } from './entry.ts';
import { comparisonInterval, rankRanges } from './rank-range.ts';
import type { Interval } from './rank-range.ts';

/** One quantity of an aggregate; more is better. */
export interface AggregatePart {
  readonly name: string;
  /** How equal values share ranks: all the same next one, or the mean of the places they take (docs/score.md#vkdnw_agg). */
  readonly ties: 'dense' | 'average';
  readonly interval: (entry: ScoredEntry) => Interval;
}

/**
 * The parts of VKDNW_agg (Týbl and Neumann, CVPR 2025) that every scored model has. Its other three, Jacov, expressivity and
 * trainability, cost passes of their own: all five are the proxy aggregate `vkdnw_agg`.
 */
export const aggregateParts: readonly AggregatePart[] = [
  {
    name: 'VKDNW_single',
    ties: 'dense',
    interval: ({ score }) => comparisonInterval(score.single, score.vkdnwSe),
  },
  { name: 'MACs', ties: 'average', interval: ({ macs = 0 }) => ({ low: macs, high: macs }) },
];

export interface Aggregate extends Interval {
  readonly value: number;
}

/**
 * Σ ln rank over the parts, rank 1 the worst. Its interval comes from the ranks that the uncertainty of each part
 * leaves open.
 */
export function aggregate(
  entries: readonly ScoredEntry[],
  parts: readonly AggregatePart[] = aggregateParts,
): readonly Aggregate[] {
  const sums = entries.map(() => ({ value: 0, low: 0, high: 0 }));
  for (const { ties, interval } of parts) {
    const intervals = entries.map(interval);
    const ranks = ranksFromWorst(
      intervals.map(({ low, high }) => (low + high) / 2),
      ties,
    );
    const ranges = rankRanges(intervals);
    for (const [index, sum] of sums.entries()) {
      const rank = ranks[index]!;
      const { low, high } = intervals[index]!;
      sum.value += Math.log(rank);
      // An exact value leaves nothing open: ties share a rank.
      const exact = low === high;
      sum.low += Math.log(exact ? rank : entries.length + 1 - ranges[index]!.worst);
      sum.high += Math.log(exact ? rank : entries.length + 1 - ranges[index]!.best);
    }
  }
  // Dense ranks are below the places that a range counts.
  return sums.map(({ value, low, high }) => ({
    value,
    low: Math.min(low, value),
    high: Math.max(high, value),
  }));
}

/** Ranks from 1, the smallest value. */
export function ranksFromWorst(values: readonly number[], ties: AggregatePart['ties']): readonly number[] {
  const order = values.map((_, index) => index).sort((a, b) => values[a]! - values[b]!);
  const ranks = new Array<number>(values.length).fill(0);
  let distinct = 0;
  for (let start = 0; start < order.length;) {
    let end = start;
    while (end < order.length && values[order[end]!] === values[order[start]!]) end += 1;
    distinct += 1;
    const rank = ties === 'dense' ? distinct : (start + 1 + end) / 2;
    for (let place = start; place < end; place += 1) ranks[order[place]!] = rank;
    start = end;
  }
  return ranks;
}
