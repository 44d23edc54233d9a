import type { BinaryFn, IrNode, NodeId, Op, Pads, Pair, Program, ReduceFn, Source, UnaryFn } from './ir.ts';
import { inferShape, isShape, sameExtents, type AppliedOp } from './shapes.ts';

/** A node under construction. */
export interface Value {
  readonly node: NodeId;
  readonly shape: readonly number[];
}

export interface ConvOptions {
  readonly stride?: Pair;
  readonly pads?: Pads;
  readonly dilation?: Pair;
  readonly groups?: number;
}

/**
 * Builds a tensor program node by node, inferring shapes; throws `TypeError` on a malformed call (a bug, not user input).
 * Equal calls on equal operands give the same node, and calls that change nothing (a reshape to the same shape, a slice
 * of everything, an identity affine) give their operand.
 */
export interface ProgramBuilder {
  readonly batch: number;
  /** Always a new node, so that two parameters filled alike stay apart. */
  constant(source: Source, shape: readonly number[]): Value;
  /** A scalar constant of rank `rank` (all extents 1), for broadcasting. */
  scalar(value: number, rank: number): Value;
  input(name: string, shape: readonly number[]): Value;
  conv2d(x: Value, weight: Value, options?: ConvOptions): Value;
  matmul(a: Value, b: Value, options?: { transposeA?: boolean; transposeB?: boolean }): Value;
  unary(fn: UnaryFn, x: Value): Value;
  binary(fn: BinaryFn, a: Value, b: Value): Value;
  add(a: Value, b: Value): Value;
  sub(a: Value, b: Value): Value;
  mul(a: Value, b: Value): Value;
  affine(x: Value, scale: number, shift?: number): Value;
  clip(x: Value, low: number, high: number): Value;
  reduce(fn: ReduceFn, x: Value, axes: readonly number[]): Value;
  softmax(x: Value): Value;
  pool(fn: 'max' | 'sum', x: Value, kernel: Pair, stride: Pair, pads: Pads): Value;
  pad(x: Value, before: readonly number[], after: readonly number[], value?: number): Value;
  slice(x: Value, start: readonly number[], size: readonly number[], step?: readonly number[]): Value;
  concat(values: readonly Value[], axis: number): Value;
  gather(x: Value, axis: number, indices: readonly number[]): Value;
  reshape(x: Value, shape: readonly number[]): Value;
  transpose(x: Value, permutation: readonly number[]): Value;
  broadcast(x: Value, shape: readonly number[]): Value;
  dilate(x: Value, stride: Pair, height: number, width: number): Value;
  upsample(x: Value, factor: Pair): Value;
  adjointKernel(weight: Value, groups: number): Value;
  argmaxOneHot(x: Value): Value;
  /** Any op but a constant or an input: for passes that copy programs. */
  apply(op: AppliedOp, operands: readonly Value[]): Value;
  /** The program with all nodes built so far; node ids stay what `Value.node` said. */
  finish(outputs: Readonly<Record<string, Value>>): Program;
}

type NodeKey = string | number;
/** An op and two nodes are told apart by one number below 2⁵³. */
const numberedNodes = 2 ** 20;
const numberedOps = 2 ** 13;

