import type { ProgramBuilder, Value } from '../builder.ts';
import type { PrimalNode } from '../ops/derivatives.ts';
import type { Op } from '../ir.ts';
import type { Laned } from './lanes.ts';
import { tapRange, unravel, type ParameterUse } from './parameters.ts';

/**
 * How a node's value changes with single elements of a parameter it reads: one lane an element, mostly zeros. Each is
 * the part of the other operand that meets the element, placed where its product lands.
 */
export function weightTangents(
  b: ProgramBuilder,
  node: PrimalNode,
  use: ParameterUse,
  elements: readonly number[],
): Laned {
  const values = elements.map((element) => {
    const { op } = node;
    if (op.op === 'conv2d') return convTangent(b, op, node, element);
    if (op.op === 'matmul') return matmulTangent(b, op.transposeB, node, element);
    return elementwiseTangent(b, node, use, element);
  });
  return { value: b.concat(values, 1), lanes: elements.length };
}

function convTangent(
  b: ProgramBuilder,
  op: Extract<Op, { readonly op: 'conv2d' }>,
  { operands, result }: PrimalNode,
  element: number,
): Value {
  const [x, weight] = operands as readonly [Value, Value];
  const [output, input, ky, kx] = unravel(element, weight.shape) as [number, number, number, number];
  const [outputs, perGroup] = weight.shape as readonly [number, number];
  const channel = Math.floor(output / (outputs / op.groups)) * perGroup + input;
  const rows = tapRange(ky, op.stride[0], op.dilation[0], op.pads[0], x.shape[2]!, result.shape[2]!);
  const columns = tapRange(kx, op.stride[1], op.dilation[1], op.pads[1], x.shape[3]!, result.shape[3]!);
  if (rows.count === 0 || columns.count === 0) return zeros(b, result.shape);
  const seen = b.slice(
    x,
    [0, channel, rows.reads, columns.reads],
    [b.batch, 1, rows.count, columns.count],
    [1, 1, ...op.stride],
  );
  return placed(b, seen, [0, output, rows.first, columns.first], result.shape);
}

function matmulTangent(
  b: ProgramBuilder,
  transposeB: boolean,
  { operands, result }: PrimalNode,
  element: number,
): Value {
  const [a, weight] = operands as readonly [Value, Value];
  const [first, second] = unravel(element, weight.shape) as [number, number];
  const [column, inner] = transposeB ? [first, second] : [second, first];
  const last = a.shape.length - 1;
  const at = (position: number): number[] => a.shape.map((_, axis) => (axis === last ? position : 0));
  const seen = b.slice(
    a,
    at(inner),
    a.shape.map((extent, axis) => (axis === last ? 1 : extent)),
  );
  return placed(b, seen, at(column), result.shape);
}

function elementwiseTangent(
  b: ProgramBuilder,
  { operands, result }: PrimalNode,
  use: ParameterUse,
  element: number,
): Value {
  const { shape } = operands[use.operand]!;
  const place = unravel(element, shape);
  // The box of results that the element reaches.
  const start = place.map((index, axis) => (shape[axis] === 1 ? 0 : index));
  const size = result.shape.map((extent, axis) => (shape[axis] === 1 ? extent : 1));
  if (use.kind !== 'mul') return placed(b, b.broadcast(b.scalar(1, size.length), size), start, result.shape);
  const other = operands[1 - use.operand]!;
  const seen = b.slice(
    other,
    start.map((index, axis) => (other.shape[axis] === 1 ? 0 : index)),
    size.map((extent, axis) => Math.min(extent, other.shape[axis]!)),
  );
  return placed(b, b.broadcast(seen, size), start, result.shape);
}

function zeros(b: ProgramBuilder, shape: readonly number[]): Value {
  return b.broadcast(b.scalar(0, shape.length), shape);
}

/** A box among zeros. */
function placed(b: ProgramBuilder, box: Value, start: readonly number[], shape: readonly number[]): Value {
  return b.pad(
    box,
    start,
    shape.map((extent, axis) => extent - start[axis]! - box.shape[axis]!),
  );
}
