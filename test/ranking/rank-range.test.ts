import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  comparisonInterval,
  formatRank,
  isTie,
  rankRanges,
  type Interval,
} from '../../server/ranking/rank-range.ts';
import { fillNormals } from '../../server/tensor/random.ts';

/** By comparing every pair. */
function byPairs(intervals: readonly Interval[]) {
  const count = (holds: (other: Interval) => boolean) => intervals.filter(holds).length;
  return intervals.map(({ low, high }) => ({
    best: 1 + count((other) => other.low > high),
    worst: intervals.length - count((other) => other.high < low),
  }));
}

const interval = fc
  .tuple(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 5 }))
  .map(([low, width]) => ({ low, high: low + width }));

describe('rank ranges', () => {
  it('equal the comparison of every pair', () => {
    fc.assert(
      fc.property(fc.array(interval, { maxLength: 30 }), (intervals) => {
        expect(rankRanges(intervals)).toEqual(byPairs(intervals));
      }),
    );
  });

  it('are places 1, 2, … where values are exact and differ', () => {
    const exact = [3, 1, 2].map((value) => comparisonInterval(value));
    expect(rankRanges(exact).map(formatRank)).toEqual(['1', '3', '2']);
  });

  it('leave equal values a common range', () => {
    const exact = [2, 1, 2].map((value) => comparisonInterval(value));
    expect(rankRanges(exact).map(formatRank)).toEqual(['1–2', '3', '1–2']);
  });

  it('do not make equals of a chain: the ends of it differ', () => {
    // Neighbours overlap, the first and the last do not.
    const chain = [10, 9, 8].map((value) => comparisonInterval(value, 0.4));
    expect(rankRanges(chain).map(formatRank)).toEqual(['1–2', '1–3', '2–3']);
    expect(rankRanges(chain).map(isTie)).toEqual([true, true, true]);
  });

  it('tell two equal errors apart from 1.96 standard errors of their difference on', () => {
    const error = 0.1;
    const limit = 1.96 * Math.hypot(error, error);
    const ranks = (difference: number) =>
      rankRanges([comparisonInterval(1 + difference, error), comparisonInterval(1, error)]).map(isTie);
    expect(ranks(limit * 1.01)).toEqual([false, false]);
    expect(ranks(limit * 0.99)).toEqual([true, true]);
  });

  it('tell 11 of 100 pairs of equal models apart where the errors are those of four draws, 7 where of eight', () => {
    const pairs = 20_000;
    const apart = (draws: number): number => {
      const values = new Float64Array(2 * pairs * draws);
      fillNormals(values, 0, 'draws', 1);
      const intervals = Array.from({ length: 2 * pairs }, (_, index) => {
        const own = values.subarray(index * draws, (index + 1) * draws);
        const mean = own.reduce((sum, value) => sum + value / draws, 0);
        const squares = own.reduce((sum, value) => sum + (value - mean) ** 2, 0);
        return comparisonInterval(mean, Math.sqrt(squares / (draws - 1) / draws));
      });
      const told = Array.from({ length: pairs }, (_, pair) =>
        rankRanges(intervals.slice(2 * pair, 2 * pair + 2)).some((range) => !isTie(range)),
      );
      return told.filter(Boolean).length / pairs;
    };
    expect(apart(4)).toBeCloseTo(0.11, 2);
    expect(apart(8)).toBeCloseTo(0.075, 2);
  });
});
