import { own } from '../base/own.ts';
import { evaluateConstants } from '../tensor/interpret.ts';
import { count } from '../tensor/shapes.ts';
import { EngineFailure } from './engine.ts';
import type { TensorArray, TensorJob, TensorJobResult } from './engine.ts';
import type { Arrays, Executor } from './executor.ts';
import { Scratch } from './scratch.ts';

export interface JobHooks {
  /** Asked before every chunk. */
  readonly isCancelled: () => boolean;
  readonly onProgress: (done: number, total: number) => void;
  /** Told before the engine's memory is freed, which takes a few milliseconds. */
  readonly onResult: (result: TensorJobResult) => void;
}

/**
 * Runs a job chunk by chunk: draws what it needs, gives every chunk its rows of the bindings, and puts the rows of the
 * results together. Ends when the engine's memory is free again. One job at a time uses a scratch.
 *
 * @throws EngineFailure `cancelled`, or what the engine reports
 */
export async function runJob(
  executor: Executor,
  job: TensorJob,
  hooks: JobHooks,
  scratch = new Scratch(),
): Promise<void> {
  const { program, chunks } = job;
  const begun = performance.now();
  stopIf(hooks.isCancelled());
  scratch.reset();
  const bindings = drawBindings(job, scratch);
  const evaluated = evaluateConstants(
    program,
    job.seed,
    (length) => scratch.floats(length),
    (source, seed, out) => {
      scratch.draws.fill(source, seed, out);
    },
  );
  const compiled = await executor.compile(program, evaluated, scratch);
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

function stopIf(cancelled: boolean): void {
  if (cancelled) throw new EngineFailure('cancelled', 'Cancelled.');
}

/** The inputs of all chunks. A binding must have `chunks` times the rows of the program's input. */
function drawBindings({ program, chunks, bindings, seed }: TensorJob, scratch: Scratch): Arrays {
  const drawn = new Map<string, Float32Array>();
  for (const { op, shape } of program.nodes) {
    if (op.op !== 'input' || drawn.has(op.name)) continue;
    const binding = own(bindings, op.name);
    const wanted = [chunks * shape[0]!, ...shape.slice(1)].join();
    if (binding?.shape.join() !== wanted)
      throw new EngineFailure(
        'internal',
        `Input ${op.name}: required: a binding of shape [${wanted}], got [${binding?.shape.join() ?? 'none'}].`,
      );
    const values = scratch.floats(count(binding.shape));
    scratch.draws.fill(binding.source, seed, values);
    drawn.set(op.name, values);
  }
  return Object.fromEntries(drawn);
}

function rowsOf(bindings: Arrays, chunk: number, chunks: number): Arrays {
  return Object.fromEntries(
    Object.entries(bindings).map(([name, data]) => {
      const length = data.length / chunks;
      return [name, data.subarray(chunk * length, (chunk + 1) * length)];
    }),
  );
}

function wholeArray(shape: readonly number[], chunks: number): TensorArray {
  const whole = [chunks * shape[0]!, ...shape.slice(1)];
  return { shape: whole, data: new Float32Array(whole.reduce((product, extent) => product * extent, 1)) };
}
