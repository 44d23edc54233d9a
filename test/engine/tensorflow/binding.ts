import { MathBackendCPU, version_cpu } from '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import type { NamedAttrMap, TensorInfo, TypedArray } from '@tensorflow/tfjs-core';

/**
 * Stands in for the native binding of tfjs-node-gpu where there is no CUDA: the same functions, answering TensorFlow's
 * operations with the kernels of tfjs-backend-cpu. Everything above it is the real package.
 */

interface Attribute {
  readonly name: string;
  readonly value: unknown;
}

interface Metadata {
  readonly id: number;
  readonly shape: readonly number[];
  readonly dtype: number;
}

const types = { float32: 1, int32: 3, string: 7, complex64: 8, bool: 10 } as const;
type Dtype = 'float32' | 'int32' | 'bool';

const backend = new MathBackendCPU();
const tensors = new Map<number, TensorInfo>();
let nextId = 1;

function dtypeOf(type: number): Dtype {
  const name = Object.entries(types).find(([, value]) => value === type)?.[0];
  if (name !== 'float32' && name !== 'int32' && name !== 'bool') throw new Error(`No type ${type}.`);
  return name;
}

function register(tensor: TensorInfo): Metadata {
  const id = nextId++;
  tensors.set(id, tensor);
  return { id, shape: tensor.shape, dtype: types[tensor.dtype as Dtype] };
}

function run(
  kernel: string,
  inputs: Record<string, TensorInfo> | TensorInfo[],
  attrs: NamedAttrMap,
): TensorInfo[] {
  const known = tf.getKernel(kernel, 'cpu') as tf.KernelConfig | undefined;
  if (known === undefined) throw new Error(`tfjs-backend-cpu ${version_cpu} has no ${kernel}.`);
  const result = known.kernelFunc({ inputs: inputs as Record<string, TensorInfo>, attrs, backend });
  return Array.isArray(result) ? result : [result];
}

type Attributes = Readonly<Record<string, unknown>>;
type Operation = (inputs: readonly TensorInfo[], attributes: Attributes) => TensorInfo[];

/** The values of an operand that says how to compute: axes, shapes, pads. */
function values(tensor: TensorInfo): number[] {
  return Array.from(backend.readSync(tensor.dataId) as TypedArray);
}

function copyOf({ dataId, shape, dtype }: TensorInfo): TensorInfo {
  return backend.makeTensorInfo(shape, dtype, (backend.readSync(dataId) as TypedArray).slice());
}

const unary =
  (kernel: string): Operation =>
  ([x]) =>
    run(kernel, { x: x! }, {});

const binary =
  (kernel: string): Operation =>
  ([a, b]) =>
    run(kernel, { a: a!, b: b! }, {});

const reduction =
  (kernel: string, axis: string): Operation =>
  ([x, axes], attributes) =>
    run(kernel, { x: x! }, { [axis]: values(axes!), keepDims: attributes['keep_dims'] as boolean });

/** Rows and columns of an attribute that TensorFlow wants for all four axes, in NHWC. */
function spatial(value: unknown, format: unknown): [number, number] {
  if (format !== 'NHWC') throw new Error('This stand-in has the order NHWC only.');
  const [first, down, across, last] = value as number[];
  if (first !== 1 || last !== 1) throw new Error('TensorFlow refuses strides over samples or channels.');
  return [down!, across!];
}

function padding(attributes: Attributes): NamedAttrMap[string] {
  if (attributes['padding'] !== 'EXPLICIT') return String(attributes['padding']).toLowerCase();
  const list = attributes['explicit_paddings'] as number[];
  return [0, 2, 4, 6].map((at) => list.slice(at, at + 2));
}

const convolution =
  (kernel: string): Operation =>
  ([x, filter], attributes) =>
    run(
      kernel,
      { x: x!, filter: filter! },
      {
        strides: spatial(attributes['strides'], attributes['data_format']),
        dilations: spatial(attributes['dilations'], attributes['data_format']),
        pad: padding(attributes),
        dataFormat: 'NHWC',
      },
    );

