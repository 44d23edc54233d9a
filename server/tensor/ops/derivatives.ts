import type { ProgramBuilder, Value } from '../builder.ts';
import { convMap } from './conv-map.ts';
import type { BinaryFn, NodeId, Op, Pair, Pads, ReduceFn, UnaryFn } from '../ir.ts';
import {
  broadcastMap,
  composed,
  diagonalMap,
  dilateMap,
  elementwiseMap,
  gatherMap,
  identityMap,
  matrixTimesMap,
  matrixTransposeMap,
  padMap,
  reshapeMap,
  scaleMap,
  sliceMap,
  softmaxMap,
  sumMap,
  sumOfMaps,
  sumPoolMap,
  timesMatrixMap,
  transposeMap,
  upsampleMap,
  type LinearMap,
} from './linear-maps.ts';
import { count } from '../shapes.ts';

/** A node of the primal program with its values in the program under construction. */
export interface PrimalNode {
  readonly id: NodeId;
  readonly op: Op;
  /** Nodes of the primal program. */
  readonly inputs: readonly NodeId[];
  readonly operands: readonly Value[];
  readonly result: Value;
}

/** Whether a change of the operands changes the result, almost everywhere. */
export function isSensitive(op: Op): boolean {
  switch (op.op) {
    case 'constant':
    case 'input':
    case 'argmaxOneHot':
      return false;
    case 'unary':
      return op.fn !== 'step';
    case 'binary':
      return op.fn !== 'equal';
    case 'affine':
      return op.scale !== 0;
    case 'conv2d':
    case 'matmul':
    case 'clip':
    case 'reduce':
    case 'softmax':
    case 'pool':
    case 'pad':
    case 'slice':
    case 'concat':
    case 'gather':
    case 'reshape':
    case 'transpose':
    case 'broadcast':
    case 'dilate':
    case 'upsample':
    case 'adjointKernel':
      return true;
  }
}

/** Whether ops may mix samples, as norms in batch mode do: sums over axis 0, and what is the same for all of them. */
export type SampleMixing = 'apart' | 'mixed';

/**
 * The derivative of a sensitive node with respect to one operand, at the values of the primal run. Axis 0 is the samples', which
 * only reductions and broadcasts may mix, and only where `mixing` says so; throws `TypeError` for what does otherwise. At
 * kinks the conventions of PyTorch hold: relu and clip have derivative 0 there, a max pool passes to the first maximum of
 * its window.
 */
export function derivative(
  b: ProgramBuilder,
  node: PrimalNode,
  index: number,
  mixing: SampleMixing = 'apart',
): LinearMap {
  const { op, operands, result } = node;
  const x = operands[index]!;
  const shape = x.shape;
  const isBroadcast = shape[0] === 1 && (op.op === 'binary' || op.op === 'broadcast');
  const mayMix = mixing === 'mixed' && (isBroadcast || op.op === 'reduce');
  requireSamples(node, (mayMix || shape[0] === result.shape[0]) && shape.length >= 2);
  switch (op.op) {
    case 'constant':
    case 'input':
    case 'argmaxOneHot':
      throw new TypeError(`${op.op} has no derivative`);
    case 'conv2d':
      if (index !== 0) throw new TypeError('conv2d: the weight depends on the samples');
      return convMap(b, shape, op, operands[1]!);
    case 'matmul':
      return matmulDerivative(b, op.transposeA, op.transposeB, operands, index);
    case 'unary':
      return unaryDerivative(b, op.fn, x, result);
    case 'binary':
      return composed(
        broadcastMap(b, shape, result.shape),
        binaryDerivative(b, op.fn, operands[0]!, operands[1]!, result, index),
      );
    case 'affine':
      return scaleMap(b, op.scale);
    case 'clip': {
      // Positive strictly between the bounds, zero on them.
      const inside = b.unary('step', b.mul(b.affine(result, 1, -op.low), b.affine(result, -1, op.high)));
      return diagonalMap(b, inside);
    }
    case 'reduce':
      requireSamples(node, mayMix || !op.axes.includes(0));
      return reduceDerivative(b, op.fn, op.axes, x);
    case 'softmax':
      return softmaxMap(b, result);
    case 'pool':
      return op.fn === 'sum' ? sumPoolMap(b, shape, op) : maxPoolDerivative(b, op, x, result);
    case 'pad':
      requireSamples(node, op.before[0] === 0 && op.after[0] === 0);
      return padMap(b, shape, op.before, op.after);
    case 'slice':
      requireSamples(node, op.size[0] === shape[0]);
      return sliceMap(b, shape, op);
    case 'concat': {
      requireSamples(node, op.axis !== 0);
      const before = operands.slice(0, index).reduce((sum, operand) => sum + operand.shape[op.axis]!, 0);
      const after = result.shape[op.axis]! - before - shape[op.axis]!;
      const along = (extent: number): number[] => shape.map((_, axis) => (axis === op.axis ? extent : 0));
      return padMap(b, shape, along(before), along(after));
    }
    case 'gather':
      requireSamples(node, op.axis !== 0);
      return gatherMap(b, shape, op);
    case 'reshape':
      requireSamples(node, result.shape.length >= 2);
      return reshapeMap(b, shape, op.shape);
    case 'transpose':
      requireSamples(node, op.permutation[0] === 0);
      return transposeMap(b, op.permutation);
    case 'broadcast':
      return broadcastMap(b, shape, op.shape);
    case 'dilate':
      return dilateMap(b, shape, op);
    case 'upsample':
      return upsampleMap(b, op.factor);
    case 'adjointKernel':
      throw new TypeError('adjointKernel: a kernel depends on the samples');
  }
}

