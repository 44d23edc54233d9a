import { own } from '../base/own.ts';
import { formatBytes } from '../base/quantities.ts';
import { programCost } from '../tensor/cost.ts';
import { evaluateConstants } from '../tensor/interpret.ts';
import type { Program } from '../tensor/ir.ts';
import { count } from '../tensor/shapes.ts';
import { staged, type StagedProgram } from '../tensor/staging/stages.ts';
import { NotStageable } from '../tensor/staging/ways.ts';
import { boundValues, chunkOf, valuesOfChunk, type BoundValues } from './bound-values.ts';
import { EngineFailure } from './engine.ts';
import type { TensorArray, TensorJob, TensorJobResult } from './engine.ts';
import type { Arrays, CompileOptions, Executor } from './executor.ts';
import { jobMemory } from './job-memory.ts';
import { Scratch } from './scratch.ts';
import { chunksOf, runStaged } from './staged-run.ts';

export interface JobHooks {
  /** Asked before every chunk. */
  readonly isCancelled: () => boolean;
  readonly onProgress: (done: number, total: number) => void;
  /** Told before the engine's memory is freed, which takes a few milliseconds. */
  readonly onResult: (result: TensorJobResult) => void;
  /** Told of so many bytes of arrays that are dead since the last time. */
  readonly onGarbage?: (bytes: number) => void;
}

/** By the name of an input. */
type Bound = ReadonlyMap<string, BoundValues>;

/** Memory that a job may take, in bytes. */
export interface Room {
  /** Of the engine process, all in all. */
  readonly all: number;
  /** Of the intermediate values of a chunk: one that takes more is run in stages, which hold fewer samples at once. */
  readonly whole: number;
  /** Of what stages keep of all samples. */
  readonly kept: number;
  /** Of the intermediate values of a chunk of a stage. */
  readonly chunk: number;
}

/** With 2 GB and more there is no less room for any part: the sums of a score do not depend on the machine then. */
export function roomWithin(all: number): Room {
  return { all, whole: Math.min(512e6, all / 4), kept: Math.min(1e9, all / 2), chunk: 80e6 };
}

const defaultRoom = roomWithin(Infinity);

/**
 * Runs a job chunk by chunk: draws what it needs, gives every chunk its rows of the bindings, and puts the rows of the
 * results together. Ends when the engine's memory is free again. One job at a time uses a scratch.
 *
 * @throws EngineFailure `cancelled`, `out-of-memory` at once where there is no room for it, or what the engine reports
 */
export async function runJob(
  executor: Executor,
  job: TensorJob,
  hooks: JobHooks,
  scratch = new Scratch(),
  room = defaultRoom,
): Promise<void> {
  const { program, chunks } = job;
  const begun = performance.now();
  stopIf(hooks.isCancelled());
  scratch.reset();
  const stages = stagesOf(program, { ...room, whole: job.whole ?? room.whole });
  const options = optionsWithin(executor, job, stages, room);
  const bindings = drawBindings(job, scratch);
  if (stages !== undefined) {
    await runInStages(executor, job, stages, bindings, hooks, scratch, options);
    return;
  }
  const evaluated = evaluateConstants(
    program,
    job.seed,
    (length) => scratch.floats(length),
    (source, seed, out) => {
      scratch.draws.fill(source, seed, out);
    },
  );
  const compiled = await executor.compile(program, evaluated, scratch, options);
  try {
    const built = performance.now();
    const outputs = new Map(
      program.outputs.map(({ name, node }) => [name, wholeArray(program.nodes[node]!.shape, chunks)]),
    );
    for (let chunk = 0; chunk < chunks; chunk += 1) {
      stopIf(hooks.isCancelled());
      const results = await compiled.run(rowsOf(bindings, chunk, chunks));
      for (const [name, { data }] of outputs) data.set(own(results, name)!, (data.length / chunks) * chunk);
      hooks.onProgress(chunk + 1, chunks);
    }
    hooks.onResult({
      outputs: Object.fromEntries(outputs),
      engine: executor.info,
      milliseconds: { build: built - begun, run: performance.now() - built },
    });
  } finally {
    await compiled.release();
  }
}

/** A GPU has memory of its own, of which nothing is known. */
function isOnCpu({ info }: Executor): boolean {
  return info.device === 'CPU';
}

