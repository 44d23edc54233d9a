import { createHash } from 'node:crypto';
import type { EngineFailure, RunOptions, TensorJob, TensorJobResult } from '../engine.ts';

/** A job that waits or runs, and the promise of its caller. The first answer counts. */
export class PendingJob {
  readonly id: number;
  readonly job: TensorJob;
  readonly label: string;
  readonly timeLimit: number;
  readonly result: Promise<TensorJobResult>;
  readonly #onProgress: RunOptions['onProgress'];
  #settled = false;
  #resolve: ((result: TensorJobResult) => void) | undefined;
  #reject: ((failure: EngineFailure) => void) | undefined;

  constructor(
    id: number,
    job: TensorJob,
    label: string,
    timeLimit: number,
    onProgress: RunOptions['onProgress'],
  ) {
    this.id = id;
    this.job = job;
    this.label = label;
    this.timeLimit = timeLimit;
    this.#onProgress = onProgress;
    this.result = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  /** Whether the caller has its answer. What the process still does for this job is then ignored. */
  get settled(): boolean {
    return this.#settled;
  }

  succeed(result: TensorJobResult): void {
    this.#settled = true;
    this.#resolve?.(result);
  }

  fail(failure: EngineFailure): void {
    this.#settled = true;
    this.#reject?.(failure);
  }

  progress(done: number, total: number): void {
    if (!this.#settled) this.#onProgress?.(done, total);
  }
}

/** Names a job by its content. */
export function labelOf(job: TensorJob): string {
  return createHash('sha256').update(JSON.stringify(job)).digest('hex').slice(0, 16);
}
