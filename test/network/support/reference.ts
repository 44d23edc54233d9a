import type { ArgValue } from '../../../server/network/op.ts';
import type { Call, Reference } from './call.ts';
import { at, fill, indicesOf, map, tensor, type Tensor } from './tensor.ts';
import { attend } from './reference-attention.ts';
import { moves } from './reference-moves.ts';
import { transposedConv } from './reference-transposed.ts';

// Every op written a second time, straight from its formula, for one sample. Deliberately slow and shares no code
// with the ops: it is what their lowering is compared with.

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const mean = (values: readonly number[]): number => sum(values) / values.length;
const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);
const sigmoid = (v: number): number => 1 / (1 + Math.exp(-v));
const clamp = (v: number, low: number, high: number): number => (v < low ? low : v > high ? high : v);

/** erf by its Taylor series (small arguments) and the continued fraction of erfc (large ones). */
function erf(v: number): number {
  const z = Math.abs(v);
  if (z > 3) {
    let fraction = 0;
    for (let k = 60; k > 0; k--) fraction = k / 2 / (z + fraction);
    return Math.sign(v) * (1 - Math.exp(-z * z) / (Math.sqrt(Math.PI) * (z + fraction)));
  }
  let term = v;
  let total = v;
  for (let k = 1; k < 100; k++) {
    term *= (-v * v) / k;
    total += term / (2 * k + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * total;
}

interface Axis {
  readonly size: number;
  readonly kernel: number;
  readonly stride: number;
  readonly dilation: number;
  /** Zeros before and after. */
  readonly pads: readonly [number, number];
  /** Whether a window that begins at an element may end beyond the padding. */
  readonly ceil?: boolean;
}

function axisOf(args: Readonly<Record<string, ArgValue>>, axis: 0 | 1, size: number, dilation: number): Axis {
  const kernel = (args['kernel'] as number[])[axis]!;
  const stride = (args['stride'] as number[])[axis]!;
  const padding = args['padding']!;
  const reach = dilation * (kernel - 1) + 1;
  let pads: [number, number];
  if (Array.isArray(padding)) pads = [padding[axis] as number, padding[axis] as number];
  else if (padding === 'same_tf') {
    const count = Math.ceil(size / stride);
    let total = 0;
    while (size + total < (count - 1) * stride + reach) total++;
    pads = [Math.floor(total / 2), Math.ceil(total / 2)];
  } else if (padding === 'valid') pads = [0, 0];
  else if (reach % 2 === 1) pads = [(reach - 1) / 2, (reach - 1) / 2];
  else {
    const total = reach > stride ? reach - stride : 0;
    pads = [(total - (total % 2)) / 2, (total + (total % 2)) / 2];
  }
  return { size, kernel, stride, dilation, pads, ceil: args['ceil_mode'] === true };
}

/** How often the kernel fits, by sliding it. */
function positions({ size, kernel, stride, dilation, pads, ceil = false }: Axis): number {
  let n = 0;
  const fits = (): boolean => n * stride + dilation * (kernel - 1) < size + pads[0] + pads[1];
  while (fits()) n++;
  // PyTorch: one more where the last one left elements over, and begins before the end of the image.
  const last = (n - 1) * stride + kernel;
  return ceil && last < size + pads[0] + pads[1] && n * stride < size + pads[0] ? n + 1 : n;
}

/** Kernel elements at output position `o` that meet the image, with the image index they meet. */
function meets(axis: Axis, o: number): { k: number; i: number }[] {
  return range(axis.kernel)
    .map((k) => ({ k, i: o * axis.stride + k * axis.dilation - axis.pads[0] }))
    .filter(({ i }) => i >= 0 && i < axis.size);
}

function convolve(
  x: Tensor,
  weight: Tensor,
  groups: number,
  rows: Axis,
  columns: Axis,
  bias?: Tensor,
): Tensor {
  const [out, width] = weight.shape as [number, number];
  return fill([out, positions(rows), positions(columns)], (o, r, c) => {
    const group = Math.floor(o / (out / groups));
    let total = bias === undefined ? 0 : at(bias, o);
    for (const i of range(width))
      for (const row of meets(rows, r))
        for (const column of meets(columns, c))
          total += at(weight, o, i, row.k, column.k) * at(x, group * width + i, row.i, column.i);
    return total;
  });
}

function conv(x: Tensor, call: Call, groups: number): Tensor {
  const [rows, columns] = ([0, 1] as const).map((axis) =>
    axisOf(call.args, axis, x.shape[axis + 1]!, (call.args['dilation'] as number[])[axis]!),
  ) as [Axis, Axis];
  const bias = call.args['bias'] === true ? call.param('bias') : undefined;
  return convolve(x, call.param('weight'), groups, rows, columns, bias);
}

const square = (kernel: number, size: number): Axis => ({
  size,
  kernel,
  stride: 1,
  dilation: 1,
  pads: [(kernel - 1) / 2, (kernel - 1) / 2],
});

function poolWith(x: Tensor, rows: Axis, columns: Axis, reduce: (values: number[]) => number): Tensor {
  return fill([x.shape[0]!, positions(rows), positions(columns)], (ch, r, c) =>
    reduce(meets(rows, r).flatMap((row) => meets(columns, c).map((column) => at(x, ch, row.i, column.i)))),
  );
}

const pool =
  (reduce: (values: number[]) => number): Reference =>
  (x, { args }) =>
    poolWith(x, axisOf(args, 0, x.shape[1]!, 1), axisOf(args, 1, x.shape[2]!, 1), reduce);

function linear(x: Tensor, weight: Tensor, bias?: Tensor): Tensor {
  const [out, width] = weight.shape as [number, number];
  return fill([...x.shape.slice(0, -1), out], (...index) => {
    const o = index.at(-1)!;
    const product = sum(range(width).map((i) => at(weight, o, i) * at(x, ...index.slice(0, -1), i)));
    return product + (bias === undefined ? 0 : at(bias, o));
  });
}

const channelOf = (x: Tensor, index: readonly number[]): number =>
  x.shape.length === 2 ? index[1]! : index[0]!;

function affine(x: Tensor, weight: Tensor, bias: Tensor): Tensor {
  return fill(
    x.shape,
    (...index) => at(x, ...index) * at(weight, channelOf(x, index)) + at(bias, channelOf(x, index)),
  );
}

/** Standardises every element over the elements of its set. */
function standardise(x: Tensor, eps: number, setOf: (index: readonly number[]) => string): Tensor {
  const sets = new Map<string, number[]>();
  for (const index of indicesOf(x.shape)) {
    const key = setOf(index);
    sets.set(key, [...(sets.get(key) ?? []), at(x, ...index)]);
  }
  return fill(x.shape, (...index) => {
    const values = sets.get(setOf(index))!;
    const centre = mean(values);
    return (at(x, ...index) - centre) / Math.sqrt(mean(values.map((v) => (v - centre) ** 2)) + eps);
  });
}

function softmaxOver(x: Tensor, axis: number): Tensor {
  return fill(x.shape, (...index) => {
    const others = range(x.shape[axis]!).map((i) => at(x, ...index.map((old, a) => (a === axis ? i : old))));
    return Math.exp(at(x, ...index)) / sum(others.map(Math.exp));
  });
}

const perChannel =
  (reduce: (values: number[]) => number): Reference =>
  (x) =>
    fill([x.shape[0]!], (c) =>
      reduce(
        indicesOf(x.shape)
          .filter((index) => index[0] === c)
          .map((index) => at(x, ...index)),
      ),
    );

const overChannels =
  (reduce: (values: number[]) => number): Reference =>
  (x) => {
    const axis = x.shape.length === 2 ? 1 : 0;
    return fill(x.shape.with(axis, 1), (...index) =>
      reduce(range(x.shape[axis]!).map((c) => at(x, ...index.with(axis, c)))),
    );
  };

const batchNorm = (x: Tensor, eps: number, weight: Tensor, bias: Tensor): Tensor =>
  affine(
    map(x, (v) => v / Math.sqrt(1 + eps)),
    weight,
    bias,
  );

const norConv =
  (kernel: number): Reference =>
  (x, { param }) => {
    const rectified = map(x, (v) => Math.max(v, 0));
    const [rows, columns] = [square(kernel, x.shape[1]!), square(kernel, x.shape[2]!)];
    const product = convolve(rectified, param('conv.weight'), 1, rows, columns);
    return batchNorm(product, 1e-5, param('bn.weight'), param('bn.bias'));
  };

const self: Reference = (x) => x;

function attention(x: Tensor, { args, param }: Call): Tensor {
  const [count, width] = x.shape as [number, number];
  const heads = args['heads'] as number;
  const d = args['head_dim'] === 0 ? width / heads : (args['head_dim'] as number);
  const inner = heads * d;
  const bias = (argument: string, name: string): Tensor | undefined =>
    args[argument] === true ? param(name) : undefined;
  const qkv = linear(x, param('qkv.weight'), bias('qkv_bias', 'qkv.bias'));
  const part = (which: number, head: number): Tensor =>
    fill([count, d], (t, i) => at(qkv, t, which * inner + head * d + i));
  const perHead = range(heads).map((head) => {
    const [q, k, v] = [part(0, head), part(1, head), part(2, head)];
    const weights = softmaxOver(
      fill([count, count], (t, s) => sum(range(d).map((i) => at(q, t, i) * at(k, s, i))) / Math.sqrt(d)),
      1,
    );
    return fill([count, d], (t, i) => sum(range(count).map((s) => at(weights, t, s) * at(v, s, i))));
  });
  const merged = fill([count, inner], (t, i) => at(perHead[Math.floor(i / d)]!, t, i % d));
  return linear(merged, param('proj.weight'), bias('bias', 'proj.bias'));
}

const scalars: Readonly<Record<string, (v: number) => number>> = {
  relu: (v) => Math.max(v, 0),
  relu6: (v) => clamp(v, 0, 6),
  gelu: (v) => (v / 2) * (1 + erf(v / Math.SQRT2)),
  silu: (v) => v * sigmoid(v),
  hardswish: (v) => (v * clamp(v + 3, 0, 6)) / 6,
  sigmoid,
  hardsigmoid: (v) => clamp((v + 3) / 6, 0, 1),
  tanh: Math.tanh,
  clip: (v) => clamp(v, 0, 1),
};

function squeezeExcite(x: Tensor, { args, param }: Call): Tensor {
  const pooled = perChannel(mean)(x, { inputs: [x], args, param });
  const hidden = map(
    linear(pooled, param('reduce.weight'), param('reduce.bias')),
    scalars[args['act'] as string]!,
  );
  const logits = linear(hidden, param('expand.weight'), param('expand.bias'));
  const gate = map(logits, scalars[args['gate'] as string]!);
  return fill(x.shape, (c, i, j) => at(x, c, i, j) * at(gate, c));
}

/** An operand read at an index of the sum or product. */
function broadcastAt(x: Tensor, index: readonly number[]): number {
  if (x.shape.length === 1 && index.length === 3) return at(x, x.shape[0] === 1 ? 0 : index[0]!);
  if (x.shape.length === 1 && index.length === 2) return at(x, x.shape[0] === 1 ? 0 : index[1]!);
  return at(x, ...index.map((i, axis) => (x.shape[axis] === 1 ? 0 : i)));
}

function combined(inputs: readonly Tensor[], combine: (a: number, b: number) => number): Tensor {
  const rank = Math.max(...inputs.map((x) => x.shape.length));
  const full = inputs.map(({ shape }) =>
    shape.length === rank ? shape : rank === 3 ? [shape[0]!, 1, 1] : [1, shape[0]!],
  );
  const shape = range(rank).map((axis) => Math.max(...full.map((extents) => extents[axis]!)));
  return fill(shape, (...index) => inputs.map((x) => broadcastAt(x, index)).reduce(combine));
}

const activations = Object.fromEntries(
  Object.entries(scalars).flatMap(([name, of]): [string, Reference][] =>
    name === 'clip' ? [] : [[name, (x) => map(x, of)]],
  ),
);

export const references: Readonly<Record<string, Reference>> = {
  ...moves,
  ...activations,
  conv: (x, call) => conv(x, call, call.args['groups'] as number),
  dwconv: (x, call) => conv(x, call, x.shape[0]!),
  conv_transpose: transposedConv,
  dense: (x, { args, param }) =>
    linear(x, param('weight'), args['bias'] === true ? param('bias') : undefined),
  attention,
  attend,
  se: squeezeExcite,
  bn: (x, { args, param }) => batchNorm(x, args['eps'] as number, param('weight'), param('bias')),
  layernorm: (x, { args, param }) => {
    const channelAxis = x.shape.length === 2 ? 1 : 0;
    const position = (index: readonly number[]): string =>
      index.filter((_, axis) => axis !== channelAxis).join();
    return affine(standardise(x, args['eps'] as number, position), param('weight'), param('bias'));
  },
  groupnorm: (x, { args, param }) => {
    const size = x.shape[0]! / (args['groups'] as number);
    const group = (index: readonly number[]): string => String(Math.floor(index[0]! / size));
    return affine(standardise(x, args['eps'] as number, group), param('weight'), param('bias'));
  },
  rmsnorm: (x, { args, param }) => {
    const axis = x.shape.length === 2 ? 1 : 0;
    return fill(x.shape, (...index) => {
      const others = range(x.shape[axis]!).map((i) => at(x, ...index.with(axis, i)));
      const power = mean(others.map((v) => v * v));
      return (
        (at(x, ...index) * at(param('weight'), index[axis]!)) / Math.sqrt(power + (args['eps'] as number))
      );
    });
  },
  lrn: (x, { args }) => {
    const { size, alpha, beta, k } = args as Readonly<Record<'size' | 'alpha' | 'beta' | 'k', number>>;
    return fill(x.shape, (c, i, j) => {
      const around = range(size).map((n) => c - Math.floor(size / 2) + n);
      const squares = around.filter((n) => n >= 0 && n < x.shape[0]!).map((n) => at(x, n, i, j) ** 2);
      return at(x, c, i, j) / (k + (alpha / size) * sum(squares)) ** beta;
    });
  },
  scale: (x, { args, param }) =>
    fill(x.shape, (...index) => {
      const c = channelOf(x, index);
      return at(x, ...index) * at(param('weight'), c) + (args['bias'] === true ? at(param('bias'), c) : 0);
    }),
  mean_channels: overChannels(mean),
  max_channels: overChannels((values) => Math.max(...values)),
  leaky_relu: (x, { args }) => map(x, (v) => (v > 0 ? v : v * (args['slope'] as number))),
  prelu: (x, { param }) => {
    const weight = param('weight');
    return fill(x.shape, (...index) => {
      const v = at(x, ...index);
      return v > 0 ? v : v * at(weight, weight.shape[0] === 1 ? 0 : channelOf(x, index));
    });
  },
  elu: (x, { args }) => map(x, (v) => (v > 0 ? v : (args['alpha'] as number) * Math.expm1(v))),
  softplus: (x) => map(x, (v) => Math.log1p(Math.exp(v))),
  mish: (x) => map(x, (v) => v * Math.tanh(Math.log1p(Math.exp(v)))),
  softmax: (x) => softmaxOver(x, x.shape.length === 2 ? 1 : 0),
  maxpool: pool((values) => Math.max(...values)),
  avgpool: (x, { args }) => {
    const [rows, columns] = [axisOf(args, 0, x.shape[1]!, 1), axisOf(args, 1, x.shape[2]!, 1)];
    if (args['count_include_pad'] !== true) return poolWith(x, rows, columns, mean);
    const held = (axis: Axis, o: number): number =>
      Math.min(o * axis.stride + axis.kernel, axis.size + axis.pads[0] + axis.pads[1]) - o * axis.stride;
    const sums = poolWith(x, rows, columns, sum);
    return fill(sums.shape, (c, i, j) => at(sums, c, i, j) / (held(rows, i) * held(columns, j)));
  },
  gap: perChannel(mean),
  gmp: perChannel((values) => Math.max(...values)),
  mean_tokens: (x) => fill([x.shape[1]!], (i) => mean(range(x.shape[0]!).map((t) => at(x, t, i)))),
  flatten: (x) => tensor([x.data.length], x.data),
  tokens: (x) => {
    const [c, h, w] = x.shape as [number, number, number];
    return fill([h * w, c], (t, channel) => at(x, channel, Math.floor(t / w), t % w));
  },
  posembed: (x, { param }) => fill(x.shape, (t, i) => at(x, t, i) + at(param('weight'), t, i)),
  cls_token: (x, { param }) =>
    fill([x.shape[0]! + 1, x.shape[1]!], (t, i) => (t === 0 ? at(param('token'), i) : at(x, t - 1, i))),
  take_token: (x, { args }) => fill([x.shape[1]!], (i) => at(x, args['index'] as number, i)),
  dropout: self,
  identity: self,
  skip_connect: self,
  none: (x) => map(x, () => 0),
  add: (_, { inputs }) => combined(inputs, (a, b) => a + b),
  sub: (_, { inputs }) => combined(inputs, (a, b) => a - b),
  mul: (_, { inputs }) => combined(inputs, (a, b) => a * b),
  concat: (x, { inputs }) => {
    const axis = x.shape.length === 2 ? 1 : 0;
    const shape = x.shape.map((extent, a) => (a === axis ? sum(inputs.map((t) => t.shape[axis]!)) : extent));
    return fill(shape, (...index) => {
      let channel = index[axis]!;
      let which = 0;
      while (channel >= inputs[which]!.shape[axis]!) channel -= inputs[which++]!.shape[axis]!;
      return at(inputs[which]!, ...index.map((i, a) => (a === axis ? channel : i)));
    });
  },
  nor_conv_1x1: norConv(1),
  nor_conv_3x3: norConv(3),
  avg_pool_3x3: (x) => poolWith(x, square(3, x.shape[1]!), square(3, x.shape[2]!), mean),
};
