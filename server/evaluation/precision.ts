import { levelSizes, type Counts, type Ordered, type Pairs } from './pairs.ts';

/**
 * Precision at k: how many of the k networks with the highest scores are among the k with the highest targets, over k.
 * Where a tie crosses the border, its networks are in by the share of places left for them: the expectation when ties are
 * broken at random.
 *
 * @param k all networks where there are fewer
 * @returns 0 … 1
 */
export function precisionAt({ size, score, target }: Pairs, counts: Counts, k: number): number {
  const [chosen, wanted] = [topShares(score, counts, k), topShares(target, counts, k)];
  let total = 0;
  let hits = 0;
  for (let row = 0; row < size; row += 1) {
    total += counts[row]!;
    hits += counts[row]! * chosen[score.level[row]!]! * wanted[target.level[row]!]!;
  }
  return hits / Math.min(k, total);
}

/** By level, which share of its networks is among the k highest. */
function topShares(column: Ordered, counts: Counts, k: number): Float64Array {
  const shares = levelSizes(column, counts);
  let left = k;
  for (let level = shares.length - 1; level >= 0; level -= 1) {
    const size = shares[level]!;
    shares[level] = size === 0 ? 0 : Math.min(1, left / size);
    left = Math.max(0, left - size);
  }
  return shares;
}
