import type { SettleProgress, SettleResult } from '../protocol/protocol.ts';
import type { Score } from '../score/types.ts';
import { secondsToSettle, type ModelScore } from './model-score.ts';
import type { ScoreBoard } from './score-board.ts';

interface Settlement {
  readonly onProgress: (progress: SettleProgress) => void;
  /** Ends the wait for news of the model. */
  wake: () => void;
}

/** Settles scores on request, whatever they cost, and says how far that is. */
export class Settling {
  readonly #board: ScoreBoard;
  readonly #running = new Map<string, Settlement>();

  constructor(board: ScoreBoard) {
    this.#board = board;
  }

  /** Scores have changed. */
  changed(): void {
    for (const { wake } of this.#running.values()) wake();
  }

  /** Another draw of a score that is settling. */
  drawn(uri: string, model: string, partial: Score, total: number): void {
    this.#running.get(idOf(uri, model))?.onProgress({
      uri,
      model,
      done: partial.seeds.length,
      total,
      seconds: secondsToSettle(partial, total),
    });
  }

  /**
   * Ends when the score has settled, when there is none, or when the text changes; when it is aborted, the draws there are stay.
   *
   * @returns undefined for a model that is not there, or has errors
   */
  async settle(
    uri: string,
    name: string,
    { signal, onProgress }: { readonly signal: AbortSignal; readonly onProgress: Settlement['onProgress'] },
  ): Promise<SettleResult | undefined> {
    const id = idOf(uri, name);
    const digest = digestOf(this.#board.model(uri, name));
    if (digest === undefined) return undefined;
    // A newer request takes the place of an older one.
    this.#running.get(id)?.wake();
    const settlement: Settlement = { onProgress, wake: () => undefined };
    this.#running.set(id, settlement);
    let started = false;
    try {
      for (;;) {
        const model = this.#board.model(uri, name);
        if (this.#running.get(id) !== settlement || digestOf(model) !== digest) return { end: 'cancelled' };
        if (signal.aborted) {
          this.#board.stop({ uri, name });
          return { end: 'cancelled' };
        }
        if (model?.state === 'current') return { end: 'settled' };
        if (!isUnderWay(model)) {
          // What was under way before may have ended within the limit of cost; what was started here has failed, or was stopped.
          if (started)
            return model?.state === 'failed'
              ? { end: 'failed', message: model.failure.message }
              : { end: 'cancelled' };
          started = true;
          this.#board.scoreNow(uri, name);
        }
        await news(settlement, signal);
      }
    } finally {
      if (this.#running.get(id) === settlement) this.#running.delete(id);
    }
  }
}

function news(settlement: Settlement, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    settlement.wake = resolve;
    signal.addEventListener('abort', () => {
      resolve();
    });
  });
}

function isUnderWay(model: ModelScore | undefined): boolean {
  return model?.state === 'computing' || model?.state === 'refining';
}

/** Undefined without a network. */
function digestOf(model: ModelScore | undefined): string | undefined {
  return model !== undefined && 'text' in model ? model.text.digest : undefined;
}

function idOf(uri: string, name: string): string {
  return JSON.stringify([uri, name]);
}
