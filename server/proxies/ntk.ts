import { symmetricEigenvalues } from '../fisher/symmetric-eigenvalues.ts';
import type { Network } from '../network/network.ts';
import type { Program } from '../tensor/ir.ts';
import { simplify } from '../tensor/simplify.ts';
import { samplesBinding } from './measured.ts';
import { overSeeds, ProxyFailure, type Proxy } from './proxy.ts';
import { sampleGradients } from './sample-gradients.ts';

/** Samples between which the kernel is taken. */
const samples = 32;

/**
 * ln κ of the neural tangent kernel K_ij = ⟨∂ Σ logits_i/∂θ, ∂ Σ logits_j/∂θ⟩ over the weights of layers, κ its largest eigenvalue over the
 * least: how unevenly directions are learnt (Chen et al., Neural Architecture Search on ImageNet in Four GPU Hours
 * (TE-NAS), ICLR 2021). The logarithm orders networks alike. Norms in evaluation mode, of batch mode there. The
 * other half of TE-NAS, the number of linear regions, is not computed.
 */
export const ntk: Proxy = {
  name: 'ntk',
  title: 'NTK condition (TE-NAS)',
  source: 'Chen et al., ICLR 2021',
  better: 'lower',
  inputs: 'random',
  norm: 'eval',
  cost: `1 forward and 1 backward pass of ${samples} samples`,
  measure: (context) => {
    const { network } = context;
    const program = ntkProgram(network, samples);
    return overSeeds(context, async (seed) => {
      const bindings = samplesBinding(network, samples);
      const { kernel } = await context.run({ program, chunks: 1, bindings, seed });
      return logCondition(Float64Array.from(kernel!.data), samples);
    });
  },
};

/** The program of which `kernel` is K `[B, B]`. */
export function ntkProgram(network: Network, batch: number): Program {
  const { b, gradients } = sampleGradients(network, batch, (builder, logits) =>
    builder.broadcast(builder.scalar(1, 2), logits.shape),
  );
  const kernels = gradients.map((gradient) => b.matmul(gradient, gradient, { transposeB: true }));
  return simplify(b.finish({ kernel: kernels.reduce((sum, kernel) => b.add(sum, kernel)) }));
}

/** @throws ProxyFailure for a singular kernel */
export function logCondition(matrix: Float64Array, size: number): number {
  if (!matrix.every(Number.isFinite))
    throw new ProxyFailure('overflow', 'The tangent kernel leaves the range of 32-bit floats.', true);
  const eigenvalues = symmetricEigenvalues(matrix, size);
  const [least, most] = [eigenvalues[0]!, eigenvalues.at(-1)!];
  // Below the rounding of 32-bit floats nothing is left of the least one.
  if (!(least > most * 2 ** -24))
    throw new ProxyFailure(
      'singular',
      'The tangent kernel is singular: its condition number is infinite.',
      true,
    );
  return Math.log(most / least);
}
