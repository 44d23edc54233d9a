import type { Network } from '../network/network.ts';
import type { Program } from '../tensor/ir.ts';
import { simplify } from '../tensor/transforms/simplify/simplify.ts';
import { crossEntropyCotangent, labelsBinding, randomLabels, samplesBinding } from './measured.ts';
import { overSeeds, ProxyFailure, type Proxy } from './proxy.ts';
import { sampleGradients } from './sample-gradients.ts';

/** Samples whose gradients are compared. */
const samples = 64;

/**
 * Σ over weights of |Σ over samples of sign(∂L_n/∂θ)|: how far samples agree on the direction to go (Zhang and Jia, GradSign: Model
 * Performance Inference with Theoretical Insights, ICLR 2022). Norms in evaluation mode.
 */
export const gradSign: Proxy = {
  name: 'grad_sign',
  title: 'GradSign',
  source: 'Zhang and Jia, ICLR 2022',
  better: 'higher',
  inputs: 'random',
  norm: 'eval',
  cost: `1 forward and 1 backward pass of ${samples} samples`,
  measure: (context) => {
    const { network } = context;
    const program = gradSignProgram(network, samples);
    return overSeeds(context, async (seed) => {
      const { agreement } = await context.run({
        program,
        chunks: 1,
        bindings: {
          ...samplesBinding(network, samples),
          ...labelsBinding(randomLabels(samples, network.classes, seed), network.classes),
        },
        seed,
      });
      const value = agreement!.data.subarray(0, agreement!.shape[1]).reduce((sum, layer) => sum + layer, 0);
      if (!Number.isFinite(value))
        throw new ProxyFailure('overflow', 'The gradients leave the range of 32-bit floats.');
      return value;
    });
  },
};

/** The program of which `agreement` `[B, layers]` has in each row Σ over the weights of a layer of |Σ signs|. */
export function gradSignProgram(network: Network, batch: number): Program {
  const { b, gradients } = sampleGradients(network, batch, crossEntropyCotangent);
  const sums = gradients.map((gradient) => {
    const sign = b.sub(b.unary('step', gradient), b.unary('step', b.unary('neg', gradient)));
    return b.reduce('sum', b.unary('abs', b.reduce('sum', sign, [0])), [1]);
  });
  return simplify(b.finish({ agreement: b.broadcast(b.concat(sums, 1), [batch, sums.length]) }));
}
