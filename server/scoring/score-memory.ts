import type { ScoreFailure } from '../score/types.ts';
import type { KnownScore } from './model-score.ts';

const capacity = 500;

/** Reasons that lie in the network or the settings: trying again gives the same. */
const lasting: ReadonlySet<ScoreFailure['reason']> = new Set(['no-signal', 'overflow', 'settings']);

/** Results by digest, so that undo needs neither engine nor turn. The most recently used are kept. */
export class ScoreMemory {
  readonly #known = new Map<string, KnownScore>();

  /** Whether a failure would happen again. */
  static lasts({ reason }: ScoreFailure): boolean {
    return lasting.has(reason);
  }

  get(digest: string): KnownScore | undefined {
    const known = this.#known.get(digest);
    if (known !== undefined) this.#touch(known);
    return known;
  }

  /** Failures that may pass are not kept. */
  set(known: KnownScore): void {
    const { outcome } = known;
    if (outcome.state === 'ok' || ScoreMemory.lasts(outcome)) this.#touch(known);
  }

  #touch(known: KnownScore): void {
    this.#known.delete(known.digest);
    this.#known.set(known.digest, known);
    if (this.#known.size <= capacity) return;
    const [oldest] = this.#known.keys();
    if (oldest !== undefined) this.#known.delete(oldest);
  }
}
