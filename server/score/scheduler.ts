import type { Interruption } from '../engine/interruption.ts';

/** What the user looks at comes first; equal priorities in the order they came. */
export type Priority = 'interactive' | 'visible' | 'background';

const rank: Readonly<Record<Priority, number>> = { interactive: 0, visible: 1, background: 2 };

/** What a running job gets from its scheduler. */
export interface Turn extends Interruption {
  /** Aborted when a newer job of the same id, or `cancel`, makes this one pointless. */
  readonly signal: AbortSignal;
}

interface Ticket {
  priority: Priority;
  readonly order: number;
  readonly abort: AbortController;
  readonly onWanted: Set<() => void>;
  /** While waiting: lets the job go on. */
  start?: () => void;
}

/**
 * Runs jobs one at a time, at most one per id: a newer job of the same id replaces the older one, waiting or running
 * (newest wins). There is one engine; two jobs at once would only slow each other down.
 */
export class Scheduler {
  readonly #jobs = new Map<string, Ticket>();
  readonly #waiting = new Set<Ticket>();
  #running: Ticket | undefined;
  #orders = 0;

  /** @returns what `run` gives, or `undefined` when the job was cancelled or replaced, before or while it ran. */
  async schedule<T>(id: string, priority: Priority, run: (turn: Turn) => Promise<T>): Promise<T | undefined> {
    this.cancel(id);
    const ticket: Ticket = {
      priority,
      order: this.#orders++,
      abort: new AbortController(),
      onWanted: new Set(),
    };
    const { signal } = ticket.abort;
    this.#jobs.set(id, ticket);
    try {
      await this.#turnOf(ticket);
      const result = await run({
        signal,
        giveWay: () => this.#giveWay(ticket),
        onWanted: (listener) => {
          ticket.onWanted.add(listener);
          return () => ticket.onWanted.delete(listener);
        },
      });
      return signal.aborted ? undefined : result;
    } catch (error) {
      if (signal.aborted) {
        return undefined;
      }
      throw error;
    } finally {
      if (this.#jobs.get(id) === ticket) {
        this.#jobs.delete(id);
      }
      this.#leave(ticket);
    }
  }

  cancel(id: string): void {
    this.#jobs.get(id)?.abort.abort();
    this.#jobs.delete(id);
  }

  cancelAll(): void {
    for (const id of [...this.#jobs.keys()]) {
      this.cancel(id);
    }
  }

  /** For a job that becomes visible, or stops being so, while it waits. */
  setPriority(id: string, priority: Priority): void {
    const ticket = this.#jobs.get(id);
    if (ticket !== undefined) {
      ticket.priority = priority;
      this.#press();
    }
  }

  /** Whether a job of this id waits or runs. */
  has(id: string): boolean {
    return this.#jobs.has(id);
  }

  #turnOf(ticket: Ticket): Promise<void> {
    return new Promise((resolve, reject) => {
      const { signal } = ticket.abort;
      const onAbort = () => {
        this.#waiting.delete(ticket);
        reject(signal.reason as Error);
      };
      ticket.start = () => {
        signal.removeEventListener('abort', onAbort);
        resolve();
      };
      signal.addEventListener('abort', onAbort, { once: true });
      this.#waiting.add(ticket);
      this.#startNext();
      this.#press();
    });
  }

  async #giveWay(ticket: Ticket): Promise<void> {
    ticket.abort.signal.throwIfAborted();
    if (this.#isWanted(ticket)) {
      this.#running = undefined;
      await this.#turnOf(ticket);
    }
  }

  /** Tells the running job when another should run. */
  #press(): void {
    if (this.#running !== undefined && this.#isWanted(this.#running)) {
      for (const listener of this.#running.onWanted) listener();
    }
  }

  /** Whether a job of a higher priority waits. */
  #isWanted(running: Ticket): boolean {
    const next = this.#first();
    return next !== undefined && rank[next.priority] < rank[running.priority];
  }

  #leave(ticket: Ticket): void {
    if (this.#running === ticket) {
      this.#running = undefined;
      this.#startNext();
    }
  }

  #startNext(): void {
    const next = this.#running === undefined ? this.#first() : undefined;
    if (next !== undefined) {
      this.#waiting.delete(next);
      this.#running = next;
      next.start?.();
    }
  }

  #first(): Ticket | undefined {
    let first: Ticket | undefined;
    for (const ticket of this.#waiting) {
      if (
        first === undefined ||
        rank[ticket.priority] < rank[first.priority] ||
        (ticket.priority === first.priority && ticket.order < first.order)
      ) {
        first = ticket;
      }
    }
    return first;
  }
}
