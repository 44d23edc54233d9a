import { lossGradientPass, lossGradients } from './loss-gradients.ts';
import { overSeeds, type Proxy } from './proxy.ts';

/** Weights are taken times 1 ± this. */
const step = 0.01;
const atMore = lossGradientPass({ gain: 1 + step });
const atLess = lossGradientPass({ gain: 1 - step });

/**
 * −Σ θ ⊙ Hg over the weights of layers, g = ∂L/∂θ and H the Hessian of the cross-entropy (Wang et al., Picking Winning Tickets
 * Before Training by Preserving Gradient Flow, ICLR 2020, temperature 1; as a score of networks Abdelfattah et al.,
 * ICLR 2021). H is symmetric, so this is −⟨g, Hθ⟩, and Hθ the central difference of gradients at (1 ± 0.01)·θ. Along that
 * direction ReLUs switch hardly ever, so that the difference is not one across kinks. The mean over two batches.
 */
export const grasp: Proxy = {
  name: 'grasp',
  title: 'GraSP',
  source: 'Wang et al., ICLR 2020',
  better: 'higher',
  inputs: 'random',
  norm: 'batch',
  cost: 'that of grad_norm, and twice as much again',
  measure: (context) =>
    overSeeds(context, async (seed) => {
      const { layers } = await lossGradients.of(context, seed);
      const above = await atMore(context, seed);
      const below = await atLess(context, seed);
      let sum = 0;
      for (const [index, { gradients }] of layers.entries())
        for (const [batch, own] of gradients.entries()) {
          const [high, low] = [above, below].map((side) => side.layers[index]!.gradients[batch]!);
          for (let at = 0; at < own.length; at += 1)
            sum -= (own[at]! * (high![at]! - low![at]!)) / (2 * step * gradients.length);
        }
      return sum;
    }),
};
