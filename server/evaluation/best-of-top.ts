import type { Counts, Pairs } from './pairs.ts';

/**
 * The highest target among the k networks with the highest scores: what a search gets that trains k candidates. Where a
 * tie crosses the border, its expectation when the places left are given to networks of the tie at random.
 *
 * @param k all networks where there are fewer
 * @returns in the unit of the targets; −∞ where no row counts
 */
export function bestOfTop({ score, target }: Pairs, counts: Counts, k: number): number {
  const { order, level } = score;
  let best = -Infinity;
  let left = k;
  for (let end = order.length; end > 0 && left > 0;) {
    let start = end;
    let size = 0;
    for (; start > 0 && level[order[start - 1]!] === level[order[end - 1]!]; start -= 1)
      size += counts[order[start - 1]!]!;
    // Ties are in the order of their targets.
    const tied = Array.from(order.subarray(start, end), (row) => ({
      value: target.values[row]!,
      count: counts[row]!,
    })).reverse();
    if (size > 0) best = expectedBest(tied, size, Math.min(left, size), best);
    left -= size;
    end = start;
  }
  return best;
}

/** Expected largest among `floor` and `chosen` of `size` values drawn at random. @param values the highest first */
function expectedBest(
  values: readonly { readonly value: number; readonly count: number }[],
  size: number,
  chosen: number,
  floor: number,
): number {
  let expected = 0;
  /** Probability that none of the values so far was chosen, and how many there were. */
  let none = 1;
  let passed = 0;
  for (const { value, count } of values) {
    if (value <= floor) break;
    const before = none;
    for (let each = 0; each < count && none > 0; each += 1, passed += 1)
      none *= Math.max(0, size - chosen - passed) / (size - passed);
    expected += (before - none) * value;
    if (none === 0) return expected;
  }
  return expected + none * floor;
}
