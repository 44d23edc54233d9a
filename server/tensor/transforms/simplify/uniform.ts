import type { Op } from '../../ir.ts';
import { binaryFunctions, unaryFunctions } from '../../ops/elementwise.ts';
import { count } from '../../shapes.ts';

/**
 * The number that all elements of a result are, when it follows from operands of which some are uniform (`undefined`:
 * not). A product with zeros counts as zero, whatever the other factor.
 */
export function uniformResult(
  op: Op,
  operands: readonly (number | undefined)[],
  shapes: readonly (readonly number[])[],
  shape: readonly number[],
): number | undefined {
  const x = operands[0];
  switch (op.op) {
    case 'conv2d':
    case 'matmul':
      return operands.includes(0) ? 0 : undefined;
    case 'binary': {
      const y = operands[1];
      if (op.fn === 'mul' && (x === 0 || y === 0)) return 0;
      if (op.fn === 'div' && x === 0) return 0;
      return x === undefined || y === undefined ? undefined : binaryFunctions[op.fn](x, y);
    }
    case 'affine':
      if (op.scale === 0) return op.shift;
      return x === undefined ? undefined : op.scale * x + op.shift;
    case 'concat':
      return operands.every((other) => other === x) ? x : undefined;
    case 'constant':
    case 'input':
    case 'argmaxOneHot':
      return undefined;
    case 'unary':
    case 'clip':
    case 'reduce':
    case 'softmax':
    case 'pool':
    case 'pad':
    case 'slice':
    case 'gather':
    case 'reshape':
    case 'transpose':
    case 'broadcast':
    case 'dilate':
    case 'upsample':
    case 'adjointKernel':
      return x === undefined ? undefined : uniformUnary(op, x, shapes[0]!, shape);
  }
}

function uniformUnary(
  op: Op,
  x: number,
  from: readonly number[],
  shape: readonly number[],
): number | undefined {
  if (op.op === 'unary') return unaryFunctions[op.fn](x);
  if (op.op === 'clip') return Math.min(Math.max(x, op.low), op.high);
  if (op.op === 'reduce') return op.fn === 'sum' ? (x * count(from)) / count(shape) : x;
  if (op.op === 'softmax') return 1 / from.at(-1)!;
  if (op.op === 'pool') return op.fn === 'max' || x === 0 ? x : undefined;
  if (op.op === 'pad') return op.value === x ? x : undefined;
  if (op.op === 'dilate') return x === 0 ? 0 : undefined;
  // The remaining ops only move data.
  return x;
}
