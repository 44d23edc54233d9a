/**
 * The nine quantiles k/10, k = 1 … 9, of a list of at least one: linear interpolation at position k/10·(P − 1)
 * (docs/score.md#deciles).
 */
export function deciles(ascending: ArrayLike<number>): number[] {
  return Array.from({ length: 9 }, (_, k) => quantile(ascending, (k + 1) / 10));
}

function quantile(ascending: ArrayLike<number>, q: number): number {
  const position = q * (ascending.length - 1);
  const below = Math.floor(position);
  const low = ascending[below]!;
  const high = ascending[Math.min(below + 1, ascending.length - 1)]!;
  return low + (position - below) * (high - low);
}

/**
 * −Σ t ln t in nats, t = q / Σq over the deciles q, 0·ln 0 = 0 (docs/score.md#entropy).
 *
 * @param values not negative
 * @returns 0 … ln 9 for nine deciles; `undefined` when every decile is 0: there is nothing to normalise
 */
export function decileEntropy(values: readonly number[]): number | undefined {
  // The values are divided by the largest first, so that a sum of subnormal ones keeps its digits.
  const largest = Math.max(...values);
  if (largest <= 0) {
    return undefined;
  }
  const total = values.reduce((sum, value) => sum + value / largest, 0);
  return values.reduce((entropy, value) => {
    const share = value / largest / total;
    return share > 0 ? entropy - share * Math.log(share) : entropy;
  }, 0);
}
