import { columnGap, type Gap } from './gaps.ts';
import type { Piece } from './pieces.ts';
import type { Roles } from './roles.ts';

type Gaps = readonly (Gap | undefined)[];

/** Lines up what belongs together: tables of tuples, edges of cells, stated shapes, comments behind lines. */
export function align(pieces: readonly Piece[], roles: Roles, gaps: Gaps): void {
  for (const opener of roles.tables) alignTable(pieces, gaps, opener);
  for (const edges of roles.edges) alignEdges(pieces, gaps, edges);
  for (const colons of roles.assertions) {
    // On a line of its own only: in braces on one line there is no column.
    const ends = colons.filter((colon) => gaps[colon]?.breaks === 0 && endsLine(pieces, gaps, colon));
    alignColumn(pieces, gaps, ends, columnGap);
  }
  alignComments(pieces, gaps);
}

/** Column after a piece, counted from the start of its line. */
function columnAfter(pieces: readonly Piece[], gaps: Gaps, index: number): number {
  let column = 0;
  for (let at = index; at >= 0; at--) {
    const { text } = pieces[at]!;
    const line = text.lastIndexOf('\n');
    column += line === -1 ? text.length : text.length - line - 1;
    if (line !== -1) break;
    const gap = gaps[at];
    if (gap === undefined) break;
    column += gap.spaces;
    if (gap.breaks > 0) break;
  }
  return column;
}

/** Moves pieces, each in another line, to one column: the first that all of them reach with a gap. */
function alignColumn(pieces: readonly Piece[], gaps: Gaps, indices: readonly number[], least: number): void {
  const ends = indices.map((index) => columnAfter(pieces, gaps, index - 1));
  const column = Math.max(...ends) + least;
  for (const [at, index] of indices.entries()) gaps[index]!.spaces = column - ends[at]!;
}

/** Whether the line of a piece ends before the next statement does: nothing but its shape and a comment follows. */
function endsLine(pieces: readonly Piece[], gaps: Gaps, colon: number): boolean {
  for (let next = colon + 1; next < pieces.length; next++) {
    if (gaps[next] === undefined || gaps[next]!.breaks > 0) return true;
    const { text } = pieces[next]!;
    if (text === '}' || text === '{') return false;
  }
  return true;
}

function alignEdges(pieces: readonly Piece[], gaps: Gaps, edges: readonly number[]): void {
  const rows: number[][] = [];
  for (const edge of edges) {
    const gap = gaps[edge];
    if (gap === undefined) return;
    if (gap.breaks > 0 || rows.length === 0) rows.push([edge]);
    else rows.at(-1)!.push(edge);
  }
  const longest = Math.max(...rows.map((row) => row.length));
  for (let column = 1; column < longest; column++) {
    const indices = rows.flatMap((row) => row[column] ?? []);
    alignColumn(pieces, gaps, indices, columnGap);
  }
}

/** Pieces of a cell of a table, first and last. */
type Cell = readonly [first: number, last: number];

function alignTable(pieces: readonly Piece[], gaps: Gaps, opener: number): void {
  const rows: Cell[][] = [];
  let depth = 0;
  let first = -1;
  for (let index = opener; index < pieces.length; index++) {
    const { text, kind } = pieces[index]!;
    const gap = gaps[index];
    if (gap === undefined) return;
    if (depth > 1 && (gap.breaks > 0 || kind === 'comment')) return;
    const bracket = kind === 'punctuation';
    if (bracket && (text === ')' || text === ']')) depth--;
    if (depth === 0 && index > opener) break;
    if (depth === 1 && bracket && text === '(') {
      if (gap.breaks === 0) return;
      rows.push([]);
      first = index + 1;
    }
    const ends = (depth === 1 && bracket && text === ')') || (depth === 2 && bracket && text === ',');
    if (ends && first >= 0 && first < index) {
      rows.at(-1)!.push([first, index - 1]);
      first = index + 1;
    }
    if (bracket && (text === '(' || text === '[')) depth++;
  }
  const columns = rows[0]?.length ?? 0;
  if (rows.some((row) => row.length !== columns)) return;
  for (let column = 0; column < columns; column++) {
    const cells = rows.map((row) => row[column]!);
    const widths = cells.map(([from, to]) => widthOf(pieces, gaps, from, to));
    const widest = Math.max(...widths);
    for (const [row, [from, to]] of cells.entries()) {
      const missing = widest - widths[row]!;
      // Numbers end in one column, other values begin in one.
      if (from === to && pieces[from]!.kind === 'number') gaps[from]!.spaces += missing;
      else if (column < columns - 1) gaps[to + 2]!.spaces += missing;
    }
  }
}

function widthOf(pieces: readonly Piece[], gaps: Gaps, from: number, to: number): number {
  let total = pieces[from]!.text.length;
  for (let index = from + 1; index <= to; index++) total += gaps[index]!.spaces + pieces[index]!.text.length;
  return total;
}

/** Comments behind lines that follow one another. */
function alignComments(pieces: readonly Piece[], gaps: Gaps): void {
  let run: number[] = [];
  const finish = (): void => {
    if (run.length > 1) alignColumn(pieces, gaps, run, 1);
    run = [];
  };
  let line = 0;
  let last = -1;
  for (const [index, piece] of pieces.entries()) {
    const gap = gaps[index];
    line += gap?.breaks ?? 1;
    if (gap?.breaks !== 0 || index === 0 || !piece.endsLine) continue;
    if (line !== last + 1) finish();
    run.push(index);
    last = line;
  }
  finish();
}
