import { symmetricEigenvalues } from '../fisher/symmetric-eigenvalues.ts';
import { correlations, inputGradients } from './input-gradients.ts';
import { overSeeds, type Proxy } from './proxy.ts';

const epsilon = 1e-5;

/**
 * −Σ [ln(v + ε) + 1/(v + ε)], ε = 1e-5, v the eigenvalues of the correlation over samples of ∂ Σ logits / ∂x (Mellor et al., Neural
 * Architecture Search without Training, first version, arXiv 2006.04647v1; docs/score.md#vkdnw_agg): how differently the
 * network sees different samples.
 */
export const jacov: Proxy = {
  name: 'jacov',
  title: 'Jacov',
  source: 'Mellor et al., 2020 (first version)',
  better: 'higher',
  inputs: 'random',
  norm: 'batch',
  cost: '1 forward and 1 backward pass of 64 samples, shared with EPE-NAS',
  measure: (context) =>
    overSeeds(context, async (seed) => spectrumValue(correlations(await inputGradients.of(context, seed)))),
};

/** −Σ [ln(v + ε) + 1/(v + ε)] over the eigenvalues of a matrix of correlations, square and row-major. */
export function spectrumValue(matrix: Float64Array): number {
  const eigenvalues = symmetricEigenvalues(matrix, Math.sqrt(matrix.length));
  return eigenvalues.reduce((sum, value) => {
    const shifted = Math.max(0, value) + epsilon;
    return sum - Math.log(shifted) - 1 / shifted;
  }, 0);
}
