import type { AppliedOp, BinaryFn, NodeId, Pads, Pair, Program, ReduceFn, Source, UnaryFn } from './ir.ts';

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
  /** Makes a new node each time, so that two parameters filled alike stay apart. */
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
  /** Applies any op with operands, for walks that write one program from another. */
  apply(op: AppliedOp, operands: readonly Value[]): Value;
  /** The program with all nodes built so far; node ids stay what `Value.node` said. */
  finish(outputs: Readonly<Record<string, Value>>): Program;
}