const operations: Readonly<Record<string, Operation>> = {
  // The engine owns what this kernel gives, and may dispose of it.
  Abs: (inputs, attributes) => unary('Abs')(inputs, attributes).map(copyOf),
  Erf: unary('Erf'),
  Exp: unary('Exp'),
  IsNan: unary('IsNan'),
  Log: unary('Log'),
  Neg: unary('Neg'),
  Reciprocal: unary('Reciprocal'),
  Relu: unary('Relu'),
  Sigmoid: unary('Sigmoid'),
  Sqrt: unary('Sqrt'),
  Square: unary('Square'),
  Tanh: unary('Tanh'),
  OnesLike: unary('OnesLike'),
  Add: binary('Add'),
  Equal: binary('Equal'),
  Greater: binary('Greater'),
  Maximum: binary('Maximum'),
  Minimum: binary('Minimum'),
  Mul: binary('Multiply'),
  RealDiv: binary('RealDiv'),
  Sub: binary('Sub'),
  Max: reduction('Max', 'reductionIndices'),
  Mean: reduction('Mean', 'axis'),
  Sum: reduction('Sum', 'axis'),
  Conv2D: convolution('Conv2D'),
  DepthwiseConv2dNative: convolution('DepthwiseConv2dNative'),
  MaxPool: ([x], attributes) => {
    if (attributes['padding'] === 'EXPLICIT') throw new Error('TensorFlow pools with VALID and SAME only.');
    return run(
      'MaxPool',
      { x: x! },
      {
        filterSize: spatial(attributes['ksize'], attributes['data_format']),
        strides: spatial(attributes['strides'], attributes['data_format']),
        pad: padding(attributes),
      },
    );
  },
  BatchMatMulV2: ([a, b], attributes) =>
    run(
      'BatchMatMul',
      { a: a!, b: b! },
      { transposeA: attributes['adj_x'] as boolean, transposeB: attributes['adj_y'] as boolean },
    ),
  ArgMax: ([x, axis]) => run('ArgMax', { x: x! }, { axis: values(axis!)[0]! }),
  Cast: ([x], attributes) => run('Cast', { x: x! }, { dtype: dtypeOf(attributes['DstT'] as number) }),
  ConcatV2: (inputs) => run('Concat', inputs.slice(0, -1), { axis: values(inputs.at(-1)!)[0]! }),
  Fill: ([shape, value], attributes) =>
    run(
      'Fill',
      {},
      { shape: values(shape!), value: values(value!)[0]!, dtype: dtypeOf(attributes['T'] as number) },
    ),
  GatherV2: ([x, indices, axis], attributes) =>
    run(
      'GatherV2',
      { x: x!, indices: indices! },
      { axis: values(axis!)[0]!, batchDims: attributes['batch_dims'] as number },
    ),
  OneHot: ([indices, depth, onValue, offValue], attributes) =>
    run(
      'OneHot',
      { indices: indices! },
      {
        dtype: dtypeOf(attributes['T'] as number),
        depth: values(depth!)[0]!,
        onValue: values(onValue!)[0]!,
        offValue: values(offValue!)[0]!,
      },
    ),
  PadV2: ([x, paddings, value]) => {
    const list = values(paddings!);
    const pairs = x!.shape.map((_, axis) => list.slice(2 * axis, 2 * axis + 2));
    return run('PadV2', { x: x! }, { paddings: pairs, constantValue: values(value!)[0]! });
  },
  Reshape: ([x, shape]) => run('Reshape', { x: x! }, { shape: values(shape!) }),
  ReverseV2: ([x, axes]) => run('Reverse', { x: x! }, { dims: values(axes!) }),
  Select: ([condition, t, e]) => run('Select', { condition: condition!, t: t!, e: e! }, {}),
  Slice: ([x, begin, size]) => run('Slice', { x: x! }, { begin: values(begin!), size: values(size!) }),
  Softmax: ([logits]) => run('Softmax', { logits: logits! }, { dim: -1 }),
  SplitV: ([x, sizes, axis]) =>
    run('SplitV', { x: x! }, { numOrSizeSplits: values(sizes!), axis: values(axis!)[0]! }),
  StridedSlice: ([x, begin, end, strides], attributes) =>
    run(
      'StridedSlice',
      { x: x! },
      {
        begin: values(begin!),
        end: values(end!),
        strides: values(strides!),
        beginMask: attributes['begin_mask'] as number,
        endMask: attributes['end_mask'] as number,
        ellipsisMask: attributes['ellipsis_mask'] as number,
        newAxisMask: attributes['new_axis_mask'] as number,
        shrinkAxisMask: attributes['shrink_axis_mask'] as number,
      },
    ),
  Tile: ([x, reps]) => run('Tile', { x: x! }, { reps: values(reps!) }),
  Transpose: ([x, perm]) => run('Transpose', { x: x! }, { perm: values(perm!) }),
};

export const TF_FLOAT = types.float32;
export const TF_INT32 = types.int32;
export const TF_STRING = types.string;
export const TF_COMPLEX64 = types.complex64;
export const TF_BOOL = types.bool;
export const TF_INT64 = 9;
export const TF_RESOURCE = 20;
export const TF_ATTR_STRING = 0;
export const TF_ATTR_INT = 1;
export const TF_ATTR_FLOAT = 2;
export const TF_ATTR_BOOL = 3;
export const TF_ATTR_TYPE = 4;
export const TF_Version = '2.9.1';

/** As a machine without CUDA answers when the variable says so. */
export function isUsingGpuDevice(): boolean {
  return process.env['STANDIN_GPU'] !== 'none';
}

export function getNumOfTensors(): number {
  return tensors.size;
}

export function createTensor(shape: number[], dtype: number, data: TypedArray): number {
  return register(backend.makeTensorInfo(shape, dtypeOf(dtype), data.slice())).id;
}

export function deleteTensor(id: number): void {
  const tensor = tensors.get(id);
  if (tensor === undefined) throw new Error(`No tensor ${id}.`);
  tensors.delete(id);
  backend.disposeData(tensor.dataId);
}

export function tensorDataSync(id: number): TypedArray {
  return (backend.readSync(tensors.get(id)!.dataId) as TypedArray).slice();
}

export function executeOp(
  name: string,
  attributes: readonly Attribute[],
  ids: number[],
  outputs: number,
): Metadata[] {
  const operation = operations[name];
  if (operation === undefined) throw new Error(`The stand-in has no operation ${name}.`);
  const results = operation(
    ids.map((id) => tensors.get(id)!),
    Object.fromEntries(attributes.map((attribute) => [attribute.name, attribute.value])),
  );
  if (results.length !== outputs)
    throw new Error(`${name}: ${results.length} results instead of ${outputs}.`);
  return results.map(register);
}
