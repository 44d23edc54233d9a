import type { EngineStatus } from '../engine.ts';

/** Tells listeners the state of the engine. */
export class StatusNotifier {
  readonly #listeners = new Set<(status: EngineStatus) => void>();
  readonly #log: (line: string) => void;
  #status: EngineStatus = { state: 'stopped' };

  constructor(log: (line: string) => void) {
    this.#log = log;
  }

  get status(): EngineStatus {
    return this.#status;
  }

  set(status: EngineStatus): void {
    this.#status = status;
    for (const listener of this.#listeners)
      this.guard(() => {
        listener(status);
      });
  }

  /** @returns a function that ends the listening */
  listen(listener: (status: EngineStatus) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  clear(): void {
    this.#listeners.clear();
  }

  /** Calls a listener. One that throws must not stop the supervisor. */
  guard(call: () => void): void {
    try {
      call();
    } catch (error) {
      this.#log(`listener failed: ${String(error)}`);
    }
  }
}
