import { isLeaf, type AppliedOp } from '../ir.ts';
import { ruleOf } from '../ops/index.ts';
import type { LayerRule, PrimalNode } from '../ops/rule.ts';
import type { ProgramBuilder, Value } from '../program-builder.ts';
import { count } from '../shapes.ts';

/**
 * Gradients by the whole weight of a layer (`isLayer`), of each sample alone: `[B, weights]`, each weight at a
 * place of its own that is the same for all samples, in no particular order.
 *
 * @param cotangent of the node's result
 * @throws TypeError for a node that is no layer
 */
export function layerGradients(b: ProgramBuilder, node: PrimalNode, cotangent: Value): Value {
  const { gradient } = gradientOf(b, node, cotangent);
  return b.reshape(gradient, [cotangent.shape[0]!, count(gradient.shape) / cotangent.shape[0]!]);
}

/**
 * The sum of the gradients of all samples: `[1, weights]`, row-major in the weight's own shape.
 *
 * @param cotangent of the node's result
 * @throws TypeError for a node that is no layer
 */
export function summedLayerGradient(b: ProgramBuilder, node: PrimalNode, cotangent: Value): Value {
  const { gradient, layer } = gradientOf(b, node, cotangent);
  // Summed first: there is less to bring into order then.
  const sum = b.reduce('sum', gradient, [0]);
  return b.reshape(layer.inOrder(b, sum), [1, count(sum.shape)]);
}

/** `[B, …]` of each sample, in the order of the op. */
function gradientOf(
  b: ProgramBuilder,
  node: PrimalNode,
  cotangent: Value,
): { readonly gradient: Value; readonly layer: LayerRule<AppliedOp> } {
  const { op } = node;
  const layer = isLeaf(op) ? undefined : ruleOf(op).layer;
  if (isLeaf(op) || layer === undefined) throw new TypeError(`${op.op} is no layer`);
  return { gradient: layer.gradient(b, { ...node, op }, cotangent), layer };
}
