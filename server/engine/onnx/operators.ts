import type { BinaryFn, Op, OpName, Pair, Pads, UnaryFn } from '../../tensor/ir.ts';
import { float } from '../../formats/onnx/graph.ts';
import type { GraphWriter } from '../../formats/onnx/graph.ts';

/** What an emitter sees of the node it writes: names and shapes of its inputs and the shape of its result. */
export interface EmitContext {
  readonly graph: GraphWriter;
  readonly inputs: readonly string[];
  readonly inputShapes: readonly (readonly number[])[];
  readonly shape: readonly number[];
}

type ComputedOp = Exclude<OpName, 'constant' | 'input'>;
type Emitter<Name extends ComputedOp> = (op: Extract<Op, { op: Name }>, context: EmitContext) => string;

/**
 * One emitter per IR operation. Where several ONNX forms are equal, the one that onnxruntime keeps in its blocked
 * channel layout (NCHWc) is taken: leaving that layout costs a pass over the tensor.
 */
export const emitters: { readonly [Name in ComputedOp]: Emitter<Name> } = {
  conv2d: (op, { graph, inputs, inputShapes }) =>
    graph.node('Conv', inputs, {
      kernel_shape: inputShapes[1]!.slice(2),
      strides: op.stride,
      pads: op.pads,
      dilations: op.dilation,
      group: op.groups,
    }),

  matmul: (op, context) => {
    const { graph, inputShapes, shape } = context;
    const [a, b] = context.inputs as [string, string];
    const transposed = { transA: Number(op.transposeA), transB: Number(op.transposeB) };
    if (inputShapes[0]!.length === 2 && inputShapes[1]!.length === 2)
      return graph.node('Gemm', [a, b], transposed);
    // A matrix for all samples is read as it lies: MatMul would want a transposed copy of it.
    if (inputShapes[1]!.length === 2 && !op.transposeA) {
      const rows = graph.node('Reshape', [a, graph.integers([-1, inputShapes[0]!.at(-1)!])]);
      return graph.node('Reshape', [graph.node('Gemm', [rows, b], transposed), graph.integers(shape)]);
    }
    return graph.node('MatMul', [
      op.transposeA ? transposeLast(graph, a, inputShapes[0]!.length) : a,
      op.transposeB ? transposeLast(graph, b, inputShapes[1]!.length) : b,
    ]);
  },

  unary: (op, { graph, inputs }) => unary[op.fn](graph, inputs[0]!),

  binary: (op, { graph, inputs }) => {
    if (op.fn !== 'equal') return graph.node(binaryNames[op.fn], inputs);
    return graph.node('Cast', [graph.node('Equal', inputs)], { to: 1 });
  },

  affine: (op, { graph, inputs, shape }) => {
    let value = inputs[0]!;
    if (op.scale !== 1) value = graph.node('Mul', [value, graph.scalar(op.scale, shape.length)]);
    if (op.shift !== 0) value = graph.node('Add', [value, graph.scalar(op.shift, shape.length)]);
    return value;
  },

  clip: (op, { graph, inputs }) =>
    graph.node('Clip', [inputs[0]!, graph.scalar(op.low, 0), graph.scalar(op.high, 0)]),

  reduce: (op, { graph, inputs, inputShapes }) => {
    const shape = inputShapes[0]!;
    const axes = [...op.axes].sort((a, b) => a - b);
    if (axes.length === 0) return inputs[0]!;
    if (shape.length === 4 && axes.length === 2 && axes[0] === 2) {
      if (op.fn === 'max') return graph.node('GlobalMaxPool', inputs);
      const mean = graph.node('GlobalAveragePool', inputs);
      return op.fn === 'mean' ? mean : graph.node('Mul', [mean, graph.scalar(shape[2]! * shape[3]!, 4)]);
    }
    // In opset 17 the axes of a sum are an input, those of the others an attribute.
    if (op.fn === 'sum') return graph.node('ReduceSum', [inputs[0]!, graph.integers(axes)], { keepdims: 1 });
    return graph.node(op.fn === 'mean' ? 'ReduceMean' : 'ReduceMax', inputs, { axes, keepdims: 1 });
  },

  softmax: (_op, { graph, inputs }) => graph.node('Softmax', inputs, { axis: -1 }),

  pool: (op, context) => (op.fn === 'max' ? maxPool(op, context) : sumPool(op, context)),

  pad: (op, { graph, inputs }) =>
    graph.node('Pad', [inputs[0]!, graph.integers([...op.before, ...op.after]), graph.scalar(op.value, 0)]),

  slice: (op, { graph, inputs, inputShapes }) => {
    const axes = op.start
      .map((_, axis) => axis)
      .filter(
        (axis) => op.start[axis] !== 0 || op.step[axis] !== 1 || op.size[axis] !== inputShapes[0]![axis],
      );
    if (axes.length === 0) return inputs[0]!;
    const starts = axes.map((axis) => op.start[axis]!);
    const ends = axes.map((axis) => op.start[axis]! + (op.size[axis]! - 1) * op.step[axis]! + 1);
    return graph.node('Slice', [
      inputs[0]!,
      graph.integers(starts),
      graph.integers(ends),
      graph.integers(axes),
      graph.integers(axes.map((axis) => op.step[axis]!)),
    ]);
  },

  concat: (op, { graph, inputs }) =>
    inputs.length === 1 ? inputs[0]! : graph.node('Concat', inputs, { axis: op.axis }),

  gather: (op, { graph, inputs }) =>
    graph.node('Gather', [inputs[0]!, graph.integers(op.indices)], { axis: op.axis }),

  reshape: (op, { graph, inputs }) => graph.node('Reshape', [inputs[0]!, graph.integers(op.shape)]),

  transpose: (op, { graph, inputs }) => graph.node('Transpose', inputs, { perm: op.permutation }),

  broadcast: (op, { graph, inputs, inputShapes }) => {
    const from = inputShapes[0]!;
    const repeated = op.shape.map((_, axis) => axis).filter((axis) => op.shape[axis] !== from[axis]);
    if (repeated.length === 0) return inputs[0]!;
    return graph.node('Expand', [inputs[0]!, graph.integers(op.shape)]);
  },

  dilate,

  upsample: (op, { graph, inputs }) =>
    graph.node('Resize', [inputs[0]!, '', graph.constant(Float32Array.of(1, 1, ...op.factor), [4])], {
      mode: 'nearest',
      coordinate_transformation_mode: 'asymmetric',
      nearest_mode: 'floor',
    }),

  adjointKernel: ({ groups }, { graph, inputs, inputShapes, shape }) => {
    const [outputs, perGroup, height, width] = inputShapes[0] as [number, number, number, number];
    const taps = height * width;
    const grouped = graph.integers([groups, outputs / groups, perGroup, taps]);
    const swapped = graph.node('Transpose', [graph.node('Reshape', [inputs[0]!, grouped])], {
      perm: [0, 2, 1, 3],
    });
    const reversed = graph.integers(Array.from({ length: taps }, (_, i) => taps - 1 - i));
    return graph.node('Reshape', [
      graph.node('Gather', [swapped, reversed], { axis: 3 }),
      graph.integers(shape),
    ]);
  },

  argmaxOneHot: (_op, { graph, inputs, shape }) =>
    graph.node(
      'OneHot',
      [
        graph.node('ArgMax', inputs, { axis: -1, keepdims: 0 }),
        graph.integers([shape.at(-1)!]),
        graph.constant(Float32Array.of(0, 1), [2]),
      ],
      { axis: -1 },
    ),
};

