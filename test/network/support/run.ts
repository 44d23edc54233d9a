import type { OpContext, OpDefinition } from '../../../server/network/op.ts';
import { createBuilder, type ProgramBuilder, type Value } from '../../../server/tensor/builder.ts';
import type { ParamRef, Source } from '../../../server/tensor/ir.ts';
import { interpret, materialise } from '../../../server/tensor/interpret.ts';
import type { Shape } from '../../../server/network/shape.ts';
import { normaliser } from '../../../server/network/parts/normalisation.ts';
import { tensor, type Tensor } from './tensor.ts';

export const BATCH = 2;

/** An op as a program of its own. */
export interface LoweredUse {
  readonly builder: ProgramBuilder;
  readonly output: Value;
  readonly params: readonly ParamRef[];
}

/**
 * Lowers an op with program inputs `x0`, `x1` … and normal parameters, biases included.
 *
 * @param probed adds a zero parameter to every input, called `x0`, `x1` … too: differentiating by it differentiates
 *   by the input
 */
export function lowerUse(op: OpDefinition, use: OpContext, probed = false): LoweredUse {
  const builder = createBuilder(BATCH);
  const params: ParamRef[] = [];
  const values = new Map<string, Value>();
  const declare = (name: string, shape: Shape, source: Source): Value => {
    const value = builder.constant(source, shape);
    params.push({ name, shape, node: value.node });
    values.set(name, value);
    return value;
  };
  const inputs = use.inputs.map((shape, i) => {
    const x = builder.input(`x${i}`, [BATCH, ...shape]);
    if (!probed) return x;
    const probe = declare(`x${i}`, shape, { kind: 'fill', value: 0 });
    return builder.add(x, builder.reshape(probe, [1, ...shape]));
  });
  for (const { name, shape } of op.params?.(use) ?? [])
    declare(name, shape, { kind: 'normal', name, std: 1 });
  const output = op.lower({
    ...use,
    builder,
    normalise: normaliser(builder, 'eval'),
    values: inputs,
    param: (name) => values.get(name)!,
  });
  return { builder, output, params };
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
