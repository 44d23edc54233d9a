import { isForeign } from './blame.ts';
import type { Death } from './blame.ts';
import type { Timings } from './timings.ts';

/** Crashes in a row before an engine was ready, after which it counts as broken. */
const maxStartFailures = 4;
/** Deaths in a row by the hand of others, after which the engine counts as broken: nothing can be computed here now. */
const maxForeign = 200;
/** How much a death that is not clearly the process's own lengthens the pause before the next start, in those that are. */
const pauses: Readonly<Record<Death, number>> = { own: 1, unclear: 0.2, killed: 0.02, stopped: 0.02 };

/** When a process that died is followed by another: pauses that double, then none until the longest is over. */
export class Restarts {
  readonly #timings: Timings;
  /** Deaths in a row, each by its weight. */
  #failures = 0;
  /** Those of them that others caused. */
  #foreign = 0;
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

  /** A process died. @returns whether the engine should be given up @param wasReady it died after it had loaded */
  died(death: Death, wasReady: boolean): boolean {
    this.#failures += pauses[death];
    if (isForeign(death)) this.#foreign += 1;
    return this.#foreign >= maxForeign || (!wasReady && this.#failures >= maxStartFailures);
  }

  /** A process answered: its death would be the first. */
  worked(): void {
    this.#failures = 0;
    this.#foreign = 0;
  }

  giveUp(): void {
    this.#brokenSince = Date.now();
  }

  /** As if nothing had happened. */
  forgive(): void {
    this.worked();
    this.#brokenSince = undefined;
    this.cancel();
  }

  cancel(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