function requireSamples({ id, op }: PrimalNode, kept: boolean): void {
  if (!kept)
    throw new TypeError(`node ${id}, ${op.op}: axis 0 must stay the samples, and the rank at least 2`);
}

function unaryDerivative(b: ProgramBuilder, fn: UnaryFn, x: Value, y: Value): LinearMap {
  switch (fn) {
    case 'neg':
      return elementwiseMap((value) => b.unary('neg', value));
    case 'exp':
      return diagonalMap(b, y);
    case 'log':
      return diagonalMap(b, b.unary('reciprocal', x));
    case 'sqrt':
      return diagonalMap(b, b.affine(b.unary('reciprocal', y), 0.5));
    case 'reciprocal':
      return diagonalMap(b, b.unary('neg', b.unary('square', y)));
    case 'erf':
      return diagonalMap(
        b,
        b.affine(b.unary('exp', b.unary('neg', b.unary('square', x))), 2 / Math.sqrt(Math.PI)),
      );
    case 'tanh':
      return diagonalMap(b, b.affine(b.unary('square', y), -1, 1));
    case 'sigmoid':
      return diagonalMap(b, b.mul(y, b.affine(y, -1, 1)));
    case 'relu':
      // By the result, so that engines may fuse the relu into what computes x.
      return diagonalMap(b, b.unary('step', y));
    case 'step':
      throw new TypeError('step has no derivative');
    case 'abs':
      return diagonalMap(b, b.sub(b.unary('step', x), b.unary('step', b.unary('neg', x))));
    case 'square':
      return diagonalMap(b, b.affine(x, 2));
  }
}

/** After both operands have been broadcast to the result's shape. */
function binaryDerivative(
  b: ProgramBuilder,
  fn: BinaryFn,
  left: Value,
  right: Value,
  y: Value,
  index: number,
): LinearMap {
  switch (fn) {
    case 'add':
      return identityMap;
    case 'sub':
      return index === 0 ? identityMap : elementwiseMap((value) => b.unary('neg', value));
    case 'mul':
      return diagonalMap(b, index === 0 ? right : left);
    case 'div':
      return diagonalMap(
        b,
        index === 0 ? b.unary('reciprocal', right) : b.unary('neg', b.binary('div', y, right)),
      );
    case 'max':
    case 'min': {
      // A tie goes to the first operand.
      const second = b.unary('step', fn === 'max' ? b.sub(right, left) : b.sub(left, right));
      return diagonalMap(b, index === 1 ? second : b.affine(second, -1, 1));
    }
    case 'equal':
      throw new TypeError('equal has no derivative');
  }
}

