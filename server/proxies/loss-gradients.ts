import type { Network } from '../network/network.ts';
import { layerGradient } from '../tensor/layer-gradients.ts';
import type { Program } from '../tensor/ir.ts';
import { pullBack } from '../tensor/pull-back.ts';
import { simplify } from '../tensor/simplify.ts';
import { count } from '../tensor/shapes.ts';
import {
  crossEntropyCotangent,
  inRows,
  labelsBinding,
  measured,
  randomLabels,
  samplesBinding,
  weightsOf,
  type Layer,
} from './measured.ts';
import { ProxyFailure, type ProxyContext } from './proxy.ts';
import { SharedPass } from './shared-pass.ts';

/** Samples of a batch. */
const samples = 64;
/** ZiCo looks at the variance over batches; the others take the mean of both. */
const batches = 2;

/** A layer's weights and the gradients of the mean cross-entropy of each batch by them. */
export interface LayerGradients {
  readonly layer: Layer;
  readonly weights: Float32Array;
  /** By batch. */
  readonly gradients: readonly Float32Array[];
}

export interface LossGradients {
  readonly layers: readonly LayerGradients[];
  /** By batch, Σ over channels of layers' outputs of ½ mean over samples of (Σ over positions of z ⊙ ∂L/∂z)². */
  readonly saliencies: readonly number[];
}

/** What any number of proxies of the loss gradient cost together. */
export const lossGradientCost = `${batches} forward and ${batches} backward passes of ${samples} samples, shared by all proxies of the loss gradient`;

/** Gradients of the cross-entropy of random labels, norms in batch mode, for all proxies that look at them. */
export const lossGradients = new SharedPass((context, seed) => measureGradients(context, seed));

/** The same with the weights of all layers times `gain`. @throws ProxyFailure */
export async function measureGradients(
  context: ProxyContext,
  seed: number,
  gain = 1,
): Promise<LossGradients> {
  const { network } = context;
  const { program, layers } = lossGradientProgram(network, samples, gain);
  if (layers.length === 0)
    throw new ProxyFailure('no-signal', 'No path with weights leads from the input to the logits.', true);
  const { gradient, saliency } = await context.run({
    program,
    chunks: batches,
    bindings: {
      ...samplesBinding(network, batches * samples),
      ...labelsBinding(randomLabels(batches * samples, network.classes, seed), network.classes),
    },
    seed,
  });
  const length = gradient!.data.length / batches;
  let start = 0;
  const own = layers.map((layer): LayerGradients => {
    const [from, to] = [start, start + count(layer.shape)];
    start = to;
    const gradients = Array.from({ length: batches }, (_, batch) =>
      gradient!.data.subarray(batch * length + from, batch * length + to),
    );
    return { layer, weights: weightsOf(layer, seed), gradients };
  });
  const rows = saliency!.data.length / batches;
  const saliencies = Array.from({ length: batches }, (_, batch) => {
    let squares = 0;
    for (const value of saliency!.data.subarray(batch * rows, (batch + 1) * rows)) squares += value ** 2;
    return squares / (2 * samples);
  });
  if (
    !Number.isFinite(
      saliencies.reduce(
        (sum, value) => sum + value,
        gradient!.data.reduce((sum, g) => sum + g, 0),
      ),
    )
  )
    throw new ProxyFailure('overflow', 'The gradients leave the range of 32-bit floats.', true);
  return { layers: own, saliencies };
}

/**
 * The program of which `gradient` holds, row by row, the gradients of the mean cross-entropy by the weights of the layers, one
 * behind the other, and `saliency` `[B, channels of all layers]` Σ over positions of z ⊙ ∂L/∂z of the layers' outputs z.
 */
export function lossGradientProgram(
  network: Network,
  batch: number,
  gain = 1,
): { readonly program: Program; readonly layers: readonly Layer[] } {
  const { b, primal, nodes, logits, layers: all } = measured(network, 'batch', batch, gain);
  const cotangent = b.affine(crossEntropyCotangent(b, logits), 1 / batch);
  const cotangents = pullBack(
    b,
    nodes,
    primal.logits,
    cotangent,
    all.map(({ node }) => node),
  );
  const layers = all.filter(({ node }) => cotangents.has(node));
  if (layers.length === 0) return { program: b.finish({ logits }), layers };
  const gradients = layers.map(({ node }) =>
    b.reduce('sum', layerGradient(b, nodes.get(node)!, cotangents.get(node)!), [0]),
  );
  const saliencies = layers.map(({ node }) => {
    const { result } = nodes.get(node)!;
    const product = b.mul(result, cotangents.get(node)!);
    // Channels are axis 1 of images and the last one of vectors and tokens.
    const isImage = result.shape.length === 4;
    const channel = isImage ? 1 : result.shape.length - 1;
    const others = result.shape.flatMap((_, axis) => (axis === 0 || axis === channel ? [] : [axis]));
    return b.reshape(b.reduce('sum', product, others), [batch, result.shape[channel]!]);
  });
  const program = b.finish({
    gradient: inRows(b, b.concat(gradients, 1)),
    saliency: b.concat(saliencies, 1),
  });
  return { program: simplify(program), layers };
}

/** The mean over the batches of a sum over layers. */
export function meanOverBatches(
  { layers }: LossGradients,
  ofLayer: (gradients: Float32Array, weights: Float32Array) => number,
): number {
  let sum = 0;
  for (const { gradients, weights } of layers)
    for (const own of gradients) sum += ofLayer(own, weights) / gradients.length;
  return sum;
}