const unary: Readonly<Record<UnaryFn, (graph: GraphWriter, x: string) => string>> = {
  neg: (graph, x) => graph.node('Neg', [x]),
  exp: (graph, x) => graph.node('Exp', [x]),
  log: (graph, x) => graph.node('Log', [x]),
  sqrt: (graph, x) => graph.node('Sqrt', [x]),
  reciprocal: (graph, x) => graph.node('Reciprocal', [x]),
  erf: (graph, x) => graph.node('Erf', [x]),
  tanh: (graph, x) => graph.node('Tanh', [x]),
  sigmoid: (graph, x) => graph.node('Sigmoid', [x]),
  relu: (graph, x) => graph.node('Relu', [x]),
  // min(1, max(0, 3e38 · x)) is exact for normal numbers and, unlike comparisons, stays in the blocked layout.
  step: (graph, x) => graph.node('HardSigmoid', [x], { alpha: float(3e38), beta: float(0) }),
  abs: (graph, x) => graph.node('Abs', [x]),
  square: (graph, x) => graph.node('Mul', [x, x]),
};

const binaryNames: Readonly<Record<Exclude<BinaryFn, 'equal'>, string>> = {
  add: 'Add',
  sub: 'Sub',
  mul: 'Mul',
  div: 'Div',
  max: 'Max',
  min: 'Min',
};

