import { type Gap, isPrefix, spacesBetween, columnGap } from './gaps.ts';
import type { Piece } from './pieces.ts';
import type { Roles } from './roles.ts';

const indentation = 2;

/** Longest line; what is in braces is spread over several lines where a line would be longer. */
export const width = 120;

const closers: ReadonlyMap<string, string> = new Map([
  ['{', '}'],
  ['[', ']'],
  ['(', ')'],
]);

/** Words that are keywords at the start of a line and may be names elsewhere. */
const soft: ReadonlySet<string> = new Set(['input', 'classes', 'cell', 'space']);

/** Words that braces belong to. */
const headers: ReadonlySet<string> = new Set([
  ...['import', 'model', 'space', 'block', 'cell'],
  ...['repeat', 'for', 'if', 'else', 'residual', 'shortcut', 'parallel', 'branch'],
]);

interface Open {
  readonly index: number;
  /** Of the line the bracket is in; of braces, of the line of the word they belong to. */
  readonly indent: number;
  readonly spread: boolean;
  readonly outer: Open | undefined;
}

/**
 * Decides the gap before every piece of what parses: line breaks of the author within the rules of the style.
 *
 * Once formatted, a text stays as it is: braces are spread where the author has broken them, or where they are the first
 * flat ones of a line that is too long. So what is around spread braces is spread itself, braces are flat exactly where
 * their text has no line break, and the next time the same braces are found in the same lines.
 */
export class Layout {
  readonly #pieces: readonly Piece[];
  readonly #roles: Roles;
  /** Index of the closing bracket, by that of the opening one. */
  readonly #closerOf = new Map<number, number>();
  /** Brackets whose content stands on lines of its own. */
  readonly #spread = new Set<number>();
  /** The first piece from an index on that is no comment, by the index. */
  readonly #behindComments: Uint32Array;
  /** Indentation of the line of the last word that braces belong to. */
  #header = 0;

  constructor(pieces: readonly Piece[], roles: Roles) {
    this.#pieces = pieces;
    this.#roles = roles;
    this.#behindComments = new Uint32Array(pieces.length);
    for (let index = pieces.length - 1; index >= 0; index--)
      this.#behindComments[index] =
        pieces[index]!.kind === 'comment' ? (this.#behindComments[index + 1] ?? pieces.length) : index;
    this.#match();
  }

  /** Gaps of all pieces; `undefined` where the text stays as it is. */
  gaps(): (Gap | undefined)[] {
    let open: Open | undefined;
    let indent = 0;
    let column = 0;
    /** The rest of the line is known to be short enough. */
    let fits = false;
    return this.#pieces.map((piece, index) => {
      const inner = piece.top ? undefined : open;
      const gap = this.#gap(index, inner);
      if (gap === undefined || gap.breaks > 0 || index === 0) {
        indent = gap?.spaces ?? 0;
        column = 0;
        fits = false;
      }
      column += (gap?.spaces ?? 0) + piece.text.length;
      if (piece.kind === 'keyword' && headers.has(piece.text)) this.#header = indent;
      const base = isBrace(piece) ? this.#header : indent;
      open = gap === undefined ? inner : this.#after(index, inner, base);
      if (fits || gap === undefined || !this.#canSpread(index)) return gap;
      fits = this.#fits(index, open, column);
      if (fits) return gap;
      this.#spread.add(index);
      open = this.#after(index, inner, base);
      return gap;
    });
  }

