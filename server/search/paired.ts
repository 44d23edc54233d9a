import type { SeedScore } from '../score/types.ts';

/** How far a neighbour's score lies from the base's. */
export interface PairedDifference {
  /** Difference of VKDNW_single: of the layers, and of the mean entropies (nats). */
  readonly delta: number;
  /** Difference of the layers, ℵ: exact. */
  readonly layers: number;
  /** Mean over seeds of the differences of the entropies (nats). */
  readonly entropy: number;
  /** Standard error of `entropy`, by pairing over seeds; absent with fewer than two. */
  readonly error?: number;
  /** Half-width of the 95 % confidence interval of `delta`; absent with fewer than two seeds. */
  readonly margin?: number;
  /** The interval holds 0, or there is none: nothing that could be called better or worse. */
  readonly withinNoise: boolean;
}

/** Student's t at 97.5 % for 1 … 30 degrees of freedom (Abramowitz & Stegun, table 26.10). */
const quantiles = [
  12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145, 2.131,
  2.12, 2.11, 2.101, 2.093, 2.086, 2.08, 2.074, 2.069, 2.064, 2.06, 2.056, 2.052, 2.048, 2.045, 2.042,
];

/** Student's t at 97.5 %. Above 30 degrees of freedom that of 30, which is a little too wide. */
export function studentQuantile(degrees: number): number {
  return quantiles[Math.min(degrees, quantiles.length) - 1]!;
}

/**
 * The difference of two networks with common random numbers: with equal seeds both see the same images and, in the
 * tensors they share, the same weights, so most of what varies from seed to seed is in both and cancels. With d_i the
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
): PairedDifference {
  const bySeed = new Map(base.map(({ seed, entropy }) => [seed, entropy]));
  const differences = other.flatMap(({ seed, entropy }) => {
    const partner = bySeed.get(seed);
    return partner === undefined ? [] : [entropy - partner];
  });
  const count = differences.length;
  const entropy = differences.reduce((sum, each) => sum + each / count, 0);
  const delta = layers + entropy;
  if (count < 2) return { delta, layers, entropy, withinNoise: true };
  const squares = differences.reduce((sum, each) => sum + (each - entropy) ** 2, 0);
  const error = Math.sqrt(squares / (count - 1) / count);
  const margin = studentQuantile(count - 1) * error;
  return { delta, layers, entropy, error, margin, withinNoise: Math.abs(delta) <= margin };
}

/** Whether a neighbour is better beyond noise: the only thing that may be called an improvement. */
export function isImprovement({ delta, withinNoise }: PairedDifference): boolean {
  return !withinNoise && delta > 0;
}
