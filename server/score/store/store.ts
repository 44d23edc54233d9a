import type { FisherFailureReason } from '../../base/failure-reasons.ts';
import type { StoreSize } from './entry-folder.ts';
import type { SeedScore } from '../types.ts';

/** A seed that has no spectrum, for a reason that another run would meet again. */
export interface SeedFailure {
  readonly seed: number;
  readonly reason: FisherFailureReason;
  readonly message: string;
}

/** What is stored of a draw. */
export type SeedOutcome = SeedScore | SeedFailure;

/** Results of single seeds under their content address (`key.ts`): more seeds reuse those already drawn. */
export interface ScoreStore {
  get(key: string): Promise<SeedOutcome | undefined>;
  set(key: string, outcome: SeedOutcome): Promise<void>;
  /** Forgets everything. @returns what was kept for longer than this process lives */
  clear(): Promise<StoreSize>;
}

/** Keeps the most recently used results in memory. */
export class MemoryScoreStore implements ScoreStore {
  readonly #capacity: number;
  /** In order of use, oldest first. */
  readonly #outcomes = new Map<string, SeedOutcome>();

  /** @param capacity results kept; one is about 5 kB. */
  constructor(capacity = 2000) {
    this.#capacity = capacity;
  }

  get(key: string): Promise<SeedOutcome | undefined> {
    const outcome = this.#outcomes.get(key);
    if (outcome !== undefined) {
      this.#outcomes.delete(key);
      this.#outcomes.set(key, outcome);
    }
    return Promise.resolve(outcome);
  }

  set(key: string, outcome: SeedOutcome): Promise<void> {
    this.#outcomes.delete(key);
    this.#outcomes.set(key, outcome);
    if (this.#outcomes.size > this.#capacity) {
      const [oldest] = this.#outcomes.keys();
      this.#outcomes.delete(oldest!);
    }
    return Promise.resolve();
  }

  clear(): Promise<StoreSize> {
    this.#outcomes.clear();
    return Promise.resolve({ entries: 0, bytes: 0 });
  }
}
