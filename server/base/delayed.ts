/**
 * Work that is put off, so that what comes close together is done once: `start` waits from the first call on, `restart` from
 * the last. What waits keeps the process alive.
 */
export class Delayed {
  readonly #milliseconds: number;
  readonly #work: () => void;
  #timer: NodeJS.Timeout | undefined;

  constructor(milliseconds: number, work: () => void) {
    this.#milliseconds = milliseconds;
    this.#work = work;
  }

  get isWaiting(): boolean {
    return this.#timer !== undefined;
  }

  /** Begins the wait, unless it has begun. */
  start(): void {
    this.#timer ??= setTimeout(() => {
      this.flush();
    }, this.#milliseconds);
  }

  /** Begins the wait anew. */
  restart(): void {
    this.cancel();
    this.start();
  }

  /** Does at once what waits. */
  flush(): void {
    if (!this.isWaiting) return;
    this.cancel();
    this.#work();
  }

  /** What waits is not done. */
  cancel(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}

/** The same for each of many things, by a key. */
export class DelayedByKey {
  readonly #waiting = new Map<string, Delayed>();

  start(key: string, milliseconds: number, work: () => void): void {
    if (this.#waiting.has(key)) return;
    const delayed = new Delayed(milliseconds, () => {
      this.#waiting.delete(key);
      work();
    });
    this.#waiting.set(key, delayed);
    delayed.start();
  }

  restart(key: string, milliseconds: number, work: () => void): void {
    this.cancel(key);
    this.start(key, milliseconds, work);
  }

  cancel(key: string): void {
    this.#waiting.get(key)?.cancel();
    this.#waiting.delete(key);
  }
}
