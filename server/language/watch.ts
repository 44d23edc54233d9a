import { createHash } from 'node:crypto';
import type { Watchdog } from '../base/watchdog/watchdog.ts';
import type { ParseResult } from '../../grammar/syntax.ts';

/** Knows what is being worked on, so that what does not end can be named, and left alone from then on. */
export interface Watch {
  /** A digest of a text and of all it imports, so that it changes with any of them. @param imported keys of the imported files */
  keyOf(text: string, imported: readonly string[]): string;
  /** Runs work on a text, which must come back. @param key of all that the work reads */
  run<T>(uri: string, key: string, work: () => T): T;
  /** Whether working on this did not end before. */
  isLeftAlone(key: string): boolean;
}

export const unwatched: Watch = {
  keyOf: () => '',
  run: (_uri, _key, work) => work(),
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

  /** @param keys as the watchdog has kept them */
  leaveAlone(keys: ReadonlySet<string>): void {
    this.#leftAlone = keys;
  }

  keyOf(text: string, imported: readonly string[]): string {
    if (this.#last?.text !== text) this.#last = { text, digest: digestOf(text) };
    const { digest } = this.#last;
    return imported.length === 0 ? digest : digestOf([digest, ...imported].join());
  }

  run<T>(uri: string, key: string, work: () => T): T {
    return this.#watchdog.watch({ name: uri, digest: key }, work);
  }

  isLeftAlone(key: string): boolean {
    return this.#leftAlone.has(key);
  }
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** How a text that is left alone is taken to parse: as an empty file with one problem, which says why. */
export function parsedAsNothing(text: string): ParseResult {
  const span = { start: 0, end: text.length };
  const [line = ''] = /^.{0,1000}/.exec(text) ?? [];
  const message =
    'Analysing this text did not end, so Archlens was stopped, and leaves the text alone now: change it, or what it imports, and it is tried again.';
  return {
    file: { kind: 'file', span, items: [] },
    problems: [{ code: 'left-alone', message, span: { start: 0, end: line.length } }],
    damage: [span],
    comments: [],
    tokens: [],
  };
}
