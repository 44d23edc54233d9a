import type { Op } from '../ir.ts';
import { copyStrided, splitAt, stridesOf, type Numbers, type Tensor } from '../array.ts';

type OpOf<Name extends Op['op']> = Extract<Op, { readonly op: Name }>;

export function pad(op: OpOf<'pad'>, x: Tensor, shape: readonly number[], out: Numbers): void {
  if (op.value !== 0) out.fill(op.value);
  const outStrides = stridesOf(shape);
  const offset = op.before.reduce((sum, n, axis) => sum + n * outStrides[axis]!, 0);
  copyStrided(x.data, 0, stridesOf(x.shape), x.shape, out, offset, outStrides);
}

export function slice(op: OpOf<'slice'>, x: Tensor, shape: readonly number[], out: Numbers): void {
  const strides = stridesOf(x.shape);
  const offset = op.start.reduce((sum, n, axis) => sum + n * strides[axis]!, 0);
  const steps = strides.map((stride, axis) => stride * op.step[axis]!);
  copyStrided(x.data, offset, steps, shape, out, 0, stridesOf(shape));
}

export function concat(
  op: OpOf<'concat'>,
  inputs: readonly Tensor[],
  shape: readonly number[],
  out: Numbers,
): void {
  const { outer, extent, inner } = splitAt(shape, op.axis);
  let start = 0;
  for (const { data, shape: own } of inputs) {
    const block = own[op.axis]! * inner;
    for (let o = 0; o < outer; o += 1) {
      out.set(data.subarray(o * block, (o + 1) * block), o * extent * inner + start);
    }
    start += block;
  }
}

export function gather(op: OpOf<'gather'>, x: Tensor, out: Numbers): void {
  const { outer, extent, inner } = splitAt(x.shape, op.axis);
  const indices = Int32Array.from(op.indices);
  const count = indices.length;
  const { data } = x;
  let to = 0;
  if (inner === 1) {
    // Kernel flips move millions of single elements: a loop without slices.
    for (let base = 0; base < outer * extent; base += extent) {
      for (let i = 0; i < count; i += 1, to += 1) out[to] = data[base + indices[i]!]!;
    }
    return;
  }
  for (let o = 0; o < outer; o += 1) {
    const base = o * extent * inner;
    for (let i = 0; i < count; i += 1) {
      const index = indices[i]!;
      const from = base + index * inner;
      if (inner > 16) {
        out.set(data.subarray(from, from + inner), to);
      } else {
        for (let j = 0; j < inner; j += 1) out[to + j] = data[from + j]!;
      }
      to += inner;
    }
  }
}

export function transpose(op: OpOf<'transpose'>, x: Tensor, shape: readonly number[], out: Numbers): void {
  const strides = stridesOf(x.shape);
  const permuted = op.permutation.map((axis) => strides[axis]!);
  copyStrided(x.data, 0, permuted, shape, out, 0, stridesOf(shape));
}

export function broadcast(x: Tensor, shape: readonly number[], out: Numbers): void {
  copyStrided(x.data, 0, broadcastStrides(x.shape, shape), shape, out, 0, stridesOf(shape));
}

/** Strides that walk a tensor as if its extents of 1 were repeated to `shape`. */
export function broadcastStrides(own: readonly number[], shape: readonly number[]): number[] {
  return stridesOf(own).map((stride, axis) => (own[axis] === 1 && shape[axis] !== 1 ? 0 : stride));
}

export function dilate(op: OpOf<'dilate'>, x: Tensor, shape: readonly number[], out: Numbers): void {
  const [batch, channels] = x.shape as [number, number];
  const [strideY, strideX] = op.stride;
  // What the crop leaves of the operand.
  const kept = [
    batch,
    channels,
    Math.min(x.shape[2]!, Math.ceil(op.height / strideY)),
    Math.min(x.shape[3]!, Math.ceil(op.width / strideX)),
  ];
  const outStrides = stridesOf(shape);
  const spread = [outStrides[0]!, outStrides[1]!, outStrides[2]! * strideY, strideX];
  copyStrided(x.data, 0, stridesOf(x.shape), kept, out, 0, spread);
}

export function upsample(op: OpOf<'upsample'>, x: Tensor, out: Numbers): void {
  const [factorY, factorX] = op.factor;
  const [batch, channels, height, width] = x.shape as [number, number, number, number];
  const planes = batch * channels;
  const split = [planes, height, factorY, width, factorX];
  copyStrided(x.data, 0, [height * width, width, 0, 1, 0], split, out, 0, stridesOf(split));
}

export function adjointKernel(op: OpOf<'adjointKernel'>, x: Tensor, out: Numbers): void {
  const [outputs, perGroup, height, width] = x.shape as readonly [number, number, number, number];
  const taps = height * width;
  const own = outputs / op.groups;
  const { data } = x;
  for (let group = 0; group < op.groups; group += 1) {
    for (let o = 0; o < own; o += 1) {
      for (let i = 0; i < perGroup; i += 1) {
        const from = ((group * own + o) * perGroup + i) * taps;
        const last = ((group * perGroup + i) * own + o) * taps + taps - 1;
        for (let tap = 0; tap < taps; tap += 1) out[last - tap] = data[from + tap]!;
      }
    }
  }
}
