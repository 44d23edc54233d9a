import { lossGradientCost, lossGradients } from './loss-gradients.ts';
import { overSeeds, type Proxy } from './proxy.ts';

/**
 * Σ over the channels z of all layers' outputs of ½ mean over samples of (Σ over positions of z ⊙ ∂L/∂z)²: what the loss rises by
 * when a channel goes, to second order (Theis et al., Faster gaze prediction with dense networks and Fisher pruning,
 * 2018; as a score of networks Turner et al., BlockSwap, ICLR 2020, and Abdelfattah et al., ICLR 2021). L is
 * the mean over the batch. The mean over two batches.
 */
export const fisherPruning: Proxy = {
  name: 'fisher',
  title: 'Fisher pruning',
  source: 'Theis et al., 2018',
  better: 'higher',
  inputs: 'random',
  norm: 'batch',
  cost: lossGradientCost,
  measure: (context) =>
    overSeeds(context, async (seed) => {
      const { saliencies } = await lossGradients.of(context, seed);
      return saliencies.reduce((sum, value) => sum + value, 0) / saliencies.length;
    }),
};