  #match(): void {
    const open: number[] = [];
    for (const [index, piece] of this.#pieces.entries()) {
      if (piece.top) open.length = 0;
      if (piece.kind !== 'punctuation') continue;
      if (closers.has(piece.text)) open.push(index);
      else if (open.length > 0 && closers.get(this.#pieces[open.at(-1)!]!.text) === piece.text)
        this.#closerOf.set(open.pop()!, index);
    }
    for (const [opener, closer] of this.#closerOf) {
      const inside = this.#pieces.slice(opener + 1, closer + 1);
      const [first] = inside;
      if (first === undefined || inside.length === 1) continue;
      const braces = this.#pieces[opener]!.text === '{';
      const broken = braces
        ? inside.some((piece, index) => piece.breaks > 0 || (index > 0 && inside[index - 1]!.endsLine))
        : first.breaks > 0 || first.endsLine || inside.at(-1)!.breaks > 0 || inside.at(-2)!.endsLine;
      if (broken) this.#spread.add(opener);
    }
  }

  /** The gap before a piece within brackets. */
  #gap(index: number, inner: Open | undefined): Gap | undefined {
    const before = this.#pieces[index - 1];
    if (this.#pieces[index]!.verbatim || before?.verbatim === true) return undefined;
    const closes = this.#closes(index, inner);
    const breaks = before === undefined ? 0 : this.#breaks(index, inner, closes);
    const startsLine = breaks > 0 || before === undefined;
    return { breaks, spaces: startsLine ? this.#indent(index, inner, closes) : this.#spaces(index) };
  }

  #closes(index: number, inner: Open | undefined): boolean {
    return inner !== undefined && this.#closerOf.get(inner.index) === index;
  }

  /** What is open behind a piece. */
  #after(index: number, inner: Open | undefined, indent: number): Open | undefined {
    if (this.#closes(index, inner)) return inner!.outer;
    if (!this.#closerOf.has(index)) return inner;
    return { index, indent, spread: this.#spread.has(index), outer: inner };
  }

  /** Whether there are flat braces here, with something in them. */
  #canSpread(index: number): boolean {
    const closer = this.#closerOf.get(index);
    return (
      this.#pieces[index]!.text === '{' &&
      closer !== undefined &&
      closer > index + 1 &&
      !this.#spread.has(index)
    );
  }

  /** Whether a line ends within the width, but for a comment at its end, when its braces from here on stay flat. */
  #fits(index: number, open: Open | undefined, column: number): boolean {
    for (let next = index + 1; next < this.#pieces.length; next++) {
      const piece = this.#pieces[next]!;
      const inner = piece.top ? undefined : open;
      const gap = this.#gap(next, inner);
      if (gap === undefined || gap.breaks > 0) return true;
      column += gap.spaces + piece.text.length;
      if (column > width && piece.kind !== 'comment') return false;
      open = this.#after(next, inner, 0);
    }
    return true;
  }

  #breaks(index: number, inner: Open | undefined, closes: boolean): number {
    const { starts, edgeStarts, edgeMarks } = this.#roles;
    const piece = this.#pieces[index]!;
    const before = this.#pieces[index - 1]!;
    const blank = Math.min(piece.breaks, 2);
    const opens = inner?.index === index - 1;
    if (piece.kind === 'comment' && piece.breaks === 0 && !before.endsLine) return 0;
    if (piece.top) return before.kind === 'comment' && !before.endsLine ? blank : Math.max(blank, 1);
    if (opens || closes) return inner?.spread === true || before.endsLine ? 1 : 0;
    if (before.endsLine || piece.kind === 'comment') return Math.max(blank, before.endsLine ? 1 : 0);
    if (starts.has(index)) {
      if (inner?.spread !== true) return 0;
      return edgeStarts.has(index) && piece.breaks === 0 ? 0 : Math.max(blank, 1);
    }
    // A soft keyword that is a name would become the keyword.
    if (piece.kind === 'name' && soft.has(piece.text)) return 0;
    if (edgeMarks.has(index) || edgeMarks.has(index - 1)) return 0;
    if (piece.text === '{' || before.text === '->' || before.text === 'else') return 0;
    if (piece.kind === 'keyword' && (piece.text === 'else' || piece.text === 'shortcut')) return 0;
    if (piece.text === ',') return 0;
    // An arrow at the end of a line moves to the start of the next one.
    if (piece.text === '->') {
      const next = this.#pieces[index + 1];
      return piece.breaks > 0 || (next !== undefined && next.breaks > 0 && next.kind !== 'comment') ? 1 : 0;
    }
    return Math.min(piece.breaks, 1);
  }

  #indent(index: number, inner: Open | undefined, closes: boolean): number {
    const piece = this.#pieces[index]!;
    if (piece.top) return 0;
    if (closes) return inner!.indent;
    const base = inner === undefined ? 0 : inner.indent + indentation;
    if (
      inner !== undefined &&
      (this.#pieces[inner.index]!.text !== '{' || this.#roles.imports.has(inner.index))
    )
      return base;
    // A comment goes with what follows it.
    const next = this.#behindComments[index]!;
    if (next < this.#pieces.length && isBrace(this.#pieces[next]!)) return this.#header;
    const continues =
      next < this.#pieces.length &&
      !this.#pieces[next]!.top &&
      !this.#roles.starts.has(next) &&
      !(inner !== undefined && this.#closerOf.get(inner.index) === next) &&
      !isBranch(this.#pieces[next]!);
    return continues ? base + indentation : base;
  }

  #spaces(index: number): number {
    const piece = this.#pieces[index]!;
    const before = this.#pieces[index - 1]!;
    if (piece.kind !== 'comment' && this.#pieces[index - 1]?.kind !== 'comment') {
      if (isPrefix(this.#pieces[index - 2], before)) return 0;
      if (this.#roles.edgeStarts.has(index) && before.text !== '{') return columnGap;
      if (piece.text === '[' && this.#roles.starts.has(index)) return 1;
    }
    return spacesBetween(before, piece, this.#roles.edgeMarks.has(index));
  }
}

function isBrace({ kind, text }: Piece): boolean {
  return kind === 'punctuation' && text === '{';
}

function isBranch({ kind, text }: Piece): boolean {
  return kind === 'keyword' && text === 'branch';
}
