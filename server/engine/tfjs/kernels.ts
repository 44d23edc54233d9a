import type { Rank, Tensor3D, Tensor4D } from '@tensorflow/tfjs-core';
import type { BinaryFn, Op, OpName, Pads, Pair, UnaryFn } from '../../tensor/ir.ts';
import { axesInMemory, inMemory, Value } from './value.ts';
import type { Layout, Runtime, Tensor } from './value.ts';

/** What a kernel sees of the node it computes. */
export interface KernelContext {
  readonly tf: Runtime;
  readonly inputs: readonly Value[];
  readonly inputShapes: readonly (readonly number[])[];
  readonly shape: readonly number[];
}

type ComputedOp = Exclude<OpName, 'constant' | 'input'>;
type Kernel<Name extends ComputedOp> = (op: Extract<Op, { op: Name }>, context: KernelContext) => Value;

/**
 * One kernel per IR operation, made of forward kernels that both backends have (tfjs-wasm and tfjs-node) and that agree
 * with the interpreter (`test/engine`). Average pooling and all gradients do not agree, and are not used.
 */
export const kernels: { readonly [Name in ComputedOp]: Kernel<Name> } = {
  conv2d: (op, context) => nhwc(context, conv2d(op, context)),

  matmul: (op, { tf, inputs, inputShapes, shape }) => {
    let [a, b] = [inputs[0]!.as('plain'), inputs[1]!.as('plain')];
    // b is one matrix for all matrices of a: these become one tall matrix, or b is repeated by broadcasting.
    if (a.rank > 2 && b.rank === 2) {
      if (op.transposeA) b = tf.reshape(b, [...a.shape.slice(2).map(() => 1), ...b.shape]);
      else a = tf.reshape(a, [-1, inputShapes[0]!.at(-1)!]);
    }
    return plain(tf, tf.reshape(tf.matMul(a, b, op.transposeA, op.transposeB), [...shape]));
  },

  unary: (op, context) => map(context, (x) => unary[op.fn](context.tf, x)),

  binary: (op, { tf, inputs }) => {
    const layout = inputs.some((value) => value.layout === 'nhwc') ? 'nhwc' : 'plain';
    const [a, b] = [inputs[0]!.as(layout), inputs[1]!.as(layout)];
    return new Value(tf, binary[op.fn](tf, a, b), layout);
  },

  affine: (op, context) =>
    map(context, (x) => {
      const { tf } = context;
      const scaled = op.scale === 1 ? x : tf.mul(x, op.scale);
      return op.shift === 0 ? tf.clone(scaled) : tf.add(scaled, op.shift);
    }),

  clip: (op, context) => map(context, (x) => context.tf.clipByValue(x, op.low, op.high)),

  reduce: (op, context) =>
    map(context, (x, layout) => {
      const order = axesInMemory(layout, x.rank);
      const axes = op.axes.map((axis) => order.indexOf(axis)).sort((a, b) => a - b);
      return context.tf[op.fn](x, axes, true);
    }),

  softmax: (_op, { tf, inputs }) => plain(tf, tf.softmax(inputs[0]!.as('plain'))),

  pool: (op, context) => nhwc(context, op.fn === 'max' ? maxPool(op, context) : sumPool(op, context)),

  pad: (op, context) =>
    map(context, (x, layout) => {
      const pads = op.before.map((before, axis): [number, number] => [before, op.after[axis]!]);
      return context.tf.pad(x, inMemory(layout, pads), op.value);
    }),

  slice: (op, context) =>
    map(context, (x, layout) =>
      slice(context.tf, x, inMemory(layout, op.start), inMemory(layout, op.size), inMemory(layout, op.step)),
    ),

  concat: (op, { tf, inputs, shape }) => {
    const layout = inputs.some((value) => value.layout === 'nhwc') ? 'nhwc' : 'plain';
    const axis = axesInMemory(layout, shape.length).indexOf(op.axis);
    const tensors = inputs.map((value) => value.as(layout));
    return new Value(tf, tensors.length === 1 ? tf.clone(tensors[0]!) : tf.concat(tensors, axis), layout);
  },

  gather: (op, context) =>
    map(context, (x, layout) => {
      const { tf } = context;
      return tf.gather(
        x,
        tf.tensor1d([...op.indices], 'int32'),
        axesInMemory(layout, x.rank).indexOf(op.axis),
      );
    }),

  reshape: (op, { tf, inputs }) => plain(tf, tf.reshape(inputs[0]!.as('plain'), [...op.shape])),

  transpose: (op, { tf, inputs }) => {
    const value = inputs[0]!;
    const tensor = value.as(value.layout);
    const order = axesInMemory(value.layout, tensor.rank);
    return plain(
      tf,
      tf.transpose(
        tensor,
        op.permutation.map((axis) => order.indexOf(axis)),
      ),
    );
  },

  broadcast: (op, context) =>
    map(context, (x, layout) => {
      const repeats = inMemory(layout, op.shape).map((extent, position) => extent / x.shape[position]!);
      return repeats.every((times) => times === 1) ? context.tf.clone(x) : context.tf.tile(x, repeats);
    }),

  dilate: (op, context) => nhwc(context, dilate(op, context)),

  upsample: (op, context) => {
    const { tf, inputs, inputShapes } = context;
    const [batch, channels, height, width] = inputShapes[0] as [number, number, number, number];
    const [down, across] = op.factor;
    // Columns are repeated, then whole rows, each as an axis of extent 1.
    const x = tf.reshape(inputs[0]!.as('nhwc'), [batch * height * width, 1, channels]);
    const columns = tf.reshape(tf.tile(x, [1, across, 1]), [batch * height, 1, width * across * channels]);
    const rows = tf.tile(columns, [1, down, 1]);
    return nhwc(context, tf.reshape(rows, [batch, height * down, width * across, channels]));
  },

  adjointKernel: ({ groups }, { tf, inputs, inputShapes, shape }) => {
    const [outputs, perGroup, height, width] = inputShapes[0] as [number, number, number, number];
    const grouped = tf.reshape(inputs[0]!.as('plain'), [groups, outputs / groups, perGroup, height * width]);
    const reversed = tf.reverse(tf.transpose(grouped, [0, 2, 1, 3]), 3);
    return plain(tf, tf.reshape(reversed, [...shape]));
  },

  argmaxOneHot: (_op, { tf, inputs, shape }) => {
    const index = tf.argMax(inputs[0]!.as('plain'), -1);
    return plain(tf, tf.cast(tf.oneHot(index, shape.at(-1)!), 'float32'));
  },
};

