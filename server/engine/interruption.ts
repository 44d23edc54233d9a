import type { EngineClient, RunOptions, TensorJob, TensorJobResult } from './engine.ts';

/** Tells a job that is not urgent that others want the engine, and lets them have it. */
export interface Interruption {
  /** Lets more urgent jobs run first: for pauses between parts of a long job. Rejects when the job is cancelled. */
  readonly giveWay: () => Promise<void>;
  /**
   * Calls back when something more urgent starts to wait; a long piece of work is then better dropped, and done again after
   * `giveWay`. @returns a function that ends the callbacks
   */
  readonly onWanted: (listener: () => void) => () => void;
}

/**
 * Runs a program that may take seconds: where something more urgent wants the engine, what has been computed is dropped, and
 * the program runs again afterwards.
 *
 * @throws EngineFailure as the engine does, and what `giveWay` rejects with
 */
export async function runInterruptibly(
  engine: EngineClient,
  job: TensorJob,
  options: RunOptions,
  interruption: Interruption | undefined,
): Promise<TensorJobResult> {
  if (interruption === undefined) return await engine.run(job, options);
  const { signal } = options;
  for (;;) {
    const abort = new AbortController();
    const end = interruption.onWanted(() => {
      abort.abort();
    });
    try {
      const either = signal === undefined ? abort.signal : AbortSignal.any([signal, abort.signal]);
      return await engine.run(job, { ...options, signal: either });
    } catch (error) {
      if (!abort.signal.aborted || signal?.aborted === true) throw error;
    } finally {
      end();
    }
    await interruption.giveWay();
  }
}
