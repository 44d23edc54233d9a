import { weightOf } from './blame.ts';
import type { Death } from './blame.ts';
import type { Timings } from './timings.ts';

/** Crashes in a row before an engine was ready, after which it counts as broken. */
const maxStartFailures = 4;

/** When a process that died is followed by another: pauses that double, then none until the longest is over. */
export class Restarts {
  readonly #timings: Timings;
  /** Deaths in a row that were not ours to cause, by their weight. */
  #failures = 0;
  /** Since when the engine counts as broken. */
  #brokenSince: number | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(timings: Timings) {
    this.#timings = timings;
  }

  /** The last process was not ended by its own death. */
  get isFirst(): boolean {
    return this.#failures === 0;
  }

  get isBroken(): boolean {
    return this.#brokenSince !== undefined;
  }

  /** A broken engine is taken to stay broken for a while. */
  get mayTryAgain(): boolean {
    return this.#brokenSince === undefined || Date.now() - this.#brokenSince >= this.#timings.maxBackOff;
  }

  /** Calls `start` at once, or after the pause that is due; once, however often it is asked for meanwhile. */
  schedule(start: () => void): void {
    if (this.#timer !== undefined) return;
    if (this.isFirst) {
      start();
      return;
    }
    const { backOff, maxBackOff } = this.#timings;
    this.#timer = setTimeout(
      () => {
        this.#timer = undefined;
        start();
      },
      Math.min(maxBackOff, backOff * 2 ** (this.#failures - 1)),
    );
  }

  /** A process died. @returns whether, as none was ready, the engine should be given up */
  died(death: Death): boolean {
    this.#failures += weightOf(death);
    return this.#failures >= maxStartFailures;
  }

  /** A process answered: its death would be the first. */
  worked(): void {
    this.#failures = 0;
  }

  giveUp(): void {
    this.#brokenSince = Date.now();
  }

  /** As if nothing had happened. */
  forgive(): void {
    this.#failures = 0;
    this.#brokenSince = undefined;
    this.cancel();
  }

  cancel(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
