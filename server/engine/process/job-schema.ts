import * as v from 'valibot';
import type { Op, OpName, Program, Source } from '../../tensor/ir.ts';
import type { TensorJob } from '../engine.ts';

const extents = v.array(v.pipe(v.number(), v.integer(), v.minValue(0)));
const integer = v.pipe(v.number(), v.integer());
const pair = v.tuple([integer, integer]);
const pads = v.tuple([integer, integer, integer, integer]);

const source = v.variant('kind', [
  v.object({ kind: v.literal('normal'), name: v.string(), std: v.number() }),
  v.object({ kind: v.literal('signs'), name: v.string(), scale: v.number() }),
  v.object({ kind: v.literal('fill'), value: v.number() }),
  v.object({ kind: v.literal('inline'), dtype: v.picklist(['float32', 'float64']), base64: v.string() }),
]) satisfies v.GenericSchema<unknown, Source>;

const ops: { readonly [Name in OpName]: v.GenericSchema<unknown, Extract<Op, { op: Name }>> } = {
  constant: v.object({ op: v.literal('constant'), source }),
  input: v.object({ op: v.literal('input'), name: v.string() }),
  conv2d: v.object({ op: v.literal('conv2d'), stride: pair, pads, dilation: pair, groups: integer }),
  matmul: v.object({ op: v.literal('matmul'), transposeA: v.boolean(), transposeB: v.boolean() }),
  unary: v.object({
    op: v.literal('unary'),
    fn: v.picklist([
      'neg',
      'exp',
      'log',
      'sqrt',
      'reciprocal',
      'erf',
      'tanh',
      'sigmoid',
      'relu',
      'step',
      'abs',
      'square',
    ]),
  }),
  binary: v.object({
    op: v.literal('binary'),
    fn: v.picklist(['add', 'sub', 'mul', 'div', 'max', 'min', 'equal']),
  }),
  affine: v.object({ op: v.literal('affine'), scale: v.number(), shift: v.number() }),
  clip: v.object({ op: v.literal('clip'), low: v.number(), high: v.number() }),
  reduce: v.object({ op: v.literal('reduce'), fn: v.picklist(['sum', 'mean', 'max']), axes: extents }),
  softmax: v.object({ op: v.literal('softmax') }),
  pool: v.object({ op: v.literal('pool'), fn: v.picklist(['max', 'sum']), kernel: pair, stride: pair, pads }),
  pad: v.object({ op: v.literal('pad'), before: extents, after: extents, value: v.number() }),
  slice: v.object({ op: v.literal('slice'), start: extents, size: extents, step: extents }),
  concat: v.object({ op: v.literal('concat'), axis: integer }),
  gather: v.object({ op: v.literal('gather'), axis: integer, indices: extents }),
  reshape: v.object({ op: v.literal('reshape'), shape: extents }),
  transpose: v.object({ op: v.literal('transpose'), permutation: extents }),
  broadcast: v.object({ op: v.literal('broadcast'), shape: extents }),
  dilate: v.object({ op: v.literal('dilate'), stride: pair, height: integer, width: integer }),
  upsample: v.object({ op: v.literal('upsample'), factor: pair }),
  adjointKernel: v.object({ op: v.literal('adjointKernel'), groups: integer }),
  argmaxOneHot: v.object({ op: v.literal('argmaxOneHot') }),
};

/** Picks the schema by the discriminant: programs have thousands of nodes, and `variant` tries the schemas in turn. */
const op = v.lazy((input): v.GenericSchema<unknown, Op> => {
  const name = typeof input === 'object' && input !== null && 'op' in input ? input.op : undefined;
  return typeof name === 'string' && Object.hasOwn(ops, name) ? ops[name as OpName] : unknownOp;
});
const unknownOp = v.never('no such op');

const program = v.pipe(
  v.object({
    batch: v.pipe(v.number(), v.integer(), v.minValue(1)),
    nodes: v.array(v.object({ op, inputs: extents, shape: extents })),
    outputs: v.array(v.object({ name: v.string(), node: integer, gather: v.literal('samples') })),
  }),
  v.check(
    ({ nodes }) => nodes.every(({ inputs }, id) => inputs.every((input) => input < id)),
    'nodes out of order',
  ),
  v.check(({ nodes, outputs }) => outputs.every(({ node }) => nodes[node] !== undefined), 'no such node'),
) satisfies v.GenericSchema<unknown, Program>;

/** A job as it arrives from another process. */
export const tensorJobSchema = v.object({
  program,
  chunks: v.pipe(v.number(), v.integer(), v.minValue(1)),
  bindings: v.record(v.string(), v.object({ shape: extents, source })),
  seed: integer,
}) satisfies v.GenericSchema<unknown, TensorJob>;
