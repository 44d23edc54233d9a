import type { Binding } from '../engine/engine.ts';
import { lower, SAMPLES_INPUT } from '../network/lower.ts';
import type { Network } from '../network/network.ts';
import { paramSource, type NormMode } from '../network/op.ts';
import { createBuilder, type ProgramBuilder, type Value } from '../tensor/builder.ts';
import { isLayer } from '../tensor/ops/index.ts';
import type { PrimalNode } from '../tensor/ops/rule.ts';
import type { NodeId, PrimalProgram } from '../tensor/ir.ts';
import { inlineSource, materialise } from '../tensor/materialise.ts';
import { copyPrimal } from '../tensor/transforms/copy.ts';
import { integerStream } from '../tensor/random.ts';
import { count } from '../tensor/shapes.ts';

/** The weight of a convolution or linear layer, without biases. */
export interface Layer {
  /** As `NetworkParam.name`. */
  readonly name: string;
  readonly shape: readonly number[];
  readonly fanIn: number;
  /** The node that multiplies by it. */
  readonly node: NodeId;
}

/** A network lowered into a builder, to which a proxy adds what it measures. */
export interface Measured {
  readonly b: ProgramBuilder;
  readonly primal: PrimalProgram;
  readonly nodes: ReadonlyMap<NodeId, PrimalNode>;
  readonly logits: Value;
  /** Those that the logits depend on, in the order of the program. */
  readonly layers: readonly Layer[];
}

export function measured(network: Network, norm: NormMode, batch: number): Measured {
  const primal = lower(network, {
    batch,
    norm,
    params: ({ name, init }) => paramSource(name, init),
  });
  const b = createBuilder(batch);
  const nodes = copyPrimal(b, primal);
  const layers = layersOf(network, primal, nodes);
  return { b, primal, nodes, logits: nodes.get(primal.logits)!.result, layers };
}

function layersOf(
  network: Network,
  primal: PrimalProgram,
  nodes: ReadonlyMap<NodeId, PrimalNode>,
): readonly Layer[] {
  const fanIns = new Map<string, number>();
  for (const { params } of network.nodes)
    for (const { name, init } of params) if (init.kind === 'kaiming') fanIns.set(name, init.fanIn);
  const weights = new Map<NodeId, Omit<Layer, 'node'>>();
  for (const { name, node, shape } of primal.params) {
    const fanIn = fanIns.get(name);
    if (fanIn !== undefined) weights.set(node, { name, shape, fanIn });
  }
  const layers: Layer[] = [];
  for (const [id, { op, inputs }] of nodes) {
    if (!isLayer(op)) continue;
    const weight = weights.get(inputs[1]!);
    if (weight !== undefined) layers.push({ ...weight, node: id });
  }
  return layers;
}

/** The drawn weights of a layer, as the engine draws them, row-major. */
export function weightsOf({ name, shape, fanIn }: Layer, seed: number): Float32Array {
  return materialise(paramSource(name, { kind: 'kaiming', fanIn }), shape, seed);
}

/** Samples N(0, 1) `[samples, …input]`; a run that has images puts them in their place (`withSamples`). */
export function samplesBinding({ inputShape }: Network, samples: number): Record<string, Binding> {
  return {
    [SAMPLES_INPUT]: {
      shape: [samples, ...inputShape],
      source: { kind: 'normal', name: 'samples', std: 1 },
    },
  };
}

/** Input of one-hot labels, `[batch, classes]`. */
export const LABELS_INPUT = 'labels';

/** Random classes 0 … classes − 1, one a sample: noise has none. */
export function randomLabels(samples: number, classes: number, seed: number): readonly number[] {
  const draw = integerStream(seed, 'labels');
  return Array.from({ length: samples }, () => draw(classes));
}

/** One-hot `[labels, classes]`. */
export function labelsBinding(labels: readonly number[], classes: number): Record<string, Binding> {
  const values = new Float32Array(labels.length * classes);
  for (const [sample, label] of labels.entries()) values[sample * classes + label] = 1;
  return { [LABELS_INPUT]: { shape: [labels.length, classes], source: inlineSource(values) } };
}

/** softmax − labels: the gradient of each sample's cross-entropy by its logits, `[batch, classes]`. */
export function crossEntropyCotangent(b: ProgramBuilder, logits: Value): Value {
  return b.sub(b.softmax(logits), b.input(LABELS_INPUT, logits.shape));
}

/**
 * A vector as an output, whose first axis must be the samples': its numbers row by row, zeros behind the last.
 *
 * @param vector `[1, n]`
 */
export function inRows(b: ProgramBuilder, vector: Value): Value {
  const width = Math.ceil(count(vector.shape) / b.batch);
  return b.reshape(b.pad(vector, [0, 0], [0, width * b.batch - count(vector.shape)]), [b.batch, width]);
}
