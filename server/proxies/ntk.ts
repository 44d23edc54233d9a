import { symmetricEigenvalues } from '../fisher/symmetric-eigenvalues.ts';
import { SAMPLES_INPUT } from '../network/lower.ts';
import { genotypeOf, nasBench201 } from '../network/nasbench201.ts';
import type { Network } from '../network/network.ts';
import type { Program } from '../tensor/ir.ts';
import { summedLayerGradient } from '../tensor/transforms/layer-gradients.ts';
import { inlineSource, materialise } from '../tensor/materialise.ts';
import { pullBack } from '../tensor/transforms/pull-back.ts';
import { simplify } from '../tensor/transforms/simplify/simplify.ts';
import { inRows, measured } from './measured.ts';
import { overSeeds, ProxyFailure, type Proxy } from './proxy.ts';

/** Samples of the batch between which the kernel is taken. */
const samples = 16;
/** Input that is 1 for the sample whose logits are looked at, and 0 for the others: `[B, 1]`. */
export const CHOSEN_INPUT = 'chosen';

/**
 * ln κ of the neural tangent kernel K_ij = ⟨∂ Σ logits_i/∂θ, ∂ Σ logits_j/∂θ⟩ over the weights of layers, norms in batch mode, κ its largest
 * eigenvalue over the least: how unevenly directions are learnt (Chen et al., Neural Architecture Search on ImageNet in
 * Four GPU Hours (TE-NAS), ICLR 2021). The logarithm orders networks alike. Sizes are those of the released code: 16
 * samples, and for cells of NAS-Bench-201 a thinned network of one cell a stage and three channels.
 */
export const ntk: Proxy = {
  name: 'ntk',
  title: 'NTK condition (TE-NAS)',
  source: 'Chen et al., ICLR 2021',
  better: 'lower',
  inputs: 'random',
  norm: 'batch',
  cost: `${samples} forward and backward passes of ${samples} samples, of NAS-Bench-201 in a thinned network`,
  measure: (context) => {
    const network = thinned(context.network);
    const program = ntkProgram(network, samples);
    const chosen = identity(samples);
    return overSeeds(context, async (seed) => {
      const shape = [samples, ...network.inputShape];
      const batch = materialise({ kind: 'normal', name: 'samples', std: 1 }, shape, seed);
      const { gradient } = await context.run({
        program,
        // Every chunk holds the same batch and chooses another sample of it.
        chunks: samples,
        bindings: {
          [SAMPLES_INPUT]: {
            shape: [samples * samples, ...network.inputShape],
            source: inlineSource(repeated(batch, samples)),
          },
          [CHOSEN_INPUT]: { shape: [samples * samples, 1], source: inlineSource(chosen) },
        },
        seed,
      });
      return logCondition(kernelOf(gradient!.data, samples), samples);
    });
  },
};

function thinned(network: Network): Network {
  const genotype = genotypeOf(network);
  const { inputShape: input, classes } = network;
  return genotype === undefined ? network : nasBench201(genotype, { channels: 3, cells: 1, input, classes });
}

/**
 * The program of which `gradient` holds, row by row, Σ over chosen samples of ∂ Σ logits/∂θ by the weights of the layers, norms in
 * batch mode.
 *
 * @throws ProxyFailure for a network without layers
 */
export function ntkProgram(network: Network, batch: number): Program {
  const { b, primal, nodes, logits, layers } = measured(network, 'batch', batch);
  const cotangent = b.broadcast(b.input(CHOSEN_INPUT, [batch, 1]), logits.shape);
  const wanted = layers.map(({ node }) => node);
  const cotangents = pullBack(b, nodes, primal.logits, cotangent, wanted);
  if (cotangents.size === 0)
    throw new ProxyFailure('no-signal', 'No path with weights leads from the input to the logits.');
  const gradients = layers.flatMap(({ node }) => {
    const received = cotangents.get(node);
    return received === undefined ? [] : [summedLayerGradient(b, nodes.get(node)!, received)];
  });
  return simplify(b.finish({ gradient: inRows(b, b.concat(gradients, 1)) }));
}

/** Products of equally long vectors that lie one behind the other: `[vectors, vectors]`, row-major, in float64. */
export function kernelOf(vectors: ArrayLike<number>, size: number): Float64Array {
  const length = vectors.length / size;
  const kernel = new Float64Array(size ** 2);
  for (let i = 0; i < size; i += 1)
    for (let j = 0; j <= i; j += 1) {
      let product = 0;
      for (let at = 0; at < length; at += 1) product += vectors[i * length + at]! * vectors[j * length + at]!;
      kernel[i * size + j] = kernel[j * size + i] = product;
    }
  return kernel;
}

/** ln of the largest eigenvalue over the least of a kernel `[size, size]`. @throws ProxyFailure where it is singular or not finite */
export function logCondition(matrix: Float64Array, size: number): number {
  if (!matrix.every(Number.isFinite))
    throw new ProxyFailure('overflow', 'The tangent kernel leaves the range of 32-bit floats.');
  const eigenvalues = symmetricEigenvalues(matrix, size);
  const [least, most] = [eigenvalues[0]!, eigenvalues.at(-1)!];
  // Below the rounding of 32-bit floats nothing is left of the least one.
  if (!(least > most * 2 ** -24))
    throw new ProxyFailure('singular', 'The tangent kernel is singular: its condition number is infinite.');
  return Math.log(most / least);
}

function repeated(values: Float32Array, times: number): Float32Array {
  const all = new Float32Array(values.length * times);
  for (let time = 0; time < times; time += 1) all.set(values, time * values.length);
  return all;
}

/** Row-major. */
function identity(size: number): Float32Array {
  return Float32Array.from({ length: size ** 2 }, (_, index) => (index % (size + 1) === 0 ? 1 : 0));
}
