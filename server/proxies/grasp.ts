import { lossGradientPass, lossGradients } from './loss-gradients.ts';
import { overSeeds, type Proxy } from './proxy.ts';
import { radialRateProgram } from './radial-rate.ts';

/** In stages a cell of NAS-Bench-201 takes ten times as long; whole it takes up to 1 GB. */
const whole = 1.1e9;
const radialRates = lossGradientPass(radialRateProgram, whole);

/**
 * −Σ θ ⊙ Hg over the weights of layers, g = ∂L/∂θ and H the Hessian of the cross-entropy (Wang et al., Picking Winning Tickets
 * Before Training by Preserving Gradient Flow, ICLR 2020, temperature 1; as a score of networks Abdelfattah et al.,
 * ICLR 2021). H is symmetric, so this is −⟨g, Hθ⟩ = ‖g‖² − ⟨g, ∇(θ·∇L)⟩. The mean over two batches.
 */
export const grasp: Proxy = {
  name: 'grasp',
  title: 'GraSP',
  source: 'Wang et al., ICLR 2020',
  better: 'higher',
  inputs: 'random',
  norm: 'batch',
  cost: 'that of grad_norm, and two to three times as much again',
  measure: (context) =>
    overSeeds(context, async (seed) => {
      const { layers } = await lossGradients.of(context, seed);
      const rates = await radialRates(context, seed);
      const byName = new Map(rates.layers.map(({ layer, gradients }) => [layer.name, gradients]));
      let sum = 0;
      for (const { layer, gradients } of layers) {
        const rate = byName.get(layer.name);
        for (const [batch, own] of gradients.entries())
          for (let at = 0; at < own.length; at += 1)
            sum += (own[at]! * (own[at]! - (rate?.[batch]?.[at] ?? 0))) / gradients.length;
      }
      return sum;
    }),
};
