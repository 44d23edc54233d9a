import { lossGradientCost, lossGradients, meanOverBatches } from './loss-gradients.ts';
import { overSeeds, type Proxy } from './proxy.ts';

/**
 * Σ θ ⊙ ∂L/∂θ over the weights of layers: the relevance of connections with its sign (Mozer and Smolensky, Skeletonization,
 * NIPS 1988; as a score of networks Abdelfattah et al., ICLR 2021). Nearly 0 where batch norms follow all layers,
 * because then L does not depend on the size of weights. The mean over two batches.
 */
export const plain: Proxy = {
  name: 'plain',
  title: 'plain pruning',
  source: 'Mozer and Smolensky, NIPS 1988',
  better: 'higher',
  inputs: 'random',
  norm: 'batch',
  cost: lossGradientCost,
  measure: (context) =>
    overSeeds(context, async (seed) => {
      return meanOverBatches(await lossGradients.of(context, seed), (gradients, drawn) => {
        const weights = drawn();
        return gradients.reduce((sum, g, index) => sum + g * weights[index]!, 0);
      });
    }),
};
