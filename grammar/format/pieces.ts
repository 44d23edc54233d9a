import type { Comment, Item, ParseResult, Token } from '../syntax.ts';

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
  for (let at = text.indexOf('\n', start); at !== -1 && at < end; at = text.indexOf('\n', at + 1)) count++;
  return count;
}

interface Region {
  readonly start: number;
  readonly item: Item | undefined;
  readonly damaged: boolean;
}

/** From each declaration to the next one; a syntax error in or beside it leaves all of it as it is. */
function regionsOf(text: string, { file, problems, tokens }: ParseResult): readonly Region[] {
  const items: readonly (Item | undefined)[] = [undefined, ...file.items];
  let token = 0;
  let problem = 0;
  return items.map((item, index): Region => {
    const start = item?.span.start ?? 0;
    const end = items[index + 1]?.span.start ?? text.length;
    let damaged = false;
    while (problem < problems.length && problems[problem]!.span.start < end) {
      damaged = true;
      problem++;
    }
    // What is missing before the next declaration is noticed at its start.
    if (
      problems.some(
        ({ span, related }) => touches(span, start, end) || (related && touches(related.span, start, end)),
      )
    )
      damaged = true;
    for (; token < tokens.length && tokens[token]!.span.start < end; token++)
      if (tokens[token]!.span.start >= (item?.span.end ?? 0)) damaged = true;
    return { start, item, damaged };
  });
}

function touches(
  span: { readonly start: number; readonly end: number },
  start: number,
  end: number,
): boolean {
  return span.start <= end && span.end >= start;
}
