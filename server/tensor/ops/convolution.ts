/** Convolution, and the kernel of its adjoint: `conv2d`, `adjointKernel`. */

import { unravel, type Tensor } from '../array.ts';
import type { OpOf } from '../ir.ts';
import { gatherLanes, repeated, type Laned } from '../lanes.ts';
import type { LinearMap } from '../linear-map.ts';
import type { ProgramBuilder, Value } from '../program-builder.ts';
import { count, isCountList, isShape, requireThat, show, windowExtent, type Shape } from '../shapes.ts';
import { unscaled } from './parts/rewriting.ts';
import { movesElements, otherIsZero, type OpRule, type PrimalNode } from './rule.ts';
import { placed, summed, type WeightGradient } from './parts/weight-gradient.ts';
import { adjointWindow, tapRange, type TapRange } from './parts/window.ts';

type Four = readonly [number, number, number, number];
type ConvNode = PrimalNode<OpOf<'conv2d'>>;

export const conv2d: OpRule<OpOf<'conv2d'>> = {
  arity: 2,
  shape({ op, stride, pads, dilation, groups }, operands) {
    const [x, w] = operands as readonly [Shape, Shape];
    const [top, left, bottom, right] = pads;
    requireThat(x.length === 4 && w.length === 4, op, () => `rank 4, got ${show(x)} and ${show(w)}`);
    requireThat(isShape(stride) && isShape(dilation), op, 'stride and dilation ≥ 1');
    requireThat(isCountList(pads, 4), op, 'pads ≥ 0');
    requireThat(
      isShape([groups]) && x[1] === w[1]! * groups && w[0]! % groups === 0,
      op,
      () => `${show(x)} and ${show(w)} in ${groups} groups`,
    );
    const height = windowExtent(x[2]!, w[2]!, stride[0], dilation[0], top + bottom);
    const width = windowExtent(x[3]!, w[3]!, stride[1], dilation[1], left + right);
    requireThat(height > 0 && width > 0, op, () => `kernel ${show(w)} fits into ${show(x)}`);
    return [x[0]!, w[0]!, height, width];
  },
  key: ({ stride, pads, dilation, groups }) => `${stride.join()} ${pads.join()} ${dilation.join()} ${groups}`,
  kernel: (op, [x, weight], shape, out) => {
    const [batch, outputs, outHeight, outWidth] = shape as Four;
    const [, inputs, height, width] = x!.shape as Four;
    const [, perGroup, kernelHeight, kernelWidth] = weight!.shape as Four;
    const outputsPerGroup = outputs / op.groups;
    const [strideY, strideX] = op.stride;
    const [rows, columns] = tapRanges(op, x!, weight!, shape);
    const sums = new Float64Array(outHeight * outWidth);
    const [image, weights] = [x!.data, weight!.data];
    for (let b = 0; b < batch; b += 1) {
      for (let o = 0; o < outputs; o += 1) {
        sums.fill(0);
        const firstInput = Math.floor(o / outputsPerGroup) * perGroup;
        for (let i = 0; i < perGroup; i += 1) {
          const plane = (b * inputs + firstInput + i) * height * width;
          for (let ky = 0; ky < kernelHeight; ky += 1) {
            const { first: y0, count: down, reads: readY } = rows[ky]!;
            for (let kx = 0; kx < kernelWidth; kx += 1) {
              const w = weights[((o * perGroup + i) * kernelHeight + ky) * kernelWidth + kx]!;
              if (w === 0) continue;
              const { first: x0, count: across, reads: readX } = columns[kx]!;
              for (let y = 0; y < down; y += 1) {
                let p = plane + (readY + y * strideY) * width + readX;
                const start = (y0 + y) * outWidth + x0;
                for (let q = start, end = start + across; q < end; q += 1, p += strideX) {
                  sums[q]! += w * image[p]!;
                }
              }
            }
          }
        }
        out.set(sums, (b * outputs + o) * sums.length);
      }
    }
  },
  macs: (_op, [, w], shape) => count(shape) * count(w!.slice(1)),
  // The transpose of a strided convolution works on the operand's resolution.
  adjointWork: ({ stride }) => stride[0] * stride[1],
  uniform: (_op, operands) => (operands.includes(0) ? 0 : undefined),
  linearity: () => 'product',
  derivative: (b, { op, operands }) => convMap(b, operands[0]!.shape, op, operands[1]!),
  isFlat: otherIsZero,
  weights: {
    reads: (_op, operand) => operand === 1,
    gradient: (b, node, _operand, elements, cotangent) => weightGradient(b, node, elements, cotangent),
    tangent: (b, node, _operand, element) => weightTangent(b, node, element),
  },
  layer: {
    gradient: layerGradient,
    inOrder: (b, gradient) => b.transpose(gradient, [0, 1, 3, 2]),
  },
  keepsSamples: () => true,
  isShared: (_operands, operand) => operand === 1,
  rewrite(r, op, [x, w]) {
    const scale = x!.scale * w!.scale;
    return r.isConstant(w!.value)
      ? unscaled(r.apply(op, [x!.value, r.scaledConstant(w!.value, scale)]))
      : { value: r.apply(op, [x!.value, w!.value]), scale };
  },
  withFactor: (r, _op, [x, w], scale) => (r.isConstant(w!) ? [x!, r.scaledConstant(w!, scale)] : undefined),
};

