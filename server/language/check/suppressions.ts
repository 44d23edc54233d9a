import { countWhere } from '../../base/bisect.ts';
import type { Comment } from '../../../grammar/syntax.ts';

/** Whether a diagnostic of a code that starts at an offset is turned off by a comment. */
export type Suppressed = (code: string, offset: number) => boolean;

/** `archlens: ignore code, code` and `archlens: ignore-file code, code`, as all there is in a comment. */
const directive =
  /^(?:\/\/|\/\*)\s*archlens:\s*(ignore|ignore-file)\s+([a-z0-9-]+(?:\s*,\s*[a-z0-9-]+)*)\s*(?:\*\/)?$/;

/**
 * Comments that turn diagnostics off: behind something, for their own line; on a line of their own, for the next line
 * that is no comment; `ignore-file` anywhere, for the whole file.
 */
export function suppressionsOf(text: string, comments: readonly Comment[]): Suppressed {
  const everywhere = new Set<string>();
  const byLine = new Map<number, Set<string>>();
  let lines: Lines | undefined;
  for (const { kind, span } of comments) {
    if (kind === 'doc') continue;
    const found = directive.exec(text.slice(span.start, span.end));
    if (found === null) continue;
    const codes = found[2]!.split(',').map((code) => code.trim());
    if (found[1] === 'ignore-file') {
      for (const code of codes) everywhere.add(code);
      continue;
    }
    lines ??= new Lines(text, comments);
    const line = lines.at(span.start);
    // The comment begins where the line does, apart from blanks.
    const alone = lines.firstOf(line) === span.start;
    const target = alone ? lines.codeFrom(lines.at(span.end) + 1) : line;
    const known = byLine.get(target) ?? new Set();
    byLine.set(target, known);
    for (const code of codes) known.add(code);
  }
  if (lines === undefined) return (code) => everywhere.has(code);
  const found = lines;
  return (code, offset) => everywhere.has(code) || byLine.get(found.at(offset))?.has(code) === true;
}

/** The lines of a text, and which of them hold something else than comments. */
class Lines {
  readonly #text: string;
  readonly #starts: readonly number[];
  /** For every line, the first one from there on that does; the number of lines when none is left. */
  readonly #code: readonly number[];

  constructor(text: string, comments: readonly Comment[]) {
    this.#text = text;
    this.#starts = [
      0,
      ...Array.from(text.matchAll(/\r\n|\r|\n/g), ({ 0: end, index }) => index + end.length),
    ];
    const code = new Array<number>(this.#starts.length);
    let next = this.#starts.length;
    let comment = comments.length - 1;
    // From the end, so that every line and every comment is met once.
    for (let line = this.#starts.length - 1; line >= 0; line--) {
      const first = this.firstOf(line);
      while (comment >= 0 && comments[comment]!.span.start > first) comment -= 1;
      const inside = comment >= 0 && first < comments[comment]!.span.end;
      if (first < this.#end(line) && !inside) next = line;
      code[line] = next;
    }
    this.#code = code;
  }

  /** The line of an offset. */
  at(offset: number): number {
    return countWhere(this.#starts, (start) => start <= offset) - 1;
  }

  /** Where the first thing in a line stands that is no blank; the start of the next line when there is none. */
  firstOf(line: number): number {
    const start = this.#starts[line]!;
    const content = this.#text.slice(start, this.#end(line));
    return start + content.length - content.trimStart().length;
  }

  codeFrom(line: number): number {
    return this.#code[line] ?? this.#starts.length;
  }

  #end(line: number): number {
    return this.#starts[line + 1] ?? this.#text.length;
  }
}
