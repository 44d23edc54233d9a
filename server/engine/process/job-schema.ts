import * as v from 'valibot';
import { opNames, type Program, type Source } from '../../tensor/ir.ts';
import type { TensorJob } from '../engine.ts';

const extents = v.array(v.pipe(v.number(), v.integer(), v.minValue(0)));
const integer = v.pipe(v.number(), v.integer());

const source = v.variant('kind', [
  v.object({ kind: v.literal('normal'), name: v.string(), std: v.number() }),
  v.object({ kind: v.literal('signs'), name: v.string(), scale: v.number() }),
  v.object({ kind: v.literal('fill'), value: v.number() }),
  v.object({ kind: v.literal('inline'), dtype: v.picklist(['float32', 'float64']), base64: v.string() }),
]) satisfies v.GenericSchema<unknown, Source>;

/**
 * Whether engines can walk over the program: known ops over operands that come before them, positive extents, outputs that
 * exist. The checks are by hand, because thousands of nodes are checked before every run. An op whose attributes make no
 * sense fails in the computing thread, which reports it.
 */
function isProgram(value: unknown): value is Program {
  if (!isRecord(value) || !isCount(value['batch'])) return false;
  const { nodes, outputs } = value;
  if (!Array.isArray(nodes) || !Array.isArray(outputs)) return false;
  return (
    nodes.every((node: unknown, id) => {
      if (!isRecord(node) || !isRecord(node['op'])) return false;
      const { op, inputs, shape } = node;
      return (
        typeof op['op'] === 'string' &&
        Object.hasOwn(opNames, op['op']) &&
        (op['op'] !== 'constant' || v.is(source, op['source'])) &&
        Array.isArray(inputs) &&
        inputs.every((input) => Number.isInteger(input) && input >= 0 && input < id) &&
        Array.isArray(shape) &&
        shape.every(isCount)
      );
    }) && outputs.every((output) => v.is(programOutput, output) && output.node < nodes.length)
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function isCount(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) >= 1;
}

const programOutput = v.object({
  name: v.string(),
  node: v.pipe(integer, v.minValue(0)),
  gather: v.literal('samples'),
});

/** A job as it arrives from another process. */
export const tensorJobSchema = v.object({
  program: v.custom<Program>(isProgram, 'not a tensor program'),
  chunks: v.pipe(v.number(), v.integer(), v.minValue(1)),
  whole: v.exactOptional(v.pipe(v.number(), v.minValue(0))),
  bindings: v.record(v.string(), v.object({ shape: extents, source })),
  seed: integer,
}) satisfies v.GenericSchema<unknown, TensorJob>;
