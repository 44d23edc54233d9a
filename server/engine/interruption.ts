import type { EngineClient, RunOptions, TensorJob, TensorJobResult } from './engine.ts';

/** How a job learns that something more urgent wants the engine, and lets it. */
export interface Interruption {
  /** @returns what ends the telling */
  readonly onWanted: (listener: () => void) => () => void;
  /** Resolves when the job may go on; rejects when it is cancelled. */
  readonly giveWay: () => Promise<void>;
}

/** The option for whoever has both of its parts. */
export function interruptible(
  onWanted: Interruption['onWanted'] | undefined,
  giveWay: Interruption['giveWay'] | undefined,
): { readonly interruption?: Interruption } {
  return onWanted === undefined || giveWay === undefined ? {} : { interruption: { onWanted, giveWay } };
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
