import { lossGradientCost, lossGradients, meanOverBatches } from './loss-gradients.ts';
import { overSeeds, type Proxy } from './proxy.ts';

/**
 * Σ |θ ⊙ ∂L/∂θ| over the weights of layers: how much the loss of a batch changes when single connections go (Lee et al.,
 * SNIP, ICLR 2019, connection sensitivity, not normalised; as a score of networks Abdelfattah et al., ICLR 2021). The mean over two batches.
 */
export const snip: Proxy = {
  name: 'snip',
  title: 'SNIP',
  source: 'Lee et al., ICLR 2019',
  better: 'higher',
  inputs: 'random',
  norm: 'batch',
  cost: lossGradientCost,
  measure: (context) =>
    overSeeds(context, async (seed) => {
      return meanOverBatches(await lossGradients.of(context, seed), (gradients, drawn) => {
        const weights = drawn();
        return gradients.reduce((sum, g, index) => sum + Math.abs(g * weights[index]!), 0);
      });
    }),
};
