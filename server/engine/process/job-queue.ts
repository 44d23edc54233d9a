import type { EngineFailure } from '../engine.ts';
import type { PendingJob } from './pending-job.ts';

/** The jobs of an engine process: those that wait, in order, and the one that runs, with the time it has. */
export class JobQueue {
  readonly #waiting: PendingJob[] = [];
  #active: PendingJob | undefined;
  #timer: NodeJS.Timeout | undefined;
  #onLate: (() => void) | undefined;

  /** The one that runs. */
  get active(): PendingJob | undefined {
    return this.#active;
  }

  /** The one that is next. */
  get next(): PendingJob | undefined {
    return this.#waiting[0];
  }

  add(job: PendingJob): void {
    this.#waiting.push(job);
  }

  /** The next job, which there has to be, runs from now on. @param onLate it is silent for longer than it may be */
  begin(onLate: (job: PendingJob) => void): PendingJob {
    const job = this.#waiting.shift();
    if (job === undefined) throw new Error('No job waits.');
    this.#active = job;
    this.limit(job.timeLimit, () => {
      onLate(job);
    });
    return job;
  }

  /** The running job has done a part: it has all its time again, unless it was given up. */
  progressed(): void {
    if (this.#active?.settled === false && this.#onLate !== undefined)
      this.limit(this.#active.timeLimit, this.#onLate);
  }

  /** Gives the running job so many milliseconds from now on. */
  limit(milliseconds: number, onLate: () => void): void {
    clearTimeout(this.#timer);
    this.#onLate = onLate;
    this.#timer = setTimeout(onLate, milliseconds);
  }

  /** No job runs any more. @returns the one that did */
  finish(): PendingJob | undefined {
    clearTimeout(this.#timer);
    const active = this.#active;
    this.#active = undefined;
    return active;
  }

  /** The running job is the next one again, unless its caller has an answer already. */
  requeue(): void {
    const active = this.finish();
    if (active?.settled === false) this.retry(active);
  }

  /** A job that ran is the next one again. */
  retry(job: PendingJob): void {
    this.#waiting.unshift(job);
  }

  /** Takes out a job that waits. @returns whether it did */
  remove(job: PendingJob): boolean {
    const index = this.#waiting.indexOf(job);
    if (index >= 0) this.#waiting.splice(index, 1);
    return index >= 0;
  }

  failAll(failure: EngineFailure): void {
    this.requeue();
    for (const job of this.#waiting.splice(0)) job.fail(failure);
  }
}
