/** A quantity and where it may lie; more is better. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/**
 * The ranks a model may have, 1 is the best: `best` is one more than the number of models that are better beyond doubt,
 * `worst` the number of models less those that are worse beyond doubt.
 */
export interface RankRange {
  readonly best: number;
  readonly worst: number;
}

/**
 * Half-width of a comparison interval in standard errors. Two such intervals fail to overlap when the means differ by
 * 1.39·(a + b), which for equal errors is 1.96 standard errors of the difference: a test at 5 %, or at 11 % where the
 * errors are those of four seeds each (docs/ranking.md#ranks-and-ties).
 * Goldstein and Healy, The Graphical Presentation of a Collection of Means, J. R. Stat. Soc. A 158 (1995).
 */
export const comparisonWidth = 1.39;

/** @param standardError absent: the value is exact, or its error is not known */
export function comparisonInterval(value: number, standardError = 0): Interval {
  return { low: value - comparisonWidth * standardError, high: value + comparisonWidth * standardError };
}

/**
 * The rank range of each. Two models are tied when their intervals overlap. That is not transitive (A may tie with B,
 * B with C, and A beat C), so there are no groups of equals but a range for each model, which needs no such choice.
 */
export function rankRanges(intervals: readonly Interval[]): readonly RankRange[] {
  const lows = Float64Array.from(intervals, ({ low }) => low).sort();
  const highs = Float64Array.from(intervals, ({ high }) => high).sort();
  return intervals.map(({ low, high }) => ({
    best: 1 + lows.length - countUpTo(lows, high),
    worst: highs.length - countBelow(highs, low),
  }));
}

/** How many of ascending values are at most `limit`. */
function countUpTo(values: Float64Array, limit: number): number {
  let from = 0;
  let to = values.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    if (values[middle]! <= limit) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** How many of ascending values are below `limit`. */
function countBelow(values: Float64Array, limit: number): number {
  let from = 0;
  let to = values.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    if (values[middle]! < limit) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** `3`, or `2–4` for a tie. */
export function formatRank({ best, worst }: RankRange): string {
  return best === worst ? String(best) : `${best}–${worst}`;
}

export function isTie({ best, worst }: RankRange): boolean {
  return best !== worst;
}
