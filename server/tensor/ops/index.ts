import type { AppliedOp, Op, OpOf } from '../ir.ts';
import { isLeaf } from '../ir.ts';
import { requireThat, type Shape } from '../shapes.ts';
import { binary } from './binary.ts';
import { adjointKernel, conv2d } from './convolution.ts';
import { broadcast, reshape, transpose } from './layout.ts';
import { matmul } from './matmul.ts';
import { pool } from './pool.ts';
import { argmaxOneHot, reduce, softmax } from './reduce.ts';
import { dilate, upsample } from './resample.ts';
import type { OpRule } from './rule.ts';
import { concat, gather, pad, slice } from './slicing.ts';
import { affine, clip, unary } from './unary.ts';

/** The rule of each op; an op without one is an error of types. */
export const opRules: { readonly [Name in AppliedOp['op']]: OpRule<OpOf<Name>> } = {
  conv2d,
  matmul,
  unary,
  binary,
  affine,
  clip,
  reduce,
  softmax,
  pool,
  pad,
  slice,
  concat,
  gather,
  reshape,
  transpose,
  broadcast,
  dilate,
  upsample,
  adjointKernel,
  argmaxOneHot,
};

/** What is known of an op. */
export function ruleOf<O extends AppliedOp>(op: O): OpRule<O> {
  // The key picks the rule of the very variant that `op` is, which the type system cannot follow.
  return opRules[op.op] as unknown as OpRule<O>;
}

/** The shape of an op's result; throws `TypeError` when the op cannot be applied to operands of these shapes. */
export function inferShape(op: AppliedOp, operands: readonly Shape[]): Shape {
  const { arity } = ruleOf(op);
  requireThat(arity === 'some' ? operands.length > 0 : operands.length === arity, op.op, 'operand count');
  return ruleOf(op).shape(op, operands);
}

/** Whether a change of the operands changes the result, almost everywhere. */
export function isSensitive(op: Op): boolean {
  if (isLeaf(op)) return false;
  const rule = ruleOf(op);
  return rule.isSensitive?.(op) ?? typeof rule.derivative === 'function';
}

/** Whether the result holds the elements of the operand in the same order, and needs no memory of its own. */
export function isView(op: Op): boolean {
  return !isLeaf(op) && ruleOf(op).kernel === 'view';
}

/** Whether it sums products of its first operand with weights, its second, as convolutions and linear layers do. */
export function isLayer(op: Op): boolean {
  return !isLeaf(op) && ruleOf(op).layer !== undefined;
}

/** How many multiply-accumulates a node of that shape takes. */
export function macsOf(op: Op, operands: readonly Shape[], shape: Shape): number {
  return isLeaf(op) ? 0 : ruleOf(op).macs(op, operands, shape);
}
