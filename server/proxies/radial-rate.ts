import type { Network } from '../network/network.ts';
import type { ProgramBuilder, Value } from '../tensor/builder.ts';
import { createBuilder } from '../tensor/builder.ts';
import type { NodeId, Program } from '../tensor/ir.ts';
import { isLayer, isSensitive } from '../tensor/ops/index.ts';
import type { PrimalNode } from '../tensor/ops/rule.ts';
import { copyPrimal } from '../tensor/transforms/copy.ts';
import { derivative } from '../tensor/transforms/derivative.ts';
import { summedLayerGradient } from '../tensor/transforms/layer-gradients.ts';
import { pullBack } from '../tensor/transforms/pull-back.ts';
import { simplify } from '../tensor/transforms/simplify/simplify.ts';
import type { LossGradientProgram } from './loss-gradients.ts';
import { crossEntropyCotangent, inRows, measured, type Layer } from './measured.ts';

/**
 * The program of which `gradient` holds ∇(θ·∇L) = g + Hθ, as `lossGradientProgram` has the gradients g: forward mode along the weights θ
 * of all layers gives θ·∇L, and reverse mode through that its gradient. At kinks the second derivative is 0, as in automatic
 * differentiation elsewhere: a difference of gradients would add what ReLUs jump by between its two ends.
 */
export function radialRateProgram(network: Network, batch: number): LossGradientProgram {
  const { program, layers } = rateProgram(network, batch);
  const rate = program.outputs[0]?.node;
  if (rate === undefined || layers.length === 0) return { program, layers: [] };
  const b = createBuilder(batch);
  const nodes = copyPrimal(b, { program, params: [], logits: rate, nodeValues: [] });
  const uses = usesOf(nodes);
  const wanted = layers.flatMap(({ name }) => uses.get(name) ?? []);
  const ones = b.broadcast(b.scalar(1, 2), [batch, 1]);
  const cotangents = pullBack(b, nodes, rate, ones, wanted);
  const gradients = layers.map(({ name, shape }) => {
    const own = (uses.get(name) ?? []).flatMap((node) => {
      const cotangent = cotangents.get(node);
      return cotangent === undefined ? [] : [summedLayerGradient(b, nodes.get(node)!, cotangent)];
    });
    return own.length === 0
      ? b.broadcast(b.scalar(0, 2), [1, shape.reduce((all, extent) => all * extent, 1)])
      : sumOf(b, own);
  });
  return { program: simplify(b.finish({ gradient: inRows(b, b.concat(gradients, 1)) })), layers };
}

/** θ·∇L as the sum over samples of `rate` `[B, 1]`, the derivative of the mean cross-entropy along the weights, and the layers whose gradient it has. */
function rateProgram(
  network: Network,
  batch: number,
): { readonly program: Program; readonly layers: readonly Layer[] } {
  const { b, primal, nodes, logits, layers } = measured(network, 'batch', batch);
  const ofLayers = new Set(layers.map(({ node }) => node));
  const tangents = new Map<NodeId, Value>();
  for (const [id, node] of nodes) {
    const terms = isSensitive(node.op)
      ? node.inputs.flatMap((input, operand) => {
          const value = tangents.get(input);
          return value === undefined
            ? []
            : [derivative(b, node, operand, 'mixed').apply({ value, lanes: 1 }).value];
        })
      : [];
    // A layer is linear in its weights: along them its result changes by itself.
    if (ofLayers.has(id)) terms.push(node.result);
    if (terms.length > 0) tangents.set(id, sumOf(b, terms));
  }
  const tangent = tangents.get(primal.logits);
  if (tangent === undefined) return { program: b.finish({ logits }), layers: [] };
  const rate = b.reduce('sum', b.mul(b.affine(crossEntropyCotangent(b, logits), 1 / batch), tangent), [1]);
  return { program: b.finish({ rate }), layers };
}

/** The nodes that multiply by a weight, by its name. */
function usesOf(nodes: ReadonlyMap<NodeId, PrimalNode>): ReadonlyMap<string, readonly NodeId[]> {
  const uses = new Map<string, NodeId[]>();
  for (const [id, { op, inputs }] of nodes) {
    const weight = isLayer(op) ? nodes.get(inputs[1]!)?.op : undefined;
    if (weight?.op !== 'constant' || weight.source.kind !== 'normal') continue;
    uses.set(weight.source.name, [...(uses.get(weight.source.name) ?? []), id]);
  }
  return uses;
}

function sumOf(b: ProgramBuilder, terms: readonly Value[]): Value {
  return terms.reduce((sum, term) => b.add(sum, term));
}