/**
 * How the job is compiled: fast, or where there is no room for that, sparing.
 *
 * @throws EngineFailure `out-of-memory` before anything is drawn that there would be no room for
 */
function optionsWithin(
  executor: Executor,
  job: TensorJob,
  stages: StagedProgram | undefined,
  { all }: Room,
): CompileOptions {
  if (!isOnCpu(executor) || jobMemory(executor, job, stages).total <= all) return {};
  const sparing: CompileOptions = { isSparing: true };
  const { weights, total } = jobMemory(executor, job, stages, sparing);
  if (total <= all) return sparing;
  const isOfWeights = weights > total / 2;
  const share = isOfWeights ? `, ${formatBytes(weights)} of it for weights` : '';
  throw new EngineFailure(
    'out-of-memory',
    `The computation would take about ${formatBytes(total)} of memory${share}; ${formatBytes(all)} are allowed.`,
    isOfWeights,
  );
}

/** The stages of a program that would take too much memory. @returns undefined where it does not, or cannot be cut */
function stagesOf(program: Program, room: Room): StagedProgram | undefined {
  if (programCost(program).peakBytes <= room.whole) return undefined;
  try {
    return staged(program, { room: room.kept, chunkRoom: room.chunk });
  } catch (error) {
    if (error instanceof NotStageable) return undefined;
    throw error;
  }
}

async function runInStages(
  executor: Executor,
  job: TensorJob,
  stages: StagedProgram,
  bindings: Bound,
  hooks: JobHooks,
  scratch: Scratch,
  options: CompileOptions,
): Promise<void> {
  const { program, chunks, seed } = job;
  const begun = performance.now();
  const total = chunks * chunksOf(stages);
  let done = 0;
  const outputs = new Map<string, TensorArray>();
  for (let chunk = 0; chunk < chunks; chunk += 1) {
    const inputs = new Map([...bindings].map(([name, values]) => [name, chunkOf(values, chunk, chunks)]));
    const results = await runStaged(executor, stages, inputs, seed, scratch, {
      options,
      beforeChunk: () => {
        stopIf(hooks.isCancelled());
      },
      afterChunk: () => {
        hooks.onProgress((done += 1), total);
      },
      onGarbage: (bytes) => hooks.onGarbage?.(bytes),
    });
    for (const { name, node } of program.outputs) {
      const data = own(results, name)!;
      // Outputs may take hundreds of megabytes: those of a single chunk are not copied.
      const whole =
        outputs.get(name) ?? wholeArray(program.nodes[node]!.shape, chunks, chunks === 1 ? data : undefined);
      if (whole.data !== data) whole.data.set(data, data.length * chunk);
      outputs.set(name, whole);
    }
  }
  hooks.onResult({
    outputs: Object.fromEntries(outputs),
    engine: executor.info,
    milliseconds: { build: 0, run: performance.now() - begun },
  });
}

function stopIf(cancelled: boolean): void {
  if (cancelled) throw new EngineFailure('cancelled', 'Cancelled.');
}

/** The inputs of all chunks. A binding must have `chunks` times the rows of the program's input. */
function drawBindings({ program, chunks, bindings, seed }: TensorJob, scratch: Scratch): Bound {
  const drawn = new Map<string, BoundValues>();
  for (const { op, shape } of program.nodes) {
    if (op.op !== 'input' || drawn.has(op.name)) continue;
    const binding = own(bindings, op.name);
    const wanted = [chunks * shape[0]!, ...shape.slice(1)].join();
    if (binding?.shape.join() !== wanted)
      throw new EngineFailure(
        'internal',
        `Input ${op.name}: required: a binding of shape [${wanted}], got [${binding?.shape.join() ?? 'none'}].`,
      );
    drawn.set(op.name, boundValues(binding.source, count(binding.shape), seed, scratch));
  }
  return drawn;
}

function rowsOf(bindings: Bound, chunk: number, chunks: number): Arrays {
  return Object.fromEntries(
    [...bindings].map(([name, values]) => [name, valuesOfChunk(values, chunk, chunks)]),
  );
}

function wholeArray(shape: readonly number[], chunks: number, data?: Float32Array): TensorArray {
  const whole = [chunks * shape[0]!, ...shape.slice(1)];
  return { shape: whole, data: data ?? new Float32Array(count(whole)) };
}
