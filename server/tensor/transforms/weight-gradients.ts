import type { ProgramBuilder, Value } from '../builder.ts';
import { isContraction, type Contraction } from './contractions.ts';
import type { PrimalNode } from '../ops/derivatives.ts';
import type { Op } from '../ir.ts';
import { gatherLanes, laneShape, scaleLanes, sumLanes, unfold, type Laned } from './lanes.ts';
import { tapRange, unravel, type ParameterUse } from './parameters.ts';

/**
 * Derivatives by some elements of a parameter, for K lanes: `value` holds `[B, K, elements.length]` row-major, in
 * whatever shape came out.
 */
export interface GradientPiece {
  readonly value: Value;
  readonly elements: readonly number[];
}

/** A finished derivative, or a contraction to be done together with others. */
export type WeightGradient = GradientPiece | Omit<Contraction, 'weight'>;

/**
 * Contracts the cotangent of a node with what multiplies the parameter there, sample by sample, only where a wanted
 * element looks. Elements that have no influence (a kernel tap that sees padding only) are left out.
 */
export function weightGradient(
  b: ProgramBuilder,
  node: PrimalNode,
  use: ParameterUse,
  elements: readonly number[],
  cotangent: Laned,
): WeightGradient[] {
  const { op } = node;
  if (op.op === 'conv2d') return convGradient(b, op, node, elements, cotangent);
  if (op.op === 'matmul') return [matmulGradient(b, op.transposeB, node, elements, cotangent)];
  const other = use.kind === 'mul' ? node.operands[1 - use.operand]! : undefined;
  return [elementwiseGradient(b, node.operands[use.operand]!.shape, elements, cotangent, other)];
}

/** Σ g[o, y, x] · x[i, y·s + ky·d − p, x·s + kx·d − p], elements of one kernel tap together. */
function convGradient(
  b: ProgramBuilder,
  op: Extract<Op, { readonly op: 'conv2d' }>,
  { operands }: PrimalNode,
  elements: readonly number[],
  cotangent: Laned,
): WeightGradient[] {
  const [x, weight] = operands as readonly [Value, Value];
  const [batch, , height, width] = x.shape as readonly [number, number, number, number];
  const [outputs, perGroup, , kernelWidth] = weight.shape as readonly [number, number, number, number];
  const [, , outHeight, outWidth] = cotangent.value.shape as readonly [number, number, number, number];
  const byTap = new Map<number, number[]>();
  for (const element of elements) {
    const [, , ky, kx] = unravel(element, weight.shape) as [number, number, number, number];
    const tap = ky * kernelWidth + kx;
    byTap.set(tap, [...(byTap.get(tap) ?? []), element]);
  }
  return [...byTap].flatMap(([tap, own]) => {
    const rows = tapRange(
      Math.floor(tap / kernelWidth),
      op.stride[0],
      op.dilation[0],
      op.pads[0],
      height,
      outHeight,
    );
    const columns = tapRange(tap % kernelWidth, op.stride[1], op.dilation[1], op.pads[1], width, outWidth);
    if (rows.count === 0 || columns.count === 0) return [];
    const channels = own.map((element) => {
      const [output, input] = unravel(element, weight.shape) as [number, number];
      const group = Math.floor(output / (outputs / op.groups));
      return { output, input: group * perGroup + input };
    });
    const seen = b.slice(
      b.gather(
        x,
        1,
        channels.map(({ input }) => input),
      ),
      [0, 0, rows.reads, columns.reads],
      [batch, own.length, rows.count, columns.count],
      [1, 1, ...op.stride],
    );
    const received = gatherLanes(
      b,
      cotangent,
      1,
      channels.map(({ output }) => output),
    );
    const inReach = b.slice(
      received.value,
      [0, 0, rows.first, columns.first],
      [batch, received.value.shape[1]!, rows.count, columns.count],
    );
    return [summed(b, { value: inReach, lanes: cotangent.lanes }, seen, [2, 3], own)];
  });
}

/** Σ_rows g[…, row, column] · a[…, row, inner] */
function matmulGradient(
  b: ProgramBuilder,
  transposeB: boolean,
  { operands }: PrimalNode,
  elements: readonly number[],
  cotangent: Laned,
): GradientPiece {
  const [a, weight] = operands as readonly [Value, Value];
  const last = a.shape.length - 1;
  const places = elements.map((element) => {
    const [first, second] = unravel(element, weight.shape) as [number, number];
    return transposeB ? { column: first, inner: second } : { column: second, inner: first };
  });
  const received = gatherLanes(
    b,
    cotangent,
    last,
    places.map(({ column }) => column),
  );
  const seen = b.gather(
    a,
    last,
    places.map(({ inner }) => inner),
  );
  const product = scaleLanes(b, received, seen);
  const rows = a.shape.map((_, axis) => axis).slice(1, -1);
  return { value: rows.length === 0 ? product.value : sumLanes(b, product, rows).value, elements };
}

/** g, or g ⊙ other, where the element lies; summed over the axes along which the operand is broadcast. */
function elementwiseGradient(
  b: ProgramBuilder,
  shape: readonly number[],
  elements: readonly number[],
  cotangent: Laned,
  other: Value | undefined,
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
    const factor =
      other === undefined || own.length === 0 || other.shape[axis] !== extent
        ? other
        : b.gather(other, axis, indices);
    return summed(b, picked, factor, others, elements);
  }
  const product = other === undefined ? cotangent : scaleLanes(b, cotangent, other);
  const unfolded = unfold(b, others.length === 0 ? product : sumLanes(b, product, others));
  const [batch, lanes, ...rest] = unfolded.shape as [number, number, ...number[]];
  const flat = b.reshape(unfolded, [batch, lanes, rest.reduce((product, extent) => product * extent, 1)]);
  return { value: b.gather(flat, 2, elements), elements };
}

/** Σ of `received`, or of `received ⊙ seen`, over some axes. */
function summed(
  b: ProgramBuilder,
  received: Laned,
  seen: Value | undefined,
  axes: readonly number[],
  elements: readonly number[],
): WeightGradient {
  const contraction = { received, elements, ...(seen === undefined ? {} : { seen }) };
  if (axes.join() === '2,3' && isContraction(contraction)) return contraction;
  const product = seen === undefined ? received : scaleLanes(b, received, seen);
  return { value: axes.length === 0 ? product.value : sumLanes(b, product, axes).value, elements };
}
