import { countWhere } from '../../server/base/bisect.ts';
import type { Comment, Item, ParseResult, Span, Token } from '../syntax.ts';

/** A token or comment, and what was before it. */
export interface Piece {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly kind: Token['kind'] | 'comment';
  /** A comment that runs to the end of its line. */
  readonly endsLine: boolean;
  /** Line breaks between the piece before and this one. */
  readonly breaks: number;
  /** Starts a declaration, or a comment between declarations. */
  readonly top: boolean;
  /** Part of something that does not parse: what is before it stays as it is. */
  readonly verbatim: boolean;
}

/** Tokens and comments in the order of the text. */
export function piecesOf(text: string, parse: ParseResult): readonly Piece[] {
  const regions = regionsOf(text, parse);
  const written: (Token | Comment)[] = [...parse.tokens, ...parse.comments];
  written.sort((a, b) => a.span.start - b.span.start);
  let before = 0;
  let at = 0;
  return written.map((each): Piece => {
    const { start, end } = each.span;
    while (regions[at + 1] !== undefined && regions[at + 1]!.start <= start) at++;
    const region = regions[at]!;
    const comment = isComment(each);
    const piece: Piece = {
      text: comment ? text.slice(start, end).trimEnd() : text.slice(start, end),
      start,
      end,
      kind: comment ? 'comment' : each.kind,
      endsLine: comment && each.kind !== 'block',
      breaks: breaksIn(text, before, start),
      top:
        start === region.item?.span.start ||
        (comment && (region.item === undefined || start >= region.item.span.end)),
      verbatim: region.damaged,
    };
    before = end;
    return piece;
  });
}

function isComment(each: Token | Comment): each is Comment {
  return each.kind === 'line' || each.kind === 'block' || each.kind === 'doc';
}

function breaksIn(text: string, start: number, end: number): number {
  let count = 0;
  // Not beyond the end: a line may hold all there is.
  for (let at = start; at < end; at++) if (text[at] === '\n') count++;
  return count;
}

interface Region {
  readonly start: number;
  readonly item: Item | undefined;
  readonly damaged: boolean;
}

/** From each declaration to the next one; a syntax error in or beside it leaves all of it as it is. */
function regionsOf(text: string, { file, damage, tokens }: ParseResult): readonly Region[] {
  const items: readonly (Item | undefined)[] = [undefined, ...file.items];
  const starts = items.map((item) => item?.span.start ?? 0);
  const damaged = touched([...starts, text.length], damage);
  let token = 0;
  return items.map((item, index): Region => {
    const end = starts[index + 1] ?? text.length;
    let skipped = false;
    for (; token < tokens.length && tokens[token]!.span.start < end; token++)
      if (tokens[token]!.span.start >= (item?.span.end ?? 0)) skipped = true;
    return { start: starts[index]!, item, damaged: damaged[index]! || skipped };
  });
}

/**
 * Which of the intervals between bounds have one of the spans in or beside them: what is missing before the next
 * declaration is noticed at its start.
 */
function touched(bounds: readonly number[], spans: readonly Span[]): readonly boolean[] {
  /** How many more spans touch an interval than the one before it. */
  const more = new Array<number>(bounds.length + 1).fill(0);
  for (const { start, end } of spans) {
    const first = Math.max(0, countWhere(bounds, (bound) => bound < start) - 1);
    more[first]! += 1;
    more[countWhere(bounds, (bound) => bound <= end)]! -= 1;
  }
  let count = 0;
  return bounds.slice(1).map((_, index) => (count += more[index]!) > 0);
}
