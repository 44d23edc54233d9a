import { lossGradientCost, lossGradients } from './loss-gradients.ts';
import { overSeeds, ProxyFailure, type Proxy } from './proxy.ts';

/**
 * Σ over layers of ln Σ over weights of mean |g| / sd(g), mean and standard deviation over batches (Li et al., ZiCo: Zero-shot
 * NAS via Inverse Coefficient of Variation on Gradients, ICLR 2023). Two batches, as there; weights whose
 * gradients do not vary are left out.
 */
export const zico: Proxy = {
  name: 'zico',
  title: 'ZiCo',
  source: 'Li et al., ICLR 2023',
  better: 'higher',
  inputs: 'random',
  norm: 'batch',
  cost: lossGradientCost,
  measure: (context) =>
    overSeeds(context, async (seed) => {
      const { layers } = await lossGradients.of(context, seed);
      return layers.reduce((sum, { gradients }) => sum + layerValue(gradients), 0);
    }),
};

function layerValue(gradients: readonly Float32Array[]): number {
  let sum = 0;
  for (let index = 0; index < gradients[0]!.length; index += 1) {
    const own = gradients.map((values) => values[index]!);
    const mean = own.reduce((total, g) => total + g, 0) / own.length;
    const deviation = Math.sqrt(own.reduce((total, g) => total + (g - mean) ** 2, 0) / own.length);
    if (deviation > 0) sum += own.reduce((total, g) => total + Math.abs(g), 0) / own.length / deviation;
  }
  if (sum === 0) throw new ProxyFailure('no-signal', 'No gradient reaches one of the layers.');
  return Math.log(sum);
}
