import type { AppliedOp, BinaryFn, IrNode, NodeId, Op, Source } from './ir.ts';
import { inferShape, ruleOf } from './ops/index.ts';
import type { ProgramBuilder, Value } from './program-builder.ts';
import { isShape, sameExtents } from './shapes.ts';

export type { ProgramBuilder, Value } from './program-builder.ts';

type NodeKey = string | number;
/** Limits within which an op and its two operands fit into one number below 2⁵³. */
const numberedNodes = 2 ** 20;
const numberedOps = 2 ** 13;

/** @param batch samples per chunk: extent of axis 0 of every input */
export function createBuilder(batch: number): ProgramBuilder {
  if (!isShape([batch])) throw new TypeError(`batch: required: a positive integer, got ${batch}`);
  const nodes: IrNode[] = [];
  const known = new Map<NodeKey, Value>();
  const opNumbers = new Map<string, number>();

  /** Equal for equal ops on equal operands. A number where the limits allow it, because thousands of long strings cost more. */
  function nodeKey(op: AppliedOp, operands: readonly Value[]): NodeKey {
    const name = `${op.op} ${ruleOf(op).key(op)}`;
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
    const value =
      ruleOf(op).changesNothing?.(op, shapes) === true
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
