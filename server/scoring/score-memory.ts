import { isLasting } from '../base/failure-reasons.ts';
import type { KnownScore } from './model-score.ts';

const capacity = 500;

/** Results by digest, so that undo needs neither engine nor turn. The most recently used are kept. */
export class ScoreMemory {
  readonly #known = new Map<string, KnownScore>();

  get(digest: string): KnownScore | undefined {
    const known = this.#known.get(digest);
    if (known !== undefined) this.#touch(known);
    return known;
  }

  /** Failures that may pass are not kept. */
  set(known: KnownScore): void {
    const { outcome } = known;
    if (outcome.state === 'ok' || isLasting(outcome.reason)) this.#touch(known);
  }

  #touch(known: KnownScore): void {
    this.#known.delete(known.digest);
    this.#known.set(known.digest, known);
    if (this.#known.size <= capacity) return;
    const [oldest] = this.#known.keys();
    if (oldest !== undefined) this.#known.delete(oldest);
  }
}
