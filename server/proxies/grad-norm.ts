import { lossGradientCost, lossGradients, meanOverBatches } from './loss-gradients.ts';
import { overSeeds, type Proxy } from './proxy.ts';

/**
 * Σ over layers of ‖∂L/∂W‖₂, L the mean cross-entropy of a batch (Abdelfattah et al., Zero-Cost Proxies for Lightweight NAS,
 * ICLR 2021). The mean over two batches.
 */
export const gradNorm: Proxy = {
  name: 'grad_norm',
  title: 'GradNorm',
  source: 'Abdelfattah et al., ICLR 2021',
  better: 'higher',
  inputs: 'random',
  norm: 'batch',
  cost: lossGradientCost,
  measure: (context) =>
    overSeeds(context, async (seed) => {
      return meanOverBatches(await lossGradients.of(context, seed), (gradients) =>
        Math.sqrt(gradients.reduce((sum, g) => sum + g ** 2, 0)),
      );
    }),
};
