import { isLeaf, type AppliedOp, type IrNode, type NodeId, type Program } from '../ir.ts';
import type { Shape } from '../shapes.ts';

/** Thrown for a program that cannot be cut into stages: what it does with samples has no rule here. */
export class NotStageable extends Error {}

/** How a node depends on which samples a chunk has. */
export interface Way {
  /** Axis along which the samples lie, each with as many places as all others; absent where the value is one for all samples. */
  readonly axis?: number;
  /** Its value in a chunk is a term of the value: this times it, summed over the chunks, is the value. */
  readonly term?: 'sum' | 'mean';
  /** Its second operand is needed for all samples at once. */
  readonly readsWhole?: true;
  /** Stage in which its chunks can be computed. */
  readonly level: number;
}

/** First stage in which others may read it. */
export function readableFrom({ level, term }: Way): number {
  return term === undefined ? level : level + 1;
}

/**
 * Follows the samples through a program that mixes them: sums over samples are terms, added up over chunks before what reads them
 * can be computed, and so each of them begins another stage.
 *
 * @throws NotStageable
 */
export function waysOf({ nodes, batch }: Program): readonly Way[] {
  const ways: Way[] = [];
  for (const node of nodes) ways.push(wayOf(node, ways, nodes, batch));
  return ways;
}

function wayOf(node: IrNode, ways: readonly Way[], nodes: readonly IrNode[], batch: number): Way {
  const { op, inputs } = node;
  if (isLeaf(op)) return op.op === 'input' ? { axis: 0, level: 0 } : { level: 0 };
  const operands = inputs.map((input) => ways[input]!);
  const level = Math.max(...operands.map(readableFrom));
  const axes = operands.map(axisOf);
  if (axes.every((axis) => axis === undefined)) return { level };
  const shapes = inputs.map((input) => nodes[input]!.shape);
  const own = followed(op, axes, shapes, node.shape, batch);
  // What is read whole has to be there for all samples.
  return own.readsWhole === true
    ? { ...own, level: Math.max(level, operands[1]!.level + 1) }
    : { ...own, level };
}

/** The axis of what is not summed yet either: a term is one value a chunk. */
function axisOf({ axis, term }: Way): number | undefined {
  return term === undefined ? axis : undefined;
}

type Followed = Omit<Way, 'level'>;

/** @param axes of the operands, absent where one is for all samples */
export function followed(
  op: AppliedOp,
  axes: readonly (number | undefined)[],
  shapes: readonly Shape[],
  shape: Shape,
  batch: number,
): Followed {
  if (op.op === 'matmul') return followedProduct(op, axes, shapes);
  const present = axes.filter((axis) => axis !== undefined);
  const axis = present[0]!;
  if (present.some((other) => other !== axis)) throw new NotStageable(`${op.op}: samples along two axes`);
  const stays = (condition: boolean): Followed => {
    if (!condition) throw new NotStageable(`${op.op}: mixes samples`);
    return { axis };
  };
  const last = shape.length - 1;
  switch (op.op) {
    case 'unary':
    case 'binary':
    case 'affine':
    case 'clip':
      return { axis };
    case 'reduce':
      if (!op.axes.includes(axis)) return { axis };
      if (op.fn === 'max') throw new NotStageable('a maximum over samples');
      return { term: op.fn };
    case 'softmax':
    case 'argmaxOneHot':
      return stays(axis !== last);
    case 'conv2d':
      return stays(axis === 0 && axes[1] === undefined);
    case 'pool':
    case 'dilate':
    case 'upsample':
      return stays(axis < 2);
    case 'pad':
      return stays(op.before[axis] === 0 && op.after[axis] === 0);
    case 'slice':
      return stays(op.start[axis] === 0 && op.size[axis] === shapes[0]![axis] && op.step[axis] === 1);
    case 'concat':
    case 'gather':
      return stays(op.axis !== axis);
    case 'broadcast':
      return stays(shape[axis] === shapes[0]![axis]);
    case 'transpose':
      return { axis: op.permutation.indexOf(axis) };
    case 'reshape':
      return { axis: axisAfter(shapes[0]!, axis, shape, batch) };
    case 'adjointKernel':
      throw new NotStageable('a kernel of samples');
  }
}

/** The axis of the new shape that holds what `axis` held, samples outermost. @throws NotStageable where there is none */
export function axisAfter(from: Shape, axis: number, to: Shape, batch: number): number {
  const before = product(from.slice(0, axis));
  const found = to.findIndex((extent, at) => extent % batch === 0 && product(to.slice(0, at)) === before);
  if (found < 0) throw new NotStageable('reshape: samples lie along no axis');
  return found;
}

function product(extents: Shape): number {
  return extents.reduce((all, extent) => all * extent, 1);
}

function followedProduct(
  { transposeA, transposeB }: { readonly transposeA: boolean; readonly transposeB: boolean },
  [left, right]: readonly (number | undefined)[],
  [a, b]: readonly Shape[],
): Followed {
  const leading = a!.length - 2;
  const [row, inner] = transposeA ? [leading + 1, leading] : [leading, leading + 1];
  const ownLeading = b!.length - 2;
  const [innerB, column] = transposeB ? [ownLeading + 1, ownLeading] : [ownLeading, ownLeading + 1];
  if (right === undefined) {
    if (left === inner) throw new NotStageable('matmul: sums over samples with what is no sample');
    return { axis: left === row ? leading : left! };
  }
  if (left === undefined) {
    if (right === innerB) throw new NotStageable('matmul: sums over samples with what is no sample');
    if (right === column) return { axis: leading + 1 };
    if (b!.length !== a!.length) throw new NotStageable('matmul: a matrix of samples');
    return { axis: right };
  }
  if (left === inner && right === innerB) return { term: 'sum' };
  if (left < leading && left === right && b!.length === a!.length) return { axis: left };
  if (left === row && right === column && leading === 0 && ownLeading === 0)
    return { axis: leading, readsWhole: true };
  throw new NotStageable('matmul: mixes samples');
}

/** Nodes that all samples must be there of when others read them. */
export function readWhole({ nodes }: Program, ways: readonly Way[]): ReadonlySet<NodeId> {
  return new Set(nodes.flatMap(({ inputs }, id) => (ways[id]!.readsWhole === true ? [inputs[1]!] : [])));
}
