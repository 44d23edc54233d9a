import type { Executor } from '../../server/engine/executor.ts';
import { createOnnxExecutor } from '../../server/engine/onnx/executor.ts';
import { createNodeGpuExecutor } from '../../server/engine/tfjs/node-gpu.ts';
import { createWasmExecutor } from '../../server/engine/tfjs/wasm.ts';
import { Scratch } from '../../server/engine/scratch.ts';
import { evaluateConstants, interpret } from '../../server/tensor/interpret.ts';
import type { IrNode, NodeId, Program } from '../../server/tensor/ir.ts';
import { materialise } from '../../server/tensor/materialise.ts';
import { inferShape } from '../../server/tensor/ops/index.ts';
import { standInInstallation } from './tensorflow/installation.ts';
import type { AppliedOp } from '../../server/tensor/ir.ts';

/** The engines that can be had everywhere, in the process of the test; TensorFlow's over a stand-in for its library. */
export const executors: Readonly<Record<string, () => Promise<Executor>>> = {
  'onnx-cpu': () => createOnnxExecutor(2),
  'tfjs-wasm': createWasmExecutor,
  'tfjs-node-gpu': async () => createNodeGpuExecutor(await standInInstallation()),
};

export interface Operand {
  readonly shape: readonly number[];
  /** Constants reach an engine in another way than values computed from inputs. */
  readonly constant?: boolean;
  /** Default: standard normal. */
  readonly values?: readonly number[];
}

/** Adds nodes to a program that is a value already. */
export function programOf(
  operands: readonly Operand[],
  ops: readonly { readonly op: AppliedOp; readonly inputs: readonly NodeId[] }[],
): Program {
  const nodes: IrNode[] = operands.map(({ shape, constant }, id) => ({
    op:
      constant === true
        ? { op: 'constant', source: { kind: 'normal', name: `constant ${id}`, std: 1 } }
        : { op: 'input', name: `input ${id}` },
    inputs: [],
    shape,
  }));
  for (const { op, inputs } of ops)
    nodes.push({
      op,
      inputs,
      shape: inferShape(
        op,
        inputs.map((input) => nodes[input]!.shape),
      ),
    });
  return {
    batch: operands[0]!.shape[0]!,
    nodes,
    outputs: [{ name: 'y', node: nodes.length - 1, gather: 'samples' }],
  };
}

const seed = 7;

/** What the inputs of a program made by `programOf` hold. */
export function inputsOf(operands: readonly Operand[]): Record<string, Float32Array> {
  return Object.fromEntries(
    operands.flatMap(({ shape, constant, values }, id) =>
      constant === true
        ? []
        : [
            [
              `input ${id}`,
              values === undefined
                ? materialise({ kind: 'normal', name: `input ${id}`, std: 1 }, shape, seed)
                : Float32Array.from(values),
            ],
          ],
    ),
  );
}

/** The result of an engine, and of the float64 interpreter. */
export async function runBoth(
  executor: Executor,
  program: Program,
  inputs: Readonly<Record<string, Float32Array>>,
): Promise<{ readonly got: Float32Array; readonly wanted: ArrayLike<number> }> {
  const compiled = await executor.compile(program, evaluateConstants(program, seed), new Scratch());
  try {
    const { y } = await compiled.run(inputs);
    return { got: y!, wanted: interpret(program, inputs, { seed })['y']!.data };
  } finally {
    await compiled.release();
  }
}

/** The largest difference, relative to the largest value (or 1). NaN where one is not a number and the other is. */
export function difference(got: ArrayLike<number>, wanted: ArrayLike<number>): number {
  if (got.length !== wanted.length) return NaN;
  let scale = 1;
  let worst = 0;
  for (let i = 0; i < got.length; i += 1) {
    if (Object.is(got[i], wanted[i])) continue;
    scale = Math.max(scale, Math.abs(wanted[i]!));
    worst = Math.max(worst, Math.abs(got[i]! - wanted[i]!));
  }
  return worst / scale;
}
