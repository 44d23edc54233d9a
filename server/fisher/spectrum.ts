import { decileEntropy, quantileLevels, quantiles } from './deciles.ts';
import { FisherFailure } from './failure.ts';
import type { FisherInformation } from './information.ts';
import type { ScoreNorm } from './settings.ts';
import { symmetricEigenvalues } from './symmetric-eigenvalues.ts';

/** The spectrum of one Fisher information matrix and what VKDNW reads from it (docs/score.md#spectrum). */
export interface Spectrum {
  /** Ascending, length P, not negative. */
  readonly eigenvalues: Float64Array;
  /** Quantiles of the eigenvalues at `quantileLevels`: nine, or eleven. */
  readonly deciles: readonly number[];
  /** In nats, 0 … ln 9, or ln 11. */
  readonly entropy: number;
}

/**
 * Eigenvalues of F, its deciles and their entropy.
 *
 * @param norm decides which quantiles (docs/score.md#deciles); default: the deciles
 * @throws FisherFailure `no-signal` when the deciles are all 0, `overflow` when F is not finite.
 */
export function spectrumOf(
  information: FisherInformation,
  samples: number,
  norm: ScoreNorm = 'eval',
): Spectrum {
  return spectrumFrom(eigenvaluesOfInformation(information, samples), norm);
}

/**
 * The same from the eigenvalues, ascending and not negative.
 *
 * @throws FisherFailure `no-signal`
 */
export function spectrumFrom(eigenvalues: Float64Array, norm: ScoreNorm): Spectrum {
  const values = quantiles(eigenvalues, quantileLevels(norm));
  const entropy = decileEntropy(values);
  if (entropy === undefined) {
    const positive = eigenvalues.filter((value) => value > 0).length;
    throw new FisherFailure(
      'no-signal',
      positive === 0
        ? 'No signal reaches the output: the logits do not depend on any of the chosen weights.'
        : `Only ${positive} of ${eigenvalues.length} eigenvalues of the Fisher information are non-zero: too little signal for nine deciles.`,
    );
  }
  return { eigenvalues, deciles: values, entropy };
}

/** Eigenvalues of F, ascending, length P, rounding noise clipped to 0. @throws FisherFailure `overflow` */
export function eigenvaluesOfInformation(information: FisherInformation, samples: number): Float64Array {
  const { matrix, size } = information.smallest(samples);
  const eigenvalues = new Float64Array(information.weights);
  try {
    eigenvalues.set(symmetricEigenvalues(matrix, size), information.weights - size);
    clipNoise(eigenvalues);
    return eigenvalues;
  } catch (error) {
    if (error instanceof RangeError) {
      throw new FisherFailure('overflow', 'The Fisher information overflows: gradients are too large.');
    }
    throw error;
  }
}

/**
 * F is positive semi-definite: what is below the rounding error of its largest eigenvalue is 0. Left in place, the noise
 * of a rank-deficient F would be a number where there is no signal.
 */
function clipNoise(ascending: Float64Array): void {
  const noise = ascending.length * Number.EPSILON * (ascending.at(-1) ?? 0);
  for (let k = 0; k < ascending.length; k++) {
    if (ascending[k]! <= noise) {
      ascending[k] = 0;
    }
  }
}
