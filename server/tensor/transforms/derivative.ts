import { isLeaf, type AppliedOp } from '../ir.ts';
import type { Laned } from '../lanes.ts';
import type { LinearMap } from '../linear-map.ts';
import { isSensitive, ruleOf } from '../ops/index.ts';
import type { PrimalNode } from '../ops/rule.ts';
import type { WeightGradient } from '../ops/parts/weight-gradient.ts';
import type { ProgramBuilder } from '../program-builder.ts';

/** Whether ops may mix samples, as norms in batch mode do: sums over axis 0, and what is the same for all of them. */
export type SampleMixing = 'apart' | 'mixed';

/**
 * The derivative of a sensitive node with respect to one operand, at the values of the primal run. Axis 0 is the samples';
 * `mixing` says whether ops that may mix them do. Throws `TypeError` for what does otherwise.
 */
export function derivative(
  b: ProgramBuilder,
  node: PrimalNode,
  operand: number,
  mixing: SampleMixing = 'apart',
): LinearMap {
  const { id, op, operands, result } = node;
  requireApplied(node);
  const rule = ruleOf(node.op);
  if (!isSensitive(op) || typeof rule.derivative === 'string')
    throw new TypeError(`node ${id}, ${op.op}: has no derivative`);
  const shapes = operands.map(({ shape }) => shape);
  const shape = shapes[operand]!;
  if (rule.isShared?.(shapes, operand) === true)
    throw new TypeError(`node ${id}, ${op.op}: operand ${operand}, one for all samples, depends on them`);
  const mixes = mixing === 'mixed' && rule.mayMix?.(shape) === true;
  const keeps = shape[0] === result.shape[0] && rule.keepsSamples(node.op, shapes);
  if (!(mixes || keeps) || shape.length < 2 || result.shape.length < 2)
    throw new TypeError(`node ${id}, ${op.op}: axis 0 must stay the samples, and the rank at least 2`);
  return rule.derivative(b, node, operand);
}

/** Derivatives by some elements of a weight, which the node reads as that operand, from the cotangent of its value. */
export function weightGradient(
  b: ProgramBuilder,
  node: PrimalNode,
  operand: number,
  elements: readonly number[],
  cotangent: Laned,
): WeightGradient[] {
  requireApplied(node);
  return ruleOf(node.op).weights!.gradient(b, node, operand, elements, cotangent);
}

/** How the node's value changes with some elements of a weight, which it reads as that operand: one lane an element. */
export function weightTangents(
  b: ProgramBuilder,
  node: PrimalNode,
  operand: number,
  elements: readonly number[],
): Laned {
  requireApplied(node);
  const { weights } = ruleOf(node.op);
  const values = elements.map((element) => weights!.tangent(b, node, operand, element));
  return { value: b.concat(values, 1), lanes: elements.length };
}

function requireApplied(node: PrimalNode): asserts node is PrimalNode<AppliedOp> {
  if (isLeaf(node.op)) throw new TypeError(`node ${node.id}, ${node.op.op}: has no operands`);
}
