import { setImmediate } from 'node:timers/promises';

/**
 * Keeps long arithmetic from holding up whoever shares the thread: `pause` lets waiting events in when the work since the
 * last pause took longer than a few milliseconds, and costs nothing otherwise.
 */
export class Pacer {
  readonly #slice: number;
  #since = performance.now();

  /** @param slice milliseconds of work between pauses */
  constructor(slice = 8) {
    this.#slice = slice;
  }

  /** Whether `pause` would let events in. */
  get isDue(): boolean {
    return performance.now() - this.#since > this.#slice;
  }

  async pause(): Promise<void> {
    if (!this.isDue) return;
    await setImmediate();
    this.#since = performance.now();
  }
}
