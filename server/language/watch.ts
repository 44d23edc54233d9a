import { createHash } from 'node:crypto';
import type { Watchdog } from '../base/watchdog.ts';
import type { ParseResult } from '../../grammar/syntax.ts';

/** Knows what is being worked on, so that what does not end can be named, and left alone from then on. */
export interface Watch {
  /** Runs work on a text, which must come back. */
  run<T>(uri: string, text: string, work: () => T): T;
  /** Whether working on this text did not end before. */
  isLeftAlone(text: string): boolean;
}

export const unwatched: Watch = {
  run: (_uri, _text, work) => work(),
  isLeftAlone: () => false,
};

/** Has a watchdog end the process with work that does not end. */
export class DocumentWatch implements Watch {
  readonly #watchdog: Watchdog;
  #leftAlone: ReadonlySet<string> = new Set();
  #last: { readonly text: string; readonly digest: string } | undefined;

  constructor(watchdog: Watchdog) {
    this.#watchdog = watchdog;
  }

  /** @param digests of texts, as the watchdog has kept them */
  leaveAlone(digests: ReadonlySet<string>): void {
    this.#leftAlone = digests;
  }

  run<T>(uri: string, text: string, work: () => T): T {
    return this.#watchdog.watch({ name: uri, digest: this.#digestOf(text) }, work);
  }

  isLeftAlone(text: string): boolean {
    return this.#leftAlone.size > 0 && this.#leftAlone.has(this.#digestOf(text));
  }

  #digestOf(text: string): string {
    if (this.#last?.text !== text) {
      this.#last = { text, digest: createHash('sha256').update(text).digest('hex') };
    }
    return this.#last.digest;
  }
}

/** What stands for a text that is left alone: nothing, and one problem that says why. */
export function parsedAsNothing(text: string): ParseResult {
  const span = { start: 0, end: text.length };
  const [line = ''] = /^.{0,1000}/.exec(text) ?? [];
  const message =
    'Analysing this text did not end, so Archlens was stopped, and leaves the text alone now: change it, and it is tried again.';
  return {
    file: { kind: 'file', span, items: [] },
    problems: [{ code: 'left-alone', message, span: { start: 0, end: line.length } }],
    damage: [span],
    comments: [],
    tokens: [],
  };
}