interface PoolOp {
  readonly kernel: Pair;
  readonly stride: Pair;
  readonly pads: Pads;
}

function maxPool(op: PoolOp, { graph, inputs }: EmitContext): string {
  return graph.node('MaxPool', inputs, { kernel_shape: op.kernel, strides: op.stride, pads: op.pads });
}

function sumPool(op: PoolOp, { graph, inputs }: EmitContext): string {
  const mean = graph.node('AveragePool', inputs, {
    kernel_shape: op.kernel,
    strides: op.stride,
    pads: op.pads,
    count_include_pad: 1,
  });
  return graph.node('Mul', [mean, graph.scalar(op.kernel[0] * op.kernel[1], 4)]);
}

/** Rows up to this long are spread by one matrix product; its cost grows with the square of the length. */
const maxSpreadRow = 64;

/**
 * Every row times a constant matrix that puts its elements `across` apart and appends the rows of zeros: one
 * vectorised, multi-threaded pass, where padding an axis of extent 1 moves single elements in one thread.
 */
function dilate(
  { stride: [down, across], height, width }: Extract<Op, { op: 'dilate' }>,
  { graph, inputs, inputShapes }: EmitContext,
): string {
  const [batch, channels, rows, columns] = inputShapes[0] as [number, number, number, number];
  // Long rows go in pieces; a piece cannot append the zeros that come after the whole row.
  const whole = columns <= maxSpreadRow;
  const piece = whole ? columns : largestDivisor(columns, maxSpreadRow);
  const pieceWidth = whole ? width : piece * across;
  const below = whole ? down : 1;
  const spread = new Float32Array(piece * below * pieceWidth);
  for (let i = 0; i < piece && i * across < pieceWidth; i += 1)
    spread[i * below * pieceWidth + i * across] = 1;

  const pieces = graph.node('Reshape', [inputs[0]!, graph.integers([-1, piece])]);
  const product = graph.node('MatMul', [pieces, graph.constant(spread, [piece, below * pieceWidth])]);
  if (whole) {
    const full = [batch, channels, rows * down, width];
    return fitted(graph, graph.node('Reshape', [product, graph.integers(full)]), full, [height, width]);
  }
  const apart = graph.node('Reshape', [
    product,
    graph.integers([batch * channels, rows, 1, columns * across]),
  ]);
  const zeros = graph.node('Pad', [
    apart,
    graph.integers([0, 0, 0, 0, 0, 0, down - 1, 0]),
    graph.scalar(0, 0),
  ]);
  const full = [batch, channels, rows * down, columns * across];
  return fitted(graph, graph.node('Reshape', [zeros, graph.integers(full)]), full, [height, width]);
}

/** Crops or zero-pads at the ends of the spatial axes. */
function fitted(graph: GraphWriter, value: string, shape: readonly number[], extent: Pair): string {
  const after = [extent[0] - shape[2]!, extent[1] - shape[3]!];
  if (after.every((extra) => extra === 0)) return value;
  // A negative pad crops.
  return graph.node('Pad', [value, graph.integers([0, 0, 0, 0, 0, 0, ...after]), graph.scalar(0, 0)]);
}

function largestDivisor(of: number, limit: number): number {
  let divisor = Math.min(of, limit);
  while (of % divisor !== 0) divisor -= 1;
  return divisor;
}

function transposeLast(graph: GraphWriter, value: string, rank: number): string {
  const permutation = Array.from({ length: rank }, (_, axis) => axis);
  permutation.push(...permutation.splice(-2).reverse());
  return graph.node('Transpose', [value], { perm: permutation });
}
