import { quantileLevels, quantileName } from './deciles.ts';
import { FisherFailure } from './failure.ts';
import type { SampledJacobian } from './jacobian.ts';
import type { ScoreNorm, ScoreSettings } from './settings.ts';
import { isOneClass, smoothedProbabilities } from './smoothing.ts';
import { formatScientific } from '../base/quantities.ts';

/** What float32 leaves of a spectrum and of the logits behind it (docs/score.md#where-there-is-no-number). */
export interface Resolution {
  /** Eigenvalues that are told from 0, 0 … P: of the median index set, the lower one of two. */
  readonly rank: number;
  /** Largest magnitude of a logit. */
  readonly largestLogit: number;
  /** Largest eigenvalue of an index set. */
  readonly largestEigenvalue: number;
  /** Share of the samples whose softmax float32 rounds to one class, 0 … 1. */
  readonly saturated: number;
}

/** Half the distance of two float32 numbers next to each other, relative to them. */
const rounding = 2 ** -24;

/** From here on float32 numbers are 2 apart, and a softmax sees nothing but differences of logits. */
const explodingLogit = 1 / rounding;

/** From here on the rounding of weights of 1 changes probabilities by a divergence of half a nat, λ·2⁻⁴⁸ / 2. */
const explodingEigenvalue = 1 / rounding ** 2;

/** What of a network explodes: the logits, or without them the gradients; undefined where neither does. */
export function explosionOf({
  largestLogit,
  largestEigenvalue,
}: Pick<Resolution, 'largestLogit' | 'largestEigenvalue'>): 'logits' | 'gradients' | undefined {
  if (largestLogit >= explodingLogit) return 'logits';
  return largestEigenvalue >= explodingEigenvalue ? 'gradients' : undefined;
}

/** With one positive quantile the entropy is 0 whatever the network. */
const leastQuantiles = 2;

/**
 * How many eigenvalues float32 derivatives tell from 0: those above P·2⁻⁴⁸ of the largest one (docs/score.md#where-there-is-no-number).
 *
 * @param ascending length P
 */
export function resolvedRank(ascending: Float64Array): number {
  const limit = ascending.length * rounding ** 2 * (ascending.at(-1) ?? 0);
  return ascending.reduce((count, value) => (value > limit ? count + 1 : count), 0);
}

/** How many of the quantiles of P eigenvalues lie above 0 when so many of the eigenvalues do. */
export function resolvedQuantiles(rank: number, weights: number, norm: ScoreNorm): number {
  // A position that is whole but for rounding, such as 0.7 · 130, takes nothing from the eigenvalue above it.
  const above = (level: number): number => Math.ceil(level * (weights - 1) - 1e-9);
  return quantileLevels(norm).filter((level) => above(level) >= weights - rank).length;
}

/** The most eigenvalues of F that can be positive: P, or N·R of a sketch, N·(C − 1) of the exact estimator. */
export function mostRank(
  { estimator, samples }: Pick<ScoreSettings, 'estimator' | 'samples'>,
  classes: number,
  weights: number,
): number {
  return Math.min(weights, samples * (estimator.kind === 'exact' ? classes - 1 : estimator.signs));
}

/** @param spectra eigenvalues of every index set, ascending, length P */
export function resolutionOf(
  { logits, classes, samples }: SampledJacobian,
  spectra: readonly Float64Array[],
  { softmax }: Pick<ScoreSettings, 'softmax'>,
): Resolution {
  let largestLogit = 0;
  for (const logit of logits) largestLogit = Math.max(largestLogit, Math.abs(logit));
  let saturated = 0;
  for (let n = 0; n < samples; n++) {
    const { probabilities } = smoothedProbabilities(logits.subarray(n * classes, (n + 1) * classes), softmax);
    if (isOneClass(probabilities)) saturated += 1 / samples;
  }
  const ranks = spectra.map(resolvedRank).sort((a, b) => a - b);
  return {
    rank: ranks[Math.floor((ranks.length - 1) / 2)] ?? 0,
    largestLogit,
    largestEigenvalue: Math.max(...spectra.map((each) => each.at(-1) ?? 0)),
    saturated: Math.min(saturated, 1),
  };
}

/**
 * Refuses spectra that have lost a decile to an explosion, in half of the index sets, or all of them in one.
 *
 * @param spectra eigenvalues of every index set, ascending, length P
 * @param most `mostRank`
 * @throws FisherFailure `exploding`
 */
export function refuseExplosion(
  spectra: readonly Float64Array[],
  resolution: Resolution,
  most: number,
  norm: ScoreNorm,
): void {
  const what = explosionOf(resolution);
  if (what === undefined) return;
  const weights = spectra[0]?.length ?? 0;
  const found = resolvedQuantiles(resolution.rank, weights, norm);
  const possible = resolvedQuantiles(most, weights, norm);
  const isEmpty = spectra.some((each) => resolvedQuantiles(positive(each), weights, norm) === 0);
  if (!isEmpty && found >= Math.max(possible, leastQuantiles)) return;
  const { rank, largestLogit, largestEigenvalue } = resolution;
  const logits = what === 'logits' ? `, up to ${formatScientific(largestLogit)}` : '';
  throw new FisherFailure(
    'exploding',
    `The ${what} explode${logits} (λ up to ${formatScientific(largestEigenvalue)}): beside the largest, float32 derivatives tell ${rank} of ${most} eigenvalues from 0, and ${found} of ${possible} ${quantileName(norm)}s. ${explosionRemedy(norm)}`,
  );
}

/** A sentence. */
export function explosionRemedy(norm: ScoreNorm): string {
  return norm === 'eval'
    ? 'Batch norms in evaluation mode normalise nothing: freeze them at the statistics of the input (--norm calibrated, archlens.score.norm), or add normalisation.'
    : 'Add normalisation, or use fewer layers.';
}

/**
 * Refuses spectra that have one positive decile at most in half of the index sets.
 *
 * @param weights P
 * @throws FisherFailure `low-rank`
 */
export function requireRank({ rank, largestEigenvalue }: Resolution, weights: number, norm: ScoreNorm): void {
  if (resolvedQuantiles(rank, weights, norm) >= leastQuantiles) return;
  throw new FisherFailure(
    'low-rank',
    `The Fisher information has too few directions (λ up to ${formatScientific(largestEigenvalue)}): float32 derivatives tell ${rank} of ${weights} eigenvalues from 0, too few for two positive ${quantileName(norm)}s, and the entropy of one is 0 whatever the network. Use more samples, or let gradients reach more of the weights.`,
  );
}

function positive(ascending: Float64Array): number {
  return ascending.reduce((count, value) => (value > 0 ? count + 1 : count), 0);
}
