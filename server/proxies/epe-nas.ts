import { correlations, inputGradients, inputGradientSamples } from './input-gradients.ts';
import { randomLabels } from './measured.ts';
import { overSeeds, type Proxy } from './proxy.ts';

const epsilon = 1e-5;
/** With more classes the score is made of differences between classes. */
const fewClasses = 100;

/**
 * Jacov class by class (Lopes et al., EPE-NAS, ICANN 2021, eqs. 3 to 5): e_c = Σ ln(|corr| + 1e-5) over the correlation matrix of the
 * gradients of the samples of class c, divided by its entries above 100 classes; the score is Σ |e_c|, above 100 classes
 * Σ |e_i − e_j| over the number of classes seen. Random labels.
 */
export const epeNas: Proxy = {
  name: 'epe_nas',
  title: 'EPE-NAS',
  source: 'Lopes et al., ICANN 2021',
  better: 'higher',
  inputs: 'random',
  norm: 'batch',
  cost: 'that of Jacov, once',
  measure: (context) => {
    const { classes } = context.network;
    return overSeeds(context, async (seed) => {
      const rows = await inputGradients.of(context, seed);
      return classScore(rows, randomLabels(inputGradientSamples, classes, seed), classes);
    });
  },
};

/**
 * @param rows gradient by the input of each sample
 * @param labels class of each sample
 * @throws ProxyFailure for a gradient that is constant or not finite
 */
export function classScore(
  rows: readonly Float32Array[],
  labels: readonly number[],
  classes: number,
): number {
  const many = classes > fewClasses;
  const scores = [...new Set(labels)].map((label) => {
    const matrix = correlations(rows.filter((_, row) => labels[row] === label));
    const sum = matrix.reduce((total, value) => total + Math.log(Math.abs(value) + epsilon), 0);
    return many ? sum / matrix.length : sum;
  });
  if (!many) return scores.reduce((sum, value) => sum + Math.abs(value), 0);
  let sum = 0;
  for (const [i, one] of scores.entries())
    for (const other of scores.slice(i + 1)) sum += Math.abs(one - other);
  return sum / scores.length;
}
