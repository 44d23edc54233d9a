import { LRUCache } from 'lru-cache';
import { isLasting } from '../base/failure-reasons.ts';
import type { KnownScore } from './model-score.ts';

const capacity = 500;

/** Results by digest, so that undo needs neither engine nor turn. The most recently used are kept. */
export class ScoreMemory {
  readonly #known = new LRUCache<string, KnownScore>({ max: capacity });

  get(digest: string): KnownScore | undefined {
    return this.#known.get(digest);
  }

  /** Failures that may pass are not kept. */
  set(known: KnownScore): void {
    const { outcome } = known;
    if (outcome.state === 'ok' || isLasting(outcome.reason)) this.#known.set(known.digest, known);
  }
}
