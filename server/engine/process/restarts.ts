import { isForeign } from './blame.ts';
import type { Death } from './blame.ts';
import type { Timings } from './timings.ts';

/** Crashes in a row before an engine was ready, after which it counts as broken. */
const maxStartFailures = 4;
/** Deaths in a row that others caused, after which the engine counts as broken. */
const maxForeign = 200;
/** How much a death that is not clearly the process's own counts for the pause before the next start; one that is counts 1. */
const pauses: Readonly<Record<Death, number>> = { own: 1, unclear: 0.2, killed: 0.02, stopped: 0.02 };

/** Decides when a process that died is followed by another: after pauses that double, then not until the longest is over. */
export class Restarts {
  readonly #timings: Timings;
  /** Sum of the weights of deaths in a row. */
  #failures = 0;
  /** Number of deaths in a row that others caused. */
  #foreign = 0;
  /** Since when the engine counts as broken. */
  #brokenSince: number | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(timings: Timings) {
    this.#timings = timings;
  }

  /** Whether the last process was ended by decision, not by its death. */
  get isFirst(): boolean {
    return this.#failures === 0;
  }

  get isBroken(): boolean {
    return this.#brokenSince !== undefined;
  }

  /** Whether a process may be started. A broken engine counts as broken for a while. */
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

  /** Notes the death of a process. @returns whether the engine should be given up @param wasReady whether it had loaded */
  died(death: Death, wasReady: boolean): boolean {
    this.#failures += pauses[death];
    if (isForeign(death)) this.#foreign += 1;
    return this.#foreign >= maxForeign || (!wasReady && this.#failures >= maxStartFailures);
  }

  /** Notes an answer of the process: the next death is the first again. */
  worked(): void {
    this.#failures = 0;
    this.#foreign = 0;
  }

  giveUp(): void {
    this.#brokenSince = Date.now();
  }

  /** Forgets all deaths. */
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
