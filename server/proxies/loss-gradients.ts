import type { Network } from '../network/network.ts';
import { summedLayerGradient } from '../tensor/transforms/layer-gradients.ts';
import type { Program } from '../tensor/ir.ts';
import { pullBack } from '../tensor/transforms/pull-back.ts';
import { simplify } from '../tensor/transforms/simplify/simplify.ts';
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
import { SharedProgram } from './shared-program.ts';

/** Samples of a batch. */
const samples = 64;
/** ZiCo looks at the variance over batches; the others take the mean of both. */
const batches = 2;

/** A layer's weights and the gradients of the mean cross-entropy of each batch by them. */
export interface LayerGradients {
  readonly layer: Layer;
  /** Drawn when it is first asked for. */
  readonly weights: () => Float32Array;
  /** By batch; each as long as the weight, in its order. */
  readonly gradients: readonly Float32Array[];
}

/** What one draw says of the gradient of the loss. */
export interface LossGradients {
  readonly layers: readonly LayerGradients[];
  /** Empty where they were not asked for. By batch, Σ over channels of layers' outputs of ½ mean over samples of (Σ over positions of z ⊙ ∂L/∂z)². */
  readonly saliencies: readonly number[];
}

/** What any number of proxies of the loss gradient cost together. */
export const lossGradientCost = `${batches} forward and ${batches} backward passes of ${samples} samples, shared by all proxies of the loss gradient`;

export interface LossGradientOptions {
  /** Whether saliencies are computed too. */
  readonly saliencies?: boolean;
}

/**
 * Gradients of the cross-entropy of random labels, norms in batch mode, of one draw after another.
 *
 * @param build the program, for so many samples
 * @param whole as `TensorJob.whole`
 * @returns a pass, which throws ProxyFailure
 */
export function lossGradientPass(
  build: (network: Network, samples: number) => LossGradientProgram,
  whole?: number,
): (context: ProxyContext, seed: number) => Promise<LossGradients> {
  const programs = new SharedProgram(({ network }) => build(network, samples));
  return async (context, seed) => await runLossGradients(context, seed, programs.of(context), whole);
}

/** The pass that all proxies share which look at gradients of the loss. */
export const lossGradients = new SharedPass(
  lossGradientPass((network, batch) => lossGradientProgram(network, batch, { saliencies: true })),
);

async function runLossGradients(
  context: ProxyContext,
  seed: number,
  { program, layers }: LossGradientProgram,
  whole: number | undefined,
): Promise<LossGradients> {
  if (layers.length === 0)
    throw new ProxyFailure('no-signal', 'No path with weights leads from the input to the logits.');
  const { network } = context;
  const { gradient, saliency } = await context.run({
    program,
    chunks: batches,
    ...(whole === undefined ? {} : { whole }),
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
    let drawn: Float32Array | undefined;
    return { layer, weights: () => (drawn ??= weightsOf(layer, seed)), gradients };
  });
  const saliencies = saliency === undefined ? [] : saliencySums(saliency.data);
  let sum = 0;
  for (const values of [gradient!.data, saliencies]) for (const value of values) sum += value;
  if (!Number.isFinite(sum))
    throw new ProxyFailure('overflow', 'The gradients leave the range of 32-bit floats.');
  return { layers: own, saliencies };
}

/** ½ mean over the samples of each batch of the squares. */
function saliencySums(saliency: Float32Array): readonly number[] {
  const rows = saliency.length / batches;
  return Array.from({ length: batches }, (_, batch) => {
    let squares = 0;
    for (const value of saliency.subarray(batch * rows, (batch + 1) * rows)) squares += value ** 2;
    return squares / (2 * samples);
  });
}

export interface LossGradientProgram {
  readonly program: Program;
  /** Those that the loss depends on. */
  readonly layers: readonly Layer[];
}

/**
 * The program of which `gradient` holds, row by row, the gradients of the mean cross-entropy by the weights of the layers, one
 * behind the other, and `saliency` `[B, channels of all layers]`, where it is wanted, Σ over positions of z ⊙ ∂L/∂z of the layers' outputs z.
 */
export function lossGradientProgram(
  network: Network,
  batch: number,
  { saliencies = false }: LossGradientOptions = {},
): LossGradientProgram {
  const { b, primal, nodes, logits, layers: all } = measured(network, 'batch', batch);
  const cotangent = b.affine(crossEntropyCotangent(b, logits), 1 / batch);
  const wanted = all.map(({ node }) => node);
  const cotangents = pullBack(b, nodes, primal.logits, cotangent, wanted);
  const layers = all.filter(({ node }) => cotangents.has(node));
  if (layers.length === 0) return { program: b.finish({ logits }), layers };
  const gradients = layers.map(({ node }) => summedLayerGradient(b, nodes.get(node)!, cotangents.get(node)!));
  const gradient = inRows(b, b.concat(gradients, 1));
  if (!saliencies) return { program: simplify(b.finish({ gradient })), layers };
  const saliency = layers.map(({ node }) => {
    const { result } = nodes.get(node)!;
    const product = b.mul(result, cotangents.get(node)!);
    // Channels are axis 1 of images and the last one of vectors and tokens.
    const isImage = result.shape.length === 4;
    const channel = isImage ? 1 : result.shape.length - 1;
    const others = result.shape.flatMap((_, axis) => (axis === 0 || axis === channel ? [] : [axis]));
    return b.reshape(b.reduce('sum', product, others), [batch, result.shape[channel]!]);
  });
  return { program: simplify(b.finish({ gradient, saliency: b.concat(saliency, 1) })), layers };
}

/** The mean over the batches of a sum over layers. */
export function meanOverBatches(
  { layers }: LossGradients,
  ofLayer: (gradients: Float32Array, weights: () => Float32Array) => number,
): number {
  let sum = 0;
  for (const { gradients, weights } of layers)
    for (const own of gradients) sum += ofLayer(own, weights) / gradients.length;
  return sum;
}
