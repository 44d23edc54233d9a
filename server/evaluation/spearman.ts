import { levelSizes, type Counts, type Ordered, type Pairs } from './pairs.ts';

/**
 * Spearman's rho: the correlation of the ranks, ties having the mean of the places they take. Spearman, The Proof and
 * Measurement of Association between Two Things, Am. J. Psychol. 15 (1904). O(n).
 *
 * @returns −1 … 1; undefined where all scores or all targets are equal
 */
export function spearmanRho({ size, score, target }: Pairs, counts: Counts): number | undefined {
  const [a, b] = [centredRanks(score, counts), centredRanks(target, counts)];
  let [product, squaresA, squaresB] = [0, 0, 0];
  for (let row = 0; row < size; row += 1) {
    const [x, y] = [a[score.level[row]!]!, b[target.level[row]!]!];
    product += counts[row]! * x * y;
    squaresA += counts[row]! * x * x;
    squaresB += counts[row]! * y * y;
  }
  if (squaresA === 0 || squaresB === 0) return undefined;
  // Rounding may leave the range by a digit.
  return Math.min(1, Math.max(-1, product / Math.sqrt(squaresA) / Math.sqrt(squaresB)));
}

/** The average rank of each level, less the mean of all ranks. */
function centredRanks(column: Ordered, counts: Counts): Float64Array {
  const sizes = levelSizes(column, counts);
  const centre = (sizes.reduce((sum, size) => sum + size, 0) + 1) / 2;
  let before = 0;
  return sizes.map((size) => {
    const rank = before + (size + 1) / 2;
    before += size;
    return rank - centre;
  });
}