/** For every row of the kernel, and for every column. */
function tapRanges(
  { stride, pads, dilation }: OpOf<'conv2d'>,
  x: Tensor,
  weight: Tensor,
  shape: Shape,
): [TapRange[], TapRange[]] {
  const along = (i: 0 | 1): TapRange[] =>
    Array.from({ length: weight.shape[2 + i]! }, (_, tap) =>
      tapRange(tap, stride[i], dilation[i], pads[i], x.shape[2 + i]!, shape[2 + i]!),
    );
  return [along(0), along(1)];
}

export const adjointKernel: OpRule<OpOf<'adjointKernel'>> = {
  ...movesElements,
  arity: 1,
  shape({ op, groups }, [x]) {
    requireThat(
      x!.length === 4 && isShape([groups]) && x![0]! % groups === 0,
      op,
      () => `rank 4, groups that divide axis 0, got ${show(x!)} and ${groups}`,
    );
    return [x![1]! * groups, x![0]! / groups, x![2]!, x![3]!];
  },
  key: ({ groups }) => String(groups),
  kernel({ groups }, [x], _shape, out) {
    const [outputs, perGroup, height, width] = x!.shape as Four;
    const taps = height * width;
    const own = outputs / groups;
    const { data } = x!;
    for (let group = 0; group < groups; group += 1) {
      for (let o = 0; o < own; o += 1) {
        for (let i = 0; i < perGroup; i += 1) {
          const from = ((group * own + o) * perGroup + i) * taps;
          const last = ((group * perGroup + i) * own + o) * taps + taps - 1;
          for (let tap = 0; tap < taps; tap += 1) out[last - tap] = data[from + tap]!;
        }
      }
    }
  },
  derivative() {
    throw new TypeError('adjointKernel: a kernel depends on the samples');
  },
  keepsSamples: () => false,
  movesWhole: true,
};

/**
 * Above so many weight elements, lanes go through a convolution as further samples instead of as groups with the
 * weight repeated for each. Groups stay in the blocked channel layouts of engines, but the repeated weights take
 * memory: here 4 MiB at most.
 */
const repeatedWeightLimit = 2 ** 20;

/** A convolution as a map of its operand (`from`: the operand's shape). Its transpose is a convolution too. */
function convMap(b: ProgramBuilder, from: Shape, op: OpOf<'conv2d'>, weight: Value): LinearMap {
  return {
    apply: (x) => convLanes(b, x, weight, op),
    transpose: (y) => transposedConv(b, y, from, op, weight),
  };
}

function transposedConv(b: ProgramBuilder, y: Laned, from: Shape, op: OpOf<'conv2d'>, weight: Value): Laned {
  const { stride, dilation, pads, groups } = op;
  const [height, width] = [from[2]!, from[3]!];
  const kernel = [weight.shape[2]!, weight.shape[3]!] as const;
  const adjoint = b.adjointKernel(weight, groups);
  if (kernel[0] === 1 && kernel[1] === 1 && pads.every((pad) => pad === 0)) {
    // Spread after the channels are mixed: fewer positions to mix.
    const mixed = convLanes(b, y, adjoint, { ...op, stride: [1, 1], dilation: [1, 1] });
    return { value: b.dilate(mixed.value, stride, height, width), lanes: y.lanes };
  }
  if (
    kernel.join() === stride.join() &&
    dilation.every((step) => step === 1) &&
    pads.every((pad) => pad === 0)
  )
    return fromPatches(b, y, from, groups, weight);
  const window = adjointWindow(b, y.value, kernel, dilation, stride, pads, [height, width]);
  const spread = { value: window.value, lanes: y.lanes };
  return convLanes(b, spread, adjoint, { ...op, stride: [1, 1], pads: window.pads });
}

