import type { OpContext, OpDefinition, ParamSpec } from '../../../server/network/op.ts';
import { createBuilder, type ProgramBuilder, type Value } from '../../../server/tensor/builder.ts';
import type { ParamRef, PrimalProgram } from '../../../server/tensor/ir.ts';
import { interpret, materialise } from '../../../server/tensor/interpret.ts';
import type { Shape } from '../../../server/network/shape.ts';
import { elementCount } from '../../../server/network/shape.ts';
import { tensor, type Tensor } from './tensor.ts';

export const BATCH = 2;

/** An op as a program of its own, with inputs `x0`, `x1` … and normal parameters, biases included. */
export interface LoweredUse {
  readonly builder: ProgramBuilder;
  readonly output: Value;
  readonly params: readonly ParamRef[];
  readonly specs: readonly ParamSpec[];
}

export function lowerUse(op: OpDefinition, use: OpContext): LoweredUse {
  const builder = createBuilder(BATCH);
  const specs = op.params?.(use) ?? [];
  const values = use.inputs.map((shape, i) => builder.input(`x${i}`, [BATCH, ...shape]));
  const constants = new Map(
    specs.map((spec) => [
      spec.name,
      builder.constant({ kind: 'normal', name: spec.name, std: 1 }, spec.shape),
    ]),
  );
  const output = op.lower({ ...use, builder, values, param: (name) => constants.get(name)! });
  const params = specs.map(({ name, shape }) => ({ name, shape, node: constants.get(name)!.node }));
  return { builder, output, params, specs };
}

/** As a primal program whose logits are the flattened output. */
export function asPrimal({ builder, output, params }: LoweredUse): PrimalProgram {
  const logits = builder.reshape(output, [BATCH, elementCount(output.shape) / BATCH]);
  return { program: builder.finish({ logits }), params, logits: logits.node, nodeValues: [] };
}

/** Standard normal numbers that depend only on the name and the seed. */
export function normalTensor(name: string, shape: Shape, seed: number): Tensor {
  return tensor(shape, Float64Array.from(materialise({ kind: 'normal', name, std: 1 }, shape, seed)));
}

/** Inputs `x0`, `x1` … of the batch. */
export function inputsOf(use: OpContext, seed: number): Record<string, Tensor> {
  return Object.fromEntries(
    use.inputs.map((shape, i) => [`x${i}`, normalTensor(`input ${i}`, [BATCH, ...shape], seed)]),
  );
}

/** Runs the op in float64 on `inputsOf` and gives the output of the batch. */
export function runUse(op: OpDefinition, use: OpContext, seed: number): Tensor {
  const { builder, output } = lowerUse(op, use);
  const data = Object.fromEntries(Object.entries(inputsOf(use, seed)).map(([name, x]) => [name, x.data]));
  const { y } = interpret(builder.finish({ y: output }), data, { seed });
  return tensor(y!.shape, Float64Array.from(y!.data));
}
