import { countWhere } from '../../server/base/bisect.ts';
import { standsAlone } from '../recovery/brackets.ts';
import { differenceOf } from '../../server/base/text-difference.ts';
import { tokenize } from '../lexer.ts';
import { LIMITS } from '../limits.ts';
import { isMoved, moved, movedItem } from './moved.ts';
import { parse } from '../parser.ts';
import type { Item, ParseResult, Span } from '../syntax.ts';

/** Lines with one or more declarations and what stands before them; segments follow each other without gaps. */
interface Segment {
  readonly start: number;
  readonly end: number;
  readonly items: readonly Item[];
  /** Whether a place of an error lies in it. */
  readonly damaged: boolean;
  /** Whether its brackets match whatever is wrong elsewhere; found out when it matters. */
  alone?: boolean;
}

interface Known {
  readonly text: string;
  readonly result: ParseResult;
  readonly segments: readonly Segment[];
}

/** With more errors in the part that is parsed again, all is parsed: recovery gives up after a number of them. */
const few = 20;

/**
 * Parses one text after another of the same file, and of each only the declarations that an edit touches, with those
 * before and behind them; what is further behind is moved. Gives what `parse` gives.
 *
 * This holds because the parser's state between two declarations does not depend on what was before, unless something
 * is wrong there. So the neighbours are parsed too and have to come out as they were, with all errors between them. Where that is
 * not so, where errors are in several places far apart, or where a comment has no end, the whole text is parsed.
 */
export class IncrementalParser {
  #known: Known | undefined;

  parse(text: string): ParseResult {
    const before = this.#known;
    this.#known =
      (before === undefined ? undefined : again(before, text)) ?? known(text, parse(text), undefined);
    return this.#known.result;
  }
}

function known(text: string, result: ParseResult, segments: readonly Segment[] | undefined): Known {
  const { items } = result.file;
  return { text, result, segments: segments ?? segmentsOf(text, items, result.damage, 0, text.length) };
}

/** Cuts the text between `start` and `end`, where the items are in, at ends of lines between two items. */
function segmentsOf(
  text: string,
  items: readonly Item[],
  damage: readonly Span[],
  start: number,
  end: number,
): readonly Segment[] {
  const segments: Segment[] = [];
  let from = start;
  let first = 0;
  // Of the places of errors that start before the next cut: how many they are, and how far they reach.
  const errors = damage.toSorted((a, b) => a.start - b.start);
  let met = 0;
  let reach = -1;
  const cut = (at: number, next: number): void => {
    for (; met < errors.length && errors[met]!.start <= at; met++) reach = Math.max(reach, errors[met]!.end);
    const damaged = reach >= from;
    segments.push({ start: from, end: at, items: items.slice(first, next), damaged });
    from = at;
    first = next;
  };
  for (const [index, item] of items.entries()) {
    const following = items[index + 1];
    if (following === undefined) break;
    // A comment behind the item may belong to the next one.
    const rest = /^[ \t]*\r?\n/.exec(text.slice(item.span.end, following.span.start));
    if (rest !== null) cut(item.span.end + rest[0].length, index + 1);
  }
  cut(end, items.length);
  return segments;
}

/** `undefined`: the whole text has to be parsed. */
function again(before: Known, text: string): Known | undefined {
  if (before.text === text) return before;
  const { segments, result } = before;
  const { start, end, shift } = differenceOf(before.text, text);
  const isReached = ({ start: from, end: to, damaged }: Segment): boolean =>
    damaged || (from <= end && start <= to);
  const first = segments.findIndex(isReached);
  const last = segments.findLastIndex(isReached);
  // One more on each side shows whether errors reach further.
  const above = segments[first - 1];
  const below = segments[last + 1];
  const from = (above ?? segments[first]!).start;
  const to = (below ?? segments[last]!).end;
  if (to - from > before.text.length / 2 || text.length > LIMITS.textLength) return undefined;
  const part = text.slice(from, to + shift);
  const found = parse(part);
  const { items } = found.file;
  const belowAt = (below?.start ?? to) + shift - from;
  const aboveEnd = (above?.end ?? from) - from;
  const { length } = above?.items ?? [];
  const behind = items.length - (below?.items.length ?? 0);
  if (
    behind < length ||
    found.damage.length > few ||
    found.damage.some((span) => span.start < aboveEnd || (below !== undefined && span.end >= belowAt)) ||
    found.comments.some(
      ({ kind, span }) =>
        (kind === 'block' && !isClosed(part, span)) || crosses(span, belowAt) || crosses(span, aboveEnd),
    ) ||
    !isMoved(items.slice(0, length), above?.items ?? [], -from) ||
    !isMoved(items.slice(behind), below?.items ?? [], shift - from)
  )
    return undefined;
  const far = [...segments.slice(0, Math.max(first - 1, 0)), ...segments.slice(last + 2)];
  const near = [...(above === undefined ? [] : [above]), ...(below === undefined ? [] : [below])];
  if (found.damage.length > 0 && ![...far, ...near].every((segment) => isAlone(before.text, segment)))
    return undefined;

  const own = moved(items.slice(length, behind), from);
  const damage = moved(found.damage, from);
  const next: Segment[] = segments.slice(0, first);
  next.push(...segmentsOf(text, own, damage, next.at(-1)?.end ?? 0, belowAt + from));
  for (const segment of segments.slice(last + 1)) next.push(movedSegment(segment, shift));
  const tokens = replaced(result.tokens, found.tokens, from, to, shift);
  if (tokens.length > LIMITS.tokens) return undefined;
  return known(
    text,
    {
      file: {
        kind: 'file',
        span: { start: 0, end: text.length },
        items: next.flatMap((segment) => segment.items),
      },
      problems: moved(found.problems, from),
      damage,
      comments: replaced(result.comments, found.comments, from, to, shift),
      tokens,
    },
    next,
  );
}

function movedSegment(segment: Segment, shift: number): Segment {
  if (shift === 0) return segment;
  const { start, end, items } = segment;
  return {
    ...segment,
    start: start + shift,
    end: end + shift,
    items: items.map((item) => movedItem(item, shift)),
  };
}

function isAlone(text: string, segment: Segment): boolean {
  segment.alone ??= standsAlone(tokenize(text.slice(segment.start, segment.end)).tokens);
  return segment.alone;
}

function isClosed(text: string, { start, end }: Span): boolean {
  return end - start >= 4 && text.endsWith('*/', end);
}

function crosses({ start, end }: Span, place: number): boolean {
  return start < place && place < end;
}

/** The list with what was between `from` and `to` replaced, and what is behind moved. */
function replaced<Part extends { readonly span: Span }>(
  parts: readonly Part[],
  found: readonly Part[],
  from: number,
  to: number,
  shift: number,
): readonly Part[] {
  const first = countWhere(parts, ({ span }) => span.start < from);
  const behind = countWhere(parts, ({ span }) => span.start < to);
  const result = parts.slice(0, first);
  for (const part of found) result.push(at(part, from));
  for (let index = behind; index < parts.length; index++) result.push(at(parts[index]!, shift));
  return result;
}

function at<Part extends { readonly span: Span }>(part: Part, shift: number): Part {
  const { start, end } = part.span;
  return shift === 0 ? part : { ...part, span: { start: start + shift, end: end + shift } };
}