/** Where windows do not overlap, each position is spread over its own: no multiplication meets a zero. */
function fromPatches(b: ProgramBuilder, y: Laned, from: Shape, groups: number, weight: Value): Laned {
  const [outputs, perGroup, down, across] = weight.shape as Four;
  const taps = down * across;
  const grouped = b.reshape(weight, [groups, outputs / groups, perGroup * taps]);
  const swapped = b.reshape(b.transpose(grouped, [0, 2, 1]), [
    groups * perGroup * taps,
    outputs / groups,
    1,
    1,
  ]);
  const op = { stride: [1, 1], pads: [0, 0, 0, 0], dilation: [1, 1], groups, op: 'conv2d' } as const;
  const { value } = convLanes(b, y, swapped, op);
  const [batch, , height, width] = value.shape as Four;
  const planes = batch * groups * perGroup * y.lanes;
  const byColumn = b.transpose(b.reshape(value, [planes * down, across, height, width]), [0, 2, 3, 1]);
  const byRow = b.transpose(b.reshape(byColumn, [planes, down, height, width * across]), [0, 2, 1, 3]);
  const image = b.reshape(byRow, [batch, planes / batch, height * down, width * across]);
  const behind = [0, 0, from[2]! - height * down, from[3]! - width * across];
  return { value: b.pad(image, [0, 0, 0, 0], behind), lanes: y.lanes };
}

function convLanes(b: ProgramBuilder, x: Laned, weight: Value, op: OpOf<'conv2d'>): Laned {
  const { lanes } = x;
  if (lanes === 1 || lanes * count(weight.shape) <= repeatedWeightLimit) {
    const repeatedWeight = repeated(b, weight, lanes, 0);
    return { value: b.conv2d(x.value, repeatedWeight, { ...op, groups: op.groups * lanes }), lanes };
  }
  const [batch, folded, ...extent] = x.value.shape as readonly [number, number, number, number];
  const samples = b.reshape(x.value, [batch * lanes, folded / lanes, ...extent]);
  const result = b.conv2d(samples, weight, op);
  const [, outputs, ...outExtent] = result.shape as readonly [number, number, number, number];
  return { value: b.reshape(result, [batch, lanes * outputs, ...outExtent]), lanes };
}

/** Σ g[o, y, x] · x[i, y·s + ky·d − p, x·s + kx·d − p], elements of one kernel tap together. */
function weightGradient(
  b: ProgramBuilder,
  { op, operands }: ConvNode,
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

/** The part of a channel that the element meets. */
function weightTangent(b: ProgramBuilder, { op, operands, result }: ConvNode, element: number): Value {
  const [x, weight] = operands as readonly [Value, Value];
  const [output, input, ky, kx] = unravel(element, weight.shape) as [number, number, number, number];
  const [outputs, perGroup] = weight.shape as readonly [number, number];
  const channel = Math.floor(output / (outputs / op.groups)) * perGroup + input;
  const rows = tapRange(ky, op.stride[0], op.dilation[0], op.pads[0], x.shape[2]!, result.shape[2]!);
  const columns = tapRange(kx, op.stride[1], op.dilation[1], op.pads[1], x.shape[3]!, result.shape[3]!);
  if (rows.count === 0 || columns.count === 0) {
    return b.broadcast(b.scalar(0, result.shape.length), result.shape);
  }
  const seen = b.slice(
    x,
    [0, channel, rows.reads, columns.reads],
    [b.batch, 1, rows.count, columns.count],
    [1, 1, ...op.stride],
  );
  return placed(b, seen, [0, output, rows.first, columns.first], result.shape);
}

/** `[B, outputs, taps, channels per group]`: one product a group of the cotangent with what each kernel tap reads. */
function layerGradient(b: ProgramBuilder, { op, operands }: ConvNode, cotangent: Value): Value {
  const { stride, pads, dilation, groups } = op;
  const [x, weight] = operands as readonly [Value, Value];
  const [batch, channels] = x.shape as readonly [number, number];
  const [outputs, perGroup, rows, columns] = weight.shape as readonly [number, number, number, number];
  const [, , height, width] = cotangent.shape as readonly [number, number, number, number];
  const area = height * width;
  const padded = b.pad(x, [0, 0, pads[0], pads[1]], [0, 0, pads[2], pads[3]]);
  const taps = Array.from({ length: rows * columns }, (_, tap) => {
    const start = [0, 0, Math.floor(tap / columns) * dilation[0], (tap % columns) * dilation[1]];
    const seen = b.slice(padded, start, [batch, channels, height, width], [1, 1, ...stride]);
    return b.reshape(seen, [batch, groups, perGroup, area]);
  });
  const received = b.reshape(cotangent, [batch, groups, outputs / groups, area]);
  const product = b.matmul(received, b.concat(taps, 2), { transposeB: true });
  return b.reshape(product, [batch, outputs, taps.length, perGroup]);
}
