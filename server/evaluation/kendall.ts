import { levelSizes, type Counts, type Ordered, type Pairs } from './pairs.ts';

/**
 * Kendall's tau-b: (concordant − discordant pairs) / √((n₀ − n₁)(n₀ − n₂)), n₀ all pairs, n₁ and n₂ those tied in the
 * scores and in the targets. Kendall, The Treatment of Ties in Ranking Problems, Biometrika 33 (1945). O(n log n): the
 * targets of smaller scores are counted in a Fenwick tree (Fenwick 1994).
 *
 * @returns −1 … 1; undefined where all scores or all targets are equal
 */
export function kendallTauB({ score, target }: Pairs, counts: Counts): number | undefined {
  const seen = new FenwickTree(target.levels);
  const { order, level } = score;
  let total = 0;
  let difference = 0;
  for (let start = 0; start < order.length;) {
    let end = start;
    let size = 0;
    for (; end < order.length && level[order[end]!] === level[order[start]!]; end += 1) {
      const row = order[end]!;
      const count = counts[row]!;
      if (count === 0) continue;
      const rank = target.level[row]!;
      difference += count * (seen.sum(rank) - (total - seen.sum(rank + 1)));
      size += count;
    }
    for (let place = start; place < end; place += 1) {
      const row = order[place]!;
      seen.add(target.level[row]!, counts[row]!);
    }
    total += size;
    start = end;
  }
  const pairs = pairsOf(total);
  const [free, freeTargets] = [pairs - tiedPairs(score, counts), pairs - tiedPairs(target, counts)];
  if (free === 0 || freeTargets === 0) return undefined;
  // Rounding may leave the range by a digit.
  return Math.min(1, Math.max(-1, difference / Math.sqrt(free) / Math.sqrt(freeTargets)));
}

/**
 * The standard deviation of tau over all orders of n networks: that of a score that says nothing (docs/score.md#sampling-noise).
 * Without ties, exact for every n of at least 2.
 */
export function tauDeviation(size: number): number {
  return Math.sqrt((2 * (2 * size + 5)) / (9 * size * (size - 1)));
}

function pairsOf(count: number): number {
  return (count * (count - 1)) / 2;
}

function tiedPairs(column: Ordered, counts: Counts): number {
  return levelSizes(column, counts).reduce((sum, size) => sum + pairsOf(size), 0);
}

/** Sums of prefixes of a list that changes, both in O(log n). */
class FenwickTree {
  readonly #sums: Float64Array;

  constructor(size: number) {
    this.#sums = new Float64Array(size + 1);
  }

  add(index: number, value: number): void {
    const sums = this.#sums;
    for (let node = index + 1; node < sums.length; node += node & -node) sums[node]! += value;
  }

  /** Sum of the first `length` values. */
  sum(length: number): number {
    const sums = this.#sums;
    let sum = 0;
    for (let node = length; node > 0; node -= node & -node) sum += sums[node]!;
    return sum;
  }
}
