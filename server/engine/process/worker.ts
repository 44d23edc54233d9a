import { setPriority } from 'node:os';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { parentPort, workerData } from 'node:worker_threads';
import { EngineFailure } from '../engine.ts';
import type { Executor } from '../executor.ts';
import { roomWithin, runJob, type JobHooks } from '../run-job.ts';
import { Scratch } from '../scratch.ts';
import { selectExecutor } from '../select.ts';
import type { EngineSetup, WorkerReply } from './protocol.ts';
import type { WorkerData, WorkerRequest } from './worker-protocol.ts';

/** The computing thread of the engine process: loads an engine and runs jobs, blocking as long as it takes. */
export function runWorker(): void {
  giveWay();
  const port = parentPort!;
  const { cancelled } = workerData as WorkerData;
  const cancelledId = new Int32Array(cancelled);
  const reply = (message: WorkerReply): void => {
    port.postMessage(message);
  };

  let executor: Executor | undefined;
  let memoryLimit = Infinity;
  const start = async (setup: EngineSetup): Promise<void> => {
    try {
      const selection = await selectExecutor(setup, (engine) => {
        reply({ type: 'trying', engine });
      });
      executor = selection.executor;
      memoryLimit = setup.memoryLimit;
      reply({ type: 'ready', info: executor.info, notes: selection.notes });
    } catch (error) {
      reply({ type: 'failed', notes: [messageOf(error)] });
    }
  };

  const scratch = new Scratch();
  let uncollected = 0;
  const collect = (garbage: number): void => {
    uncollected += garbage;
    if (uncollected <= largestGarbage) return;
    collectGarbage();
    uncollected = 0;
  };
  const run = async ({ id, job }: Extract<WorkerRequest, { type: 'run' }>): Promise<void> => {
    try {
      if (executor === undefined)
        throw new EngineFailure('internal', 'A job came before the engine was ready.');
      const hooks: JobHooks = {
        isCancelled: () => Atomics.load(cancelledId, 0) === id,
        onProgress: (done, total) => {
          reply({ type: 'progress', id, done, total });
        },
        onResult: (result) => {
          reply({ type: 'result', id, result });
          for (const { data } of Object.values(result.outputs)) uncollected += data.byteLength;
        },
        onGarbage: collect,
      };
      await runJob(executor, job, hooks, scratch, roomWithin(memoryLimit));
    } catch (error) {
      const isOfWeights = error instanceof EngineFailure && error.isOfWeights;
      reply({ type: 'error', id, reason: reasonOf(error), message: messageOf(error), isOfWeights });
    }
    collect(scratch.spilled);
  };
  let last = Promise.resolve();
  port.on('message', (message: WorkerRequest) => {
    // Jobs run one after another: a job is answered before its memory is free.
    last = last.then(() => (message.type === 'start' ? start(message.setup) : run(message)));
  });
}

/** Niceness beyond the editor's: the share of a busy core is a third of that of a process without it. */
const niceness = 5;

/**
 * Sets the priority of this thread, which those of the engine inherit, below the editor's: typing comes before computing where
 * both want the cores. (Where priorities belong to processes, it sets that of the process.)
 */
function giveWay(): void {
  try {
    setPriority(niceness);
  } catch {
    // Where that is not allowed, the engine computes all the same.
  }
}

/** Bytes of dead arrays from which they are freed at once. */
const largestGarbage = 16e6;

/** Frees dead arrays. V8 by itself waits long, because it hardly sees their size, and the next jobs would take fresh memory. */
const collectGarbage = ((): (() => void) => {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
})();

/** Reasons of failures, by messages of V8, C++, WebAssembly, Vulkan, Direct3D, Metal, CUDA and TensorFlow. */
const kinds: readonly (readonly [RegExp, EngineFailure['reason']])[] = [
  [
    /device[^.]{0,20}\b(lost|removed|hung|reset)\b|DEVICE_(LOST|REMOVED|HUNG|RESET)|MapAsyncStatus|unspecified launch failure|CUDA_ERROR_(LAUNCH|ILLEGAL|ECC|UNKNOWN)|cudaError(Launch|Illegal)|GPU is lost|fallen off the bus/i,
    'device-lost',
  ],
  [
    /bad.?alloc|out of (device |host )?memory|OUT_OF_(DEVICE_|HOST_)?MEMORY|E_OUTOFMEMORY|OOM when|resource exhausted|allocation failed|failed to allocate|array buffer allocation|invalid (typed )?array length/i,
    'out-of-memory',
  ],
];

function reasonOf(error: unknown): EngineFailure['reason'] {
  if (error instanceof EngineFailure) return error.reason;
  const message = messageOf(error);
  return kinds.find(([pattern]) => pattern.test(message))?.[1] ?? 'internal';
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
