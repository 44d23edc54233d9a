import { own } from '../base/own.ts';
import { evaluateConstants } from '../tensor/interpret.ts';
import type { NodeId } from '../tensor/ir.ts';
import { count } from '../tensor/shapes.ts';
import type { Stage, StagedProgram } from '../tensor/staging/stages.ts';
import { valuesOfChunk, type BoundValues } from './bound-values.ts';
import type { Arrays, CompileOptions, Executor } from './executor.ts';
import { Scratch } from './scratch.ts';

export interface StagedHooks {
  /** Called before each run of a chunk; may throw. */
  readonly beforeChunk: () => void;
  readonly afterChunk: () => void;
  /** Told of so many bytes of arrays that are dead. */
  readonly onGarbage: (bytes: number) => void;
  readonly options?: CompileOptions;
}

/** How many chunks a staged program runs in all its stages. */
export function chunksOf({ stages }: StagedProgram): number {
  return stages.reduce((sum, { chunks }) => sum + chunks, 0);
}

/**
 * Runs the stages one after the other, each compiled for itself, and keeps what later ones read.
 *
 * @param inputs of all samples of the program
 * @returns its outputs
 */
export async function runStaged(
  executor: Executor,
  program: StagedProgram,
  inputs: ReadonlyMap<string, BoundValues>,
  seed: number,
  scratch: Scratch,
  hooks: StagedHooks,
): Promise<Arrays> {
  const values = new Map<NodeId, Float32Array>();
  const wanted = new Set(program.outputs.map(({ node }) => node));
  for (const stage of program.stages) {
    await runStage(executor, stage, inputs, values, seed, scratch, hooks);
    for (const node of stage.done) {
      if (wanted.has(node)) continue;
      hooks.onGarbage(values.get(node)?.byteLength ?? 0);
      values.delete(node);
    }
  }
  return Object.fromEntries(program.outputs.map(({ name, node }) => [name, values.get(node)!]));
}

async function runStage(
  executor: Executor,
  { program, chunks, given, made }: Stage,
  inputs: ReadonlyMap<string, BoundValues>,
  values: Map<NodeId, Float32Array>,
  seed: number,
  scratch: Scratch,
  hooks: StagedHooks,
): Promise<void> {
  const evaluated = evaluateConstants(
    program,
    seed,
    (length) => new Float32Array(length),
    (source, own, out) => {
      scratch.draws.fill(source, own, out);
    },
  );
  // Memory of its own: that of the job holds the inputs, and there are many stages.
  const compiled = await executor.compile(program, evaluated, new Scratch(), hooks.options);
  const wanted = [...inputs].filter(([name]) =>
    program.nodes.some(({ op }) => op.op === 'input' && op.name === name),
  );
  try {
    const sums = new Map<NodeId, Float64Array>();
    for (const { node, shape, gather } of made)
      if (gather === 'sum') sums.set(node, new Float64Array(count(shape)));
      else values.set(node, new Float32Array(count(shape)));
    for (let chunk = 0; chunk < chunks; chunk += 1) {
      hooks.beforeChunk();
      const rows = (data: Float32Array): Float32Array => {
        const length = data.length / chunks;
        return data.subarray(chunk * length, (chunk + 1) * length);
      };
      const results = await compiled.run(
        Object.fromEntries([
          ...wanted.map(([name, data]) => [name, valuesOfChunk(data, chunk, chunks)] as const),
          ...given.map(({ name, node, given: how }) => {
            const value = values.get(node)!;
            return [name, how === 'rows' ? rows(value) : value] as const;
          }),
        ]),
      );
      for (const { name, node, factor } of made) {
        const result = own(results, name)!;
        const sum = sums.get(node);
        if (sum === undefined) rows(values.get(node)!).set(result);
        else for (let at = 0; at < sum.length; at += 1) sum[at]! += factor * result[at]!;
        hooks.onGarbage(result.byteLength);
      }
      hooks.afterChunk();
    }
    for (const [node, sum] of sums) {
      values.set(node, Float32Array.from(sum));
      hooks.onGarbage(sum.byteLength);
    }
  } finally {
    await compiled.release();
    for (const { byteLength } of evaluated.constants.values()) hooks.onGarbage(3 * byteLength);
  }
}
