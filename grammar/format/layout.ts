import { type Gap, isPrefix, spacesBetween, columnGap } from './gaps.ts';
import type { Piece } from './pieces.ts';
import type { Roles } from './roles.ts';

const indentation = 2;

/** Longest line; what is in braces is spread over several lines where a line would be longer. */
export const width = 120;

const closers: Readonly<Record<string, string>> = { '{': '}', '[': ']', '(': ')' };

/** Words that are keywords at the start of a line and may be names elsewhere. */
const soft: ReadonlySet<string> = new Set(['input', 'classes', 'cell', 'space']);

interface Open {
  readonly index: number;
  /** Of the line the bracket is in. */
  readonly indent: number;
  readonly spread: boolean;
}

/** Decides the gap before every piece of what parses: line breaks of the author within the rules of the style. */
export class Layout {
  readonly #pieces: readonly Piece[];
  readonly #roles: Roles;
  /** Index of the closing bracket, by that of the opening one. */
  readonly #closerOf = new Map<number, number>();
  /** Brackets whose content stands on lines of its own. */
  readonly #spread = new Set<number>();

  constructor(pieces: readonly Piece[], roles: Roles) {
    this.#pieces = pieces;
    this.#roles = roles;
    this.#match();
  }

  /** Gaps of all pieces; `undefined` where the text stays as it is. */
  gaps(): (Gap | undefined)[] {
    for (;;) {
      const gaps = this.#pass();
      if (!this.#spreadLong(gaps)) return gaps;
    }
  }

  #match(): void {
    const open: number[] = [];
    for (const [index, piece] of this.#pieces.entries()) {
      if (piece.top) open.length = 0;
      if (piece.kind !== 'punctuation') continue;
      if (piece.text in closers) open.push(index);
      else if (open.length > 0 && closers[this.#pieces[open.at(-1)!]!.text] === piece.text)
        this.#closerOf.set(open.pop()!, index);
    }
    for (const [opener, closer] of this.#closerOf) {
      const inside = this.#pieces.slice(opener + 1, closer + 1);
      const [first] = inside;
      if (first === undefined || inside.length === 1) continue;
      const braces = this.#pieces[opener]!.text === '{';
      const broken = braces
        ? inside.some((piece, index) => piece.breaks > 0 || (index > 0 && inside[index - 1]!.endsLine))
        : first.breaks > 0 || first.endsLine || inside.at(-1)!.breaks > 0;
      if (broken) this.#spread.add(opener);
    }
  }

  #pass(): (Gap | undefined)[] {
    const open: Open[] = [];
    let indent = 0;
    return this.#pieces.map((piece, index) => {
      const before = this.#pieces[index - 1];
      if (piece.top) open.length = 0;
      if (piece.verbatim || before?.verbatim === true) {
        indent = 0;
        return undefined;
      }
      const inner = open.at(-1);
      const closes = inner !== undefined && this.#closerOf.get(inner.index) === index;
      const breaks = before === undefined ? 0 : this.#breaks(index, inner, closes);
      const gap: Gap = { breaks, spaces: 0 };
      if (breaks > 0 || before === undefined) {
        indent = this.#indent(index, inner, closes);
        gap.spaces = indent;
      } else {
        gap.spaces = this.#spaces(index);
      }
      if (closes) open.pop();
      else if (this.#closerOf.has(index)) open.push({ index, indent, spread: this.#spread.has(index) });
      return gap;
    });
  }

  #breaks(index: number, inner: Open | undefined, closes: boolean): number {
    const { starts, edgeMarks } = this.#roles;
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
      const edge = piece.kind === 'number';
      return edge && piece.breaks === 0 ? 0 : Math.max(blank, 1);
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
    let next = index;
    while (this.#pieces[next]?.kind === 'comment') next++;
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
      if (piece.kind === 'number' && this.#roles.starts.has(index) && before.text !== '{') return columnGap;
    }
    return spacesBetween(before, piece, this.#roles.edgeMarks.has(index));
  }

  /** Spreads the outermost braces of lines that are too long. @returns whether there were any */
  #spreadLong(gaps: readonly (Gap | undefined)[]): boolean {
    let found = false;
    let column = 0;
    let brace: number | undefined;
    for (const [index, piece] of this.#pieces.entries()) {
      const gap = gaps[index];
      if (gap === undefined || gap.breaks > 0) {
        column = gap?.spaces ?? 0;
        brace = undefined;
      } else {
        column += gap.spaces;
      }
      const closer = this.#closerOf.get(index);
      if (
        brace === undefined &&
        piece.text === '{' &&
        closer !== undefined &&
        closer > index + 1 &&
        !this.#spread.has(index)
      )
        brace = index;
      column += piece.text.length;
      if (column <= width || brace === undefined || piece.kind === 'comment') continue;
      this.#spread.add(brace);
      brace = undefined;
      found = true;
    }
    return found;
  }
}

function isBranch({ kind, text }: Piece): boolean {
  return kind === 'keyword' && text === 'branch';
}