/** @param batch samples per chunk: extent of axis 0 of every input */
export function createBuilder(batch: number): ProgramBuilder {
  if (!isShape([batch])) throw new TypeError(`batch: required: a positive integer, got ${batch}`);
  const nodes: IrNode[] = [];
  const known = new Map<NodeKey, Value>();
  const opNumbers = new Map<string, number>();

  /** Equal for equal ops on equal operands. A number where one can be made: thousands of long strings cost more. */
  function nodeKey(op: AppliedOp, operands: readonly Value[]): NodeKey {
    const name = opKey(op);
    let number = opNumbers.get(name);
    if (number === undefined) {
      number = opNumbers.size;
      opNumbers.set(name, number);
    }
    const [first, second] = operands;
    if (operands.length > 2 || number >= numberedOps || nodes.length >= numberedNodes) {
      return `${name},${operands.map((operand) => operand.node).join()}`;
    }
    const [a, b] = [first === undefined ? 0 : first.node + 1, second === undefined ? 0 : second.node + 1];
    return (number * numberedNodes + a) * numberedNodes + b;
  }

  function append(op: Op, inputs: readonly NodeId[], shape: readonly number[]): Value {
    nodes.push({ op, inputs, shape });
    return { node: nodes.length - 1, shape };
  }

  function constant(source: Source, shape: readonly number[]): Value {
    if (!isShape(shape)) throw new TypeError(`constant: required: a shape, got [${shape.join()}]`);
    return append({ op: 'constant', source }, [], shape);
  }

  function apply(op: AppliedOp, operands: readonly Value[]): Value {
    for (const { node, shape } of operands) {
      const own = nodes[node];
      if (own === undefined || !sameExtents(own.shape, shape)) {
        throw new TypeError(`${op.op}: required: operands of this builder`);
      }
    }
    const key = nodeKey(op, operands);
    const merged = known.get(key);
    if (merged !== undefined) return merged;
    const shapes = operands.map((operand) => operand.shape);
    const shape = inferShape(op, shapes);
    const value = changesNothing(op, shapes)
      ? operands[0]!
      : append(
          op,
          operands.map((operand) => operand.node),
          shape,
        );
    known.set(key, value);
    return value;
  }

  function binary(fn: BinaryFn, a: Value, b: Value): Value {
    return apply({ op: 'binary', fn }, [a, b]);
  }

  return {
    batch,
    constant,
    scalar(value, rank) {
      const key = `scalar ${value} ${rank}`;
      let scalar = known.get(key);
      if (scalar === undefined) {
        scalar = constant({ kind: 'fill', value }, new Array<number>(rank).fill(1));
        known.set(key, scalar);
      }
      return scalar;
    },
    input(name, shape) {
      if (!isShape(shape) || shape[0] !== batch) {
        throw new TypeError(`input ${name}: required: a shape with ${batch} samples, got [${shape.join()}]`);
      }
      const key = `input ${name}`;
      let input = known.get(key);
      if (input === undefined) {
        input = append({ op: 'input', name }, [], shape);
        known.set(key, input);
      } else if (!sameExtents(input.shape, shape)) {
        throw new TypeError(
          `input ${name}: required: one shape, got [${shape.join()}] and [${input.shape.join()}]`,
        );
      }
      return input;
    },
    conv2d: (x, weight, options = {}) =>
      apply(
        {
          op: 'conv2d',
          stride: options.stride ?? [1, 1],
          pads: options.pads ?? [0, 0, 0, 0],
          dilation: options.dilation ?? [1, 1],
          groups: options.groups ?? 1,
        },
        [x, weight],
      ),
    matmul: (a, b, options = {}) =>
      apply(
        { op: 'matmul', transposeA: options.transposeA ?? false, transposeB: options.transposeB ?? false },
        [a, b],
      ),
    unary: (fn, x) => apply({ op: 'unary', fn }, [x]),
    binary,
    add: (a, b) => binary('add', a, b),
    sub: (a, b) => binary('sub', a, b),
    mul: (a, b) => binary('mul', a, b),
    affine: (x, scale, shift = 0) => apply({ op: 'affine', scale, shift }, [x]),
    clip: (x, low, high) => apply({ op: 'clip', low, high }, [x]),
    reduce: (fn, x, axes) => apply({ op: 'reduce', fn, axes: [...axes].sort((a, b) => a - b) }, [x]),
    softmax: (x) => apply({ op: 'softmax' }, [x]),
    pool: (fn, x, kernel, stride, pads) => apply({ op: 'pool', fn, kernel, stride, pads }, [x]),
    pad: (x, before, after, value = 0) => apply({ op: 'pad', before, after, value }, [x]),
    slice: (x, start, size, step) =>
      apply({ op: 'slice', start, size, step: step ?? start.map(() => 1) }, [x]),
    concat: (values, axis) => apply({ op: 'concat', axis }, values),
    gather: (x, axis, indices) => apply({ op: 'gather', axis, indices }, [x]),
    reshape: (x, shape) => apply({ op: 'reshape', shape }, [x]),
    transpose: (x, permutation) => apply({ op: 'transpose', permutation }, [x]),
    broadcast: (x, shape) => apply({ op: 'broadcast', shape }, [x]),
    dilate: (x, stride, height, width) => apply({ op: 'dilate', stride, height, width }, [x]),
    upsample: (x, factor) => apply({ op: 'upsample', factor }, [x]),
    adjointKernel: (weight, groups) => apply({ op: 'adjointKernel', groups }, [weight]),
    argmaxOneHot: (x) => apply({ op: 'argmaxOneHot' }, [x]),
    apply,
    finish(outputs) {
      return {
        batch,
        nodes: [...nodes],
        outputs: Object.entries(outputs).map(([name, value]) => {
          if (value.shape[0] !== batch) {
            throw new TypeError(`output ${name}: required: ${batch} samples along axis 0`);
          }
          return { name, node: value.node, gather: 'samples' };
        }),
      };
    },
  };
}

