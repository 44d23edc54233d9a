import { Delayed } from '../../../base/delayed.ts';
import { Pacer } from '../../../base/pacer.ts';
import { formatSize, plural } from '../../../base/quantities.ts';
import type { FileAnalysis, SpaceAnalysis } from '../../../language/analysis.ts';
import type { Session } from '../../session.ts';
import { sizeText } from './space-text.ts';

/** Milliseconds a text rests before the sizes of its spaces are found that take long. */
const rest = 300;

/** What the lenses of spaces say. Sizes that take long are found where a lens wants them, a few milliseconds at a time. */
export class SpaceLenses {
  readonly #session: Session;
  readonly #onFound: () => void;
  /** Spaces whose size a lens waits for. */
  readonly #wanted = new Map<SpaceAnalysis, FileAnalysis>();
  #isFinding = false;
  readonly #starting = new Delayed(rest, () => {
    this.#session.background('Counting spaces', () => this.#find());
  });

  /** @param onFound a lens that waited has something else to say */
  constructor(session: Session, onFound: () => void) {
    this.#session = session;
    this.#onFound = onFound;
  }

  /** @param mayWait whether the lens can say more later */
  textOf(
    analysis: FileAnalysis,
    space: SpaceAnalysis,
    mayWait: boolean,
  ): { title: string; tooltip?: string } {
    const decisions = plural(space.decisions.length, 'decision');
    const { isKnown, most } = space.sizing;
    if (mayWait && !isKnown && most !== undefined) {
      if (!this.#wanted.has(space)) this.#starting.restart();
      this.#wanted.set(space, analysis);
      return { title: `at most ${formatSize(most)} networks, counting … · ${decisions}` };
    }
    const text = sizeText(space);
    if (text === undefined) return { title: 'No size: errors' };
    return {
      title: `${text.networks} · ${decisions}`,
      ...(text.how === undefined ? {} : { tooltip: text.how }),
    };
  }

  async #find(): Promise<void> {
    // Whoever is at it takes what has come since, too.
    if (this.#isFinding) return;
    this.#isFinding = true;
    const pacer = new Pacer();
    for (const [space, analysis] of this.#wanted) {
      const steps = space.sizing.steps();
      const isOpen = (): boolean => this.#session.opened(analysis.uri)?.analysis === analysis;
      while (isOpen() && steps.next().done !== true) await pacer.pause();
      this.#wanted.delete(space);
    }
    this.#isFinding = false;
    this.#onFound();
  }
}
