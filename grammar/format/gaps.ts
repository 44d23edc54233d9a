import type { Piece } from './pieces.ts';

/** What stands before a piece: so many line breaks, then so many spaces. */
export interface Gap {
  breaks: number;
  spaces: number;
}

/** Between columns: of edges in a line, and before the shape that a statement states. */
export const columnGap = 3;

/** Spaces between two pieces of a line that need no alignment. */
export function spacesBetween(before: Piece, piece: Piece, inEdge: boolean): number {
  if (before.kind === 'comment' || piece.kind === 'comment') return 1;
  const left = before.text;
  const right = piece.text;
  if (right === ',' || right === ')' || right === ']') return 0;
  if (left === '(' || left === '[') return 0;
  if (right === '(')
    return before.kind === 'name' || left === ']' || (left === 'choice' && before.kind === 'keyword') ? 0 : 1;
  if (right === '[') return before.kind === 'name' || left === ')' || left === ']' ? 0 : 1;
  return inEdge && right === ':' ? 0 : 1;
}

/** Whether a `-` or `!` belongs to what follows alone. */
export function isPrefix(before: Piece | undefined, piece: Piece): boolean {
  if (piece.text === '!') return true;
  if (piece.text !== '-') return false;
  if (before === undefined) return true;
  const { kind, text } = before;
  if (kind === 'keyword') return text !== 'true' && text !== 'false';
  return kind === 'operator' || (kind === 'punctuation' && text !== ')' && text !== ']');
}