const unary: Readonly<Record<UnaryFn, (tf: Runtime, x: Tensor) => Tensor>> = {
  neg: (tf, x) => tf.neg(x),
  exp: (tf, x) => tf.exp(x),
  log: (tf, x) => tf.log(x),
  sqrt: (tf, x) => tf.sqrt(x),
  reciprocal: (tf, x) => tf.reciprocal(x),
  erf: (tf, x) => tf.erf(x),
  tanh: (tf, x) => tf.tanh(x),
  sigmoid: (tf, x) => tf.sigmoid(x),
  relu: (tf, x) => tf.relu(x),
  step: (tf, x) => tf.step(x),
  abs: (tf, x) => tf.abs(x),
  square: (tf, x) => tf.square(x),
};

const binary: Readonly<Record<BinaryFn, (tf: Runtime, a: Tensor, b: Tensor) => Tensor>> = {
  add: (tf, a, b) => tf.add(a, b),
  sub: (tf, a, b) => tf.sub(a, b),
  mul: (tf, a, b) => tf.mul(a, b),
  div: (tf, a, b) => tf.div(a, b),
  max: (tf, a, b) => tf.maximum(a, b),
  min: (tf, a, b) => tf.minimum(a, b),
  equal: (tf, a, b) => tf.cast(tf.equal(a, b), 'float32'),
};

/** Applies `compute` in whatever layout the operand is in. */
function map({ tf, inputs }: KernelContext, compute: (x: Tensor, layout: Layout) => Tensor): Value {
  const { layout } = inputs[0]!;
  return new Value(tf, compute(inputs[0]!.as(layout), layout), layout);
}

function plain(tf: Runtime, tensor: Tensor): Value {
  return new Value(tf, tensor, 'plain');
}

function nhwc({ tf }: KernelContext, tensor: Tensor): Value {
  return new Value(tf, tensor, 'nhwc');
}

type ExplicitPadding = [[number, number], [number, number], [number, number], [number, number]];

function explicit([top, left, bottom, right]: Pads): ExplicitPadding {
  return [
    [0, 0],
    [top, bottom],
    [left, right],
    [0, 0],
  ];
}

function slice(
  tf: Runtime,
  x: Tensor,
  start: readonly number[],
  size: readonly number[],
  step: readonly number[],
): Tensor {
  if (step.every((by) => by === 1)) return tf.slice(x, [...start], [...size]);
  const end = start.map((first, axis) => first + (size[axis]! - 1) * step[axis]! + 1);
  return tf.stridedSlice(x, [...start], end, [...step]);
}

