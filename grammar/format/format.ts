import { parse } from '../parser.ts';
import type { ParseResult, Span } from '../syntax.ts';
import { align } from './columns.ts';
import type { Gap } from './gaps.ts';
import { Layout } from './layout.ts';
import { type Piece, piecesOf } from './pieces.ts';
import { readAlike } from './reading.ts';
import { rolesOf } from './roles.ts';

/** The replacement of a part of a text. */
export interface TextChange {
  readonly span: Span;
  readonly text: string;
}

/** A text in the style of the language. What does not parse stays as it is, and so does what the text means. */
export function format(text: string): string {
  return applied(text, formatChanges(text, parse(text)));
}

/**
 * What formatting changes, in the order of the text: nothing but white space. Where a text has syntax errors, its lines say
 * what belongs together: what would be read otherwise then stays as it is, all of it.
 */
export function formatChanges(text: string, parsed: ParseResult): readonly TextChange[] {
  const changes = layoutChanges(text, parsed);
  if (parsed.problems.length === 0 || changes.length === 0) return changes;
  return readAlike(parse(applied(text, changes)), parsed) ? changes : [];
}

/** The text with changes made. @param changes in the order of the text; they do not overlap */
export function applied(text: string, changes: readonly TextChange[]): string {
  let formatted = '';
  let end = 0;
  for (const { span, text: replacement } of changes) {
    formatted += text.slice(end, span.start) + replacement;
    end = span.end;
  }
  return formatted + text.slice(end);
}

function layoutChanges(text: string, parsed: ParseResult): readonly TextChange[] {
  const pieces = piecesOf(text, parsed);
  if (pieces.length === 0) return [];
  const roles = rolesOf(pieces, parsed);
  const gaps = new Layout(pieces, roles).gaps();
  align(pieces, roles, gaps);
  const lineBreak = lineBreakOf(text, pieces, gaps);
  const changes: TextChange[] = [];
  const change = (start: number, end: number, replacement: string): void => {
    if (text.slice(start, end) !== replacement) changes.push({ span: { start, end }, text: replacement });
  };
  let before = text.startsWith('\ufeff') ? 1 : 0;
  for (const [index, piece] of pieces.entries()) {
    const gap = gaps[index];
    if (gap !== undefined) change(before, piece.start, lineBreak.repeat(gap.breaks) + ' '.repeat(gap.spaces));
    before = piece.verbatim ? piece.end : piece.start + piece.text.length;
  }
  if (!pieces.at(-1)!.verbatim) change(before, text.length, lineBreak);
  return changes;
}

/** The line break of a text: the first of those that stay as they are, if there are any, and of all otherwise. */
function lineBreakOf(text: string, pieces: readonly Piece[], gaps: readonly (Gap | undefined)[]): string {
  for (const [index, piece] of pieces.entries()) {
    const start = gaps[index] === undefined ? (pieces[index - 1]?.end ?? 0) : piece.start;
    const found = /\r?\n/.exec(text.slice(start, piece.end));
    if (found) return found[0];
  }
  return /\r?\n/.exec(text)?.[0] ?? '\n';
}