function reduceDerivative(b: ProgramBuilder, fn: ReduceFn, axes: readonly number[], x: Value): LinearMap {
  const sum = sumMap(b, x.shape, axes);
  if (fn === 'sum') return sum;
  if (fn === 'mean') return composed(sum, scaleMap(b, 1 / count(axes.map((axis) => x.shape[axis]!))));
  // The first maximum along the reduced axes, brought behind the others and flattened.
  const kept = x.shape.map((_, axis) => axis).filter((axis) => !axes.includes(axis));
  const order = [...kept, ...axes];
  const moved = b.transpose(x, order);
  const flat = b.reshape(moved, [
    ...kept.map((axis) => x.shape[axis]!),
    count(axes.map((axis) => x.shape[axis]!)),
  ]);
  const winners = b.reshape(b.argmaxOneHot(flat), moved.shape);
  const inverse = order.map((_, axis) => order.indexOf(axis));
  return composed(diagonalMap(b, b.transpose(winners, inverse)), sum);
}

/**
 * Each window offset is a strided slice of the padded operand; its mask says where it holds the window's maximum and no
 * earlier offset does.
 */
function maxPoolDerivative(
  b: ProgramBuilder,
  { kernel, stride, pads }: { readonly kernel: Pair; readonly stride: Pair; readonly pads: Pads },
  x: Value,
  y: Value,
): LinearMap {
  const [top, left] = pads;
  const [, , outHeight, outWidth] = y.shape as readonly [number, number, number, number];
  // Rows and columns that windows reach, so that every slice lies inside; beyond them the operand is cut off.
  const reach = ([0, 1] as const).map((i) => (y.shape[2 + i]! - 1) * stride[i] + kernel[i]);
  const before = [0, 0, top, left];
  const after = [0, 0, reach[0]! - top - x.shape[2]!, reach[1]! - left - x.shape[3]!];
  const cut = x.shape.map((extent, axis) => extent + Math.min(0, after[axis]!));
  const whole = { op: 'slice', start: [0, 0, 0, 0], size: cut, step: [1, 1, 1, 1] } as const;
  const padAfter = after.map((n) => Math.max(0, n));
  // Below every maximum: padding never wins.
  const lowest = -3.4e38;
  const padded = b.pad(b.slice(x, whole.start, cut), before, padAfter, lowest);

  const maps: LinearMap[] = [];
  let taken: Value | undefined;
  for (let ky = 0; ky < kernel[0]; ky += 1) {
    for (let kx = 0; kx < kernel[1]; kx += 1) {
      const window = {
        op: 'slice',
        start: [0, 0, ky, kx],
        size: [...padded.shape.slice(0, 2), outHeight, outWidth],
        step: [1, 1, ...stride],
      } as const;
      const maximal = b.binary('equal', b.slice(padded, window.start, window.size, window.step), y);
      const first = taken === undefined ? maximal : b.binary('max', b.sub(maximal, taken), b.scalar(0, 4));
      taken = taken === undefined ? maximal : b.binary('max', taken, maximal);
      maps.push(composed(sliceMap(b, padded.shape, window), diagonalMap(b, first)));
    }
  }
  return composed(sliceMap(b, x.shape, whole), padMap(b, cut, before, padAfter), sumOfMaps(b, maps));
}

function matmulDerivative(
  b: ProgramBuilder,
  transposeA: boolean,
  transposeB: boolean,
  operands: readonly Value[],
  index: number,
): LinearMap {
  const [left, right] = operands as readonly [Value, Value];
  if (index === 0) {
    const rows = transposeA ? [matrixTransposeMap(b, left.shape)] : [];
    const { shape } = left;
    const from = transposeA ? [...shape.slice(0, -2), shape.at(-1)!, shape.at(-2)!] : shape;
    return composed(...rows, timesMatrixMap(b, from, right, transposeB));
  }
  if (right.shape.length === 2)
    throw new TypeError('matmul: a matrix for all samples depends on the samples');
  const columns = transposeB ? [matrixTransposeMap(b, right.shape)] : [];
  return composed(...columns, matrixTimesMap(b, left, transposeA));
}
