import type { IToken } from 'chevrotain';
import { countWhere } from '../server/base/bisect.ts';
import type { DocComment } from './syntax.ts';
import * as T from './tokens.ts';

/**
 * Finds the `///` lines directly above a place: nothing but white space may lie between the last of them and the
 * place, and ordinary comments end the run.
 */
export class DocComments {
  readonly #text: string;
  readonly #comments: readonly IToken[];

  constructor(text: string, comments: readonly IToken[]) {
    this.#text = text;
    this.#comments = comments;
  }

  above(offset: number): DocComment | undefined {
    const last = this.#lastBefore(offset);
    let first = last;
    let below = offset;
    while (first >= 0) {
      const comment = this.#comments[first]!;
      const end = comment.startOffset + comment.image.length;
      if (comment.tokenType !== T.DocLine || this.#text.slice(end, below).trim() !== '') break;
      below = comment.startOffset;
      first--;
    }
    if (first === last) return undefined;
    const lines = this.#comments.slice(first + 1, last + 1);
    const end = lines[lines.length - 1]!;
    return {
      span: { start: lines[0]!.startOffset, end: end.startOffset + end.image.length },
      text: withoutIndent(lines.map((line) => line.image.slice(3).trimEnd())),
    };
  }

  /** Index of the last comment that starts before `offset`; −1 for none. */
  #lastBefore(offset: number): number {
    return countWhere(this.#comments, ({ startOffset }) => startOffset < offset) - 1;
  }
}

function withoutIndent(lines: readonly string[]): string {
  let common = Infinity;
  for (const line of lines) if (line !== '') common = Math.min(common, line.length - line.trimStart().length);
  return lines.map((line) => line.slice(common)).join('\n');
}