/** Equal for equal ops; cheap, because it is computed for every node built. */
function opKey(op: AppliedOp): string {
  switch (op.op) {
    case 'conv2d':
      return `conv ${op.stride.join()} ${op.pads.join()} ${op.dilation.join()} ${op.groups}`;
    case 'matmul':
      return `matmul ${op.transposeA} ${op.transposeB}`;
    case 'unary':
    case 'binary':
      return `${op.op} ${op.fn}`;
    case 'affine':
      return `affine ${op.scale} ${op.shift}`;
    case 'clip':
      return `clip ${op.low} ${op.high}`;
    case 'reduce':
      return `reduce ${op.fn} ${op.axes.join()}`;
    case 'softmax':
    case 'argmaxOneHot':
      return op.op;
    case 'pool':
      return `pool ${op.fn} ${op.kernel.join()} ${op.stride.join()} ${op.pads.join()}`;
    case 'pad':
      return `pad ${op.before.join()} ${op.after.join()} ${op.value}`;
    case 'slice':
      return `slice ${op.start.join()} ${op.size.join()} ${op.step.join()}`;
    case 'concat':
      return `concat ${op.axis}`;
    case 'gather':
      return `gather ${op.axis} ${op.indices.join()}`;
    case 'reshape':
    case 'broadcast':
      return `${op.op} ${op.shape.join()}`;
    case 'transpose':
      return `transpose ${op.permutation.join()}`;
    case 'dilate':
      return `dilate ${op.stride.join()} ${op.height} ${op.width}`;
    case 'upsample':
      return `upsample ${op.factor.join()}`;
    case 'adjointKernel':
      return `adjointKernel ${op.groups}`;
  }
}

/** Whether the (well-shaped) op gives its only operand back. */
function changesNothing(op: AppliedOp, shapes: readonly (readonly number[])[]): boolean {
  const shape = shapes[0]!;
  switch (op.op) {
    case 'affine':
      return op.scale === 1 && op.shift === 0;
    case 'reduce':
      return op.axes.every((axis) => shape[axis] === 1);
    case 'pad':
      return op.before.every((n) => n === 0) && op.after.every((n) => n === 0);
    case 'slice':
      return sameExtents(op.size, shape);
    case 'concat':
      return shapes.length === 1;
    case 'gather':
      return op.indices.length === shape[op.axis] && op.indices.every((index, i) => index === i);
    case 'reshape':
    case 'broadcast':
      return sameExtents(op.shape, shape);
    case 'transpose':
      return op.permutation.every((axis, i) => axis === i);
    case 'dilate':
      return op.stride[0] === 1 && op.stride[1] === 1 && op.height === shape[2] && op.width === shape[3];
    case 'upsample':
      return op.factor[0] === 1 && op.factor[1] === 1;
    case 'pool':
      return op.kernel.join() === '1,1' && op.stride.join() === '1,1' && op.pads.join() === '0,0,0,0';
    case 'conv2d':
    case 'matmul':
    case 'unary':
    case 'binary':
    case 'clip':
    case 'softmax':
    case 'adjointKernel':
    case 'argmaxOneHot':
      return false;
  }
}
