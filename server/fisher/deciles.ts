import type { ScoreNorm } from './settings.ts';

const decileLevels: readonly number[] = Array.from({ length: 9 }, (_, k) => (k + 1) / 10);
const levelsWithEnds: readonly number[] = [0, ...decileLevels, 1];

/** Levels of the quantiles that the entropy is taken of: 0.1 … 0.9, with `released-mbv2` 0 … 1 (docs/score.md#deciles). */
export function quantileLevels(norm: ScoreNorm): readonly number[] {
  return norm === 'released-mbv2' ? levelsWithEnds : decileLevels;
}

/** What a quantile of them is called: the nine are deciles. */
export function quantileName(norm: ScoreNorm): 'decile' | 'quantile' {
  return norm === 'released-mbv2' ? 'quantile' : 'decile';
}

/** The same at the head of something. */
export function quantileTitle(norm: ScoreNorm): 'Decile' | 'Quantile' {
  return norm === 'released-mbv2' ? 'Quantile' : 'Decile';
}

/** The entropy of equal quantiles, in nats: the largest possible. */
export function mostEntropy(norm: ScoreNorm): number {
  return Math.log(quantileLevels(norm).length);
}

/** The nine quantiles k/10, k = 1 … 9, as `quantiles` has them. */
export function deciles(ascending: ArrayLike<number>): number[] {
  return quantiles(ascending, decileLevels);
}

/**
 * Quantiles of a list of at least one: linear interpolation at position q·(P − 1) for level q, 0 … 1
 * (docs/score.md#deciles).
 */
export function quantiles(ascending: ArrayLike<number>, levels: readonly number[]): number[] {
  return levels.map((level) => quantile(ascending, level));
}

function quantile(ascending: ArrayLike<number>, q: number): number {
  const position = q * (ascending.length - 1);
  const below = Math.floor(position);
  const low = ascending[below]!;
  const high = ascending[Math.min(below + 1, ascending.length - 1)]!;
  return low + (position - below) * (high - low);
}

/**
 * −Σ t ln t in nats, t = q / Σq over the deciles (or other quantiles) q, 0·ln 0 = 0 (docs/score.md#entropy).
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
