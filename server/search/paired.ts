import type { SeedScore } from '../score/types.ts';

/** How far a neighbour lies from the base by some number of which more is better. */
export interface Difference {
  /** Neighbour − base, the mean over seeds. */
  readonly delta: number;
  /** How many seeds there are. */
  readonly seeds: number;
  /** Standard error of `delta`, by pairing over seeds; absent with fewer than two. */
  readonly error?: number;
  /** Half-width of the confidence interval of `delta`, 95 % unless it was asked for otherwise; absent with fewer than two seeds. */
  readonly margin?: number;
  /** The interval holds 0, or there is none: nothing that could be called better or worse. */
  readonly withinNoise: boolean;
}

/** How far a neighbour's VKDNW_single lies from the base's: `delta` is the sum of both parts (nats). */
export interface PairedDifference extends Difference {
  /** Difference of the layers, ℵ: exact. */
  readonly layers: number;
  /** Mean over seeds of the differences of the entropies (nats). */
  readonly entropy: number;
}

/** Of the interval: 95 % for one look, 99 % for each of the looks that follow where seeds are added until a difference is decided. */
export type Confidence = 0.95 | 0.99;

/** Student's t at 97.5 % and 99.5 % for 1 … 30 degrees of freedom (Abramowitz & Stegun, table 26.10). */
const quantiles: Readonly<Record<Confidence, readonly number[]>> = {
  0.95: [
    12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145, 2.131,
    2.12, 2.11, 2.101, 2.093, 2.086, 2.08, 2.074, 2.069, 2.064, 2.06, 2.056, 2.052, 2.048, 2.045, 2.042,
  ],
  0.99: [
    63.657, 9.925, 5.841, 4.604, 4.032, 3.707, 3.499, 3.355, 3.25, 3.169, 3.106, 3.055, 3.012, 2.977, 2.947,
    2.921, 2.898, 2.878, 2.861, 2.845, 2.831, 2.819, 2.807, 2.797, 2.787, 2.779, 2.771, 2.763, 2.756, 2.75,
  ],
};

/** Student's t of a two-sided interval. Above 30 degrees of freedom that of 30, which is a little too wide. */
export function studentQuantile(degrees: number, confidence: Confidence = 0.95): number {
  const row = quantiles[confidence];
  return row[Math.min(degrees, row.length) - 1]!;
}

/** A mean of differences. */
export interface MeanDifference {
  readonly mean: number;
  /** Standard error; absent for fewer than two. */
  readonly error?: number;
  /** Half-width of the interval; absent for fewer than two. */
  readonly margin?: number;
}

/** The mean of at least one difference, and its interval: docs/whatif.md#better-or-noise. */
export function meanDifference(
  differences: readonly number[],
  confidence: Confidence = 0.95,
): MeanDifference {
  const count = differences.length;
  const mean = differences.reduce((sum, each) => sum + each / count, 0);
  if (count < 2) return { mean };
  const squares = differences.reduce((sum, each) => sum + (each - mean) ** 2, 0);
  const error = Math.sqrt(squares / (count - 1) / count);
  return { mean, error, margin: studentQuantile(count - 1, confidence) * error };
}

/**
 * The difference of a sum of ranks, a number for every seed. It takes few values and is not normal, so beside the interval all seeds must
 * agree in its sign (docs/whatif.md#by-another-score).
 */
export function rankedDifference(differences: readonly number[]): Difference {
  const { mean: delta, error, margin } = meanDifference(differences);
  const seeds = differences.length;
  if (error === undefined || margin === undefined) return { delta, seeds, withinNoise: true };
  const agree = differences.every((each) => each > 0) || differences.every((each) => each < 0);
  return { delta, seeds, error, margin, withinNoise: !agree || Math.abs(delta) <= margin };
}

/**
 * The difference of two networks with common random numbers: with equal seeds both see the same images and, in the
 * tensors they share, the same weights, so a part of what varies from seed to seed is in both and cancels. With d_i the
 * difference at seed i of n, the standard error is s(d) / √n, and the interval d̄ ± t(0.975, n − 1) · s(d) / √n. It
 * supposes that the d_i are independent (seeds are) and about normal (each is a mean over index sets).
 *
 * @param base draws of the one network; those of `other` at the same seeds are its partners, others are left out
 * @param layers difference of ℵ, other − base
 */
export function pairedDifference(
  base: readonly Pick<SeedScore, 'seed' | 'entropy'>[],
  other: readonly Pick<SeedScore, 'seed' | 'entropy'>[],
  layers: number,
  confidence: Confidence = 0.95,
): PairedDifference {
  const bySeed = new Map(base.map(({ seed, entropy }) => [seed, entropy]));
  const differences = other.flatMap(({ seed, entropy }) => {
    const partner = bySeed.get(seed);
    return partner === undefined ? [] : [entropy - partner];
  });
  const { mean: entropy, error, margin } = meanDifference(differences, confidence);
  const delta = layers + entropy;
  const seeds = differences.length;
  if (error === undefined || margin === undefined)
    return { delta, layers, entropy, seeds, withinNoise: true };
  return { delta, layers, entropy, seeds, error, margin, withinNoise: Math.abs(delta) <= margin };
}

/** Whether a neighbour is better beyond noise: nothing else may be called an improvement. */
export function isImprovement({ delta, withinNoise }: Difference): boolean {
  return !withinNoise && delta > 0;
}