function conv2d(
  op: Extract<Op, { op: 'conv2d' }>,
  { tf, inputs, inputShapes, shape }: KernelContext,
): Tensor {
  const x = inputs[0]!.as('nhwc') as Tensor4D;
  const [outChannels, inPerGroup, kernelH, kernelW] = inputShapes[1] as [number, number, number, number];
  const pads = explicit(op.pads);
  // tfjs refuses strides together with dilation, so every position is computed then, and some are kept.
  const thinned = Math.max(...op.stride) > 1 && Math.max(...op.dilation) > 1;
  const stride: [number, number] = thinned ? [1, 1] : [...op.stride];
  const dilation: [number, number] = [...op.dilation];

  let result: Tensor;
  if (op.groups > 1 && inPerGroup === 1) {
    const multiplier = outChannels / op.groups;
    const filter = tf.reshape(inputs[1]!.as('hwio'), [kernelH, kernelW, op.groups, multiplier]);
    result = tf.depthwiseConv2d(x, filter as Tensor4D, stride, pads, 'NHWC', dilation);
  } else {
    const filter = inputs[1]!.as('hwio') as Tensor4D;
    const convolve = (part: Tensor4D, kernel: Tensor4D): Tensor4D =>
      tf.conv2d(part, kernel, stride, pads, 'NHWC', dilation);
    if (op.groups === 1) {
      result = convolve(x, filter);
    } else {
      const parts = tf.split<Tensor4D>(x, op.groups, 3);
      const filters = tf.split<Tensor4D>(filter, op.groups, 3);
      result = tf.concat(
        parts.map((part, group) => convolve(part, filters[group]!)),
        3,
      );
    }
  }
  if (!thinned) return result;
  const [batch, , height, width] = shape as [number, number, number, number];
  return slice(tf, result, [0, 0, 0, 0], [batch, height, width, outChannels], [1, ...op.stride, 1]);
}

interface PoolOp {
  readonly kernel: Pair;
  readonly stride: Pair;
  readonly pads: Pads;
}

function maxPool({ kernel, stride, pads }: PoolOp, { tf, inputs, shape }: KernelContext): Tensor {
  const x = inputs[0]!.as('nhwc') as Tensor4D;
  // TensorFlow pools with its own kinds of padding only.
  const padded = pads.every((width) => width === 0) ? x : tf.pad(x, explicit(pads), -Infinity);
  // XNNPACK has no pooling over a single element.
  if (kernel[0] * kernel[1] === 1)
    return slice(tf, padded, [0, 0, 0, 0], inMemory('nhwc', shape), [1, ...stride, 1]);
  return tf.maxPool(padded, [...kernel], [...stride], 'valid');
}

/** Sums windows by a depthwise convolution with ones. */
function sumPool({ kernel, stride, pads }: PoolOp, { tf, inputs, inputShapes }: KernelContext): Tensor {
  const x = inputs[0]!.as('nhwc') as Tensor4D;
  const ones = tf.ones<Rank.R4>([...kernel, inputShapes[0]![1]!, 1]);
  return tf.depthwiseConv2d(x, ones, [...stride], explicit(pads));
}

function dilate(
  { stride: [down, across], height, width }: Extract<Op, { op: 'dilate' }>,
  { tf, inputs, inputShapes }: KernelContext,
): Tensor {
  const [batch, channels, rows, columns] = inputShapes[0] as [number, number, number, number];
  // A pixel, and then a whole row, is the middle axis, and zeros go after it.
  const after = (tensor: Tensor3D, zeros: number): Tensor =>
    tf.pad(tensor, [
      [0, 0],
      [0, zeros],
      [0, 0],
    ]);
  const pixels = tf.reshape<Rank.R3>(inputs[0]!.as('nhwc'), [batch * rows * columns, 1, channels]);
  const spaced = tf.reshape<Rank.R3>(after(pixels, across - 1), [
    batch * rows,
    1,
    columns * across * channels,
  ]);
  const full = tf.reshape<Rank.R4>(after(spaced, down - 1), [batch, rows * down, columns * across, channels]);
  const cropped = tf.slice(
    full,
    [0, 0, 0, 0],
    [batch, Math.min(height, rows * down), Math.min(width, columns * across), channels],
  );
  return tf.pad(cropped, [
    [0, 0],
    [0, Math.max(0, height - rows * down)],
    [0, Math.max(0, width - columns * across)],
    [0, 0],
  ]);
}
