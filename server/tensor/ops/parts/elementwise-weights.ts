import { unravel } from '../../array.ts';
import type { AppliedOp } from '../../ir.ts';
import { gatherLanes, laneShape, scaleLanes, sumLanes, unfold, type Laned } from '../../lanes.ts';
import type { ProgramBuilder, Value } from '../../program-builder.ts';
import { count, type Shape } from '../../shapes.ts';
import type { PrimalNode, WeightRule } from '../rule.ts';
import { placed, summed, type WeightGradient } from './weight-gradient.ts';

/**
 * Weights that a result takes element by element, repeated along the axes of extent 1: biases, factors, tokens.
 *
 * @param reads whether the op takes its operands so
 * @param factor what the weight is multiplied by; absent where it is added
 */
export function elementwiseWeights<O extends AppliedOp>(
  reads: (op: O) => boolean,
  factor: (node: PrimalNode<O>, operand: number) => Value | undefined,
): WeightRule<O> {
  return {
    reads,
    gradient: (b, node, operand, elements, cotangent) => [
      gradient(b, node.operands[operand]!.shape, elements, cotangent, factor(node, operand)),
    ],
    tangent: (b, node, operand, element) =>
      tangent(b, node.operands[operand]!.shape, element, node.result.shape, factor(node, operand)),
  };
}

/** g, or g ⊙ factor, where the element lies; summed over the axes along which the operand is broadcast. */
function gradient(
  b: ProgramBuilder,
  shape: Shape,
  elements: readonly number[],
  cotangent: Laned,
  factor: Value | undefined,
): WeightGradient {
  const axes = laneShape(cotangent).map((_, axis) => axis);
  const own = axes.filter((axis) => axis > 0 && shape[axis] !== 1);
  const others = axes.filter((axis) => axis > 0 && shape[axis] === 1);
  if (own.length <= 1) {
    const axis = own[0] ?? 1;
    const indices = elements.map((element) => unravel(element, shape)[axis]!);
    const extent = laneShape(cotangent)[axis]!;
    // With an operand of one element there is nothing to pick.
    const picked = own.length === 0 ? cotangent : gatherLanes(b, cotangent, axis, indices);
    const seen =
      factor === undefined || own.length === 0 || factor.shape[axis] !== extent
        ? factor
        : b.gather(factor, axis, indices);
    return summed(b, picked, seen, others, elements);
  }
  const product = factor === undefined ? cotangent : scaleLanes(b, cotangent, factor);
  const unfolded = unfold(b, others.length === 0 ? product : sumLanes(b, product, others));
  const [batch, lanes, ...rest] = unfolded.shape as [number, number, ...number[]];
  const flat = b.reshape(unfolded, [batch, lanes, count(rest)]);
  return { value: b.gather(flat, 2, elements), elements };
}

/** 1, or the factor, in the box of results that the element reaches. */
function tangent(
  b: ProgramBuilder,
  shape: Shape,
  element: number,
  resultShape: Shape,
  factor: Value | undefined,
): Value {
  const start = unravel(element, shape).map((index, axis) => (shape[axis] === 1 ? 0 : index));
  const size = resultShape.map((extent, axis) => (shape[axis] === 1 ? extent : 1));
  if (factor === undefined) return placed(b, b.broadcast(b.scalar(1, size.length), size), start, resultShape);
  const seen = b.slice(
    factor,
    start.map((index, axis) => (factor.shape[axis] === 1 ? 0 : index)),
    size.map((extent, axis) => Math.min(extent, factor.shape[axis]!)),
  );
  return placed(b, b.broadcast(seen, size), start, resultShape);
}
