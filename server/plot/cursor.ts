import type { Picture, Place, Position } from './picture.ts';

/** Where a cursor is. */
export interface Cursor extends Position {
  readonly uri: string;
}

/**
 * The ops at a cursor: those written there, at all their call sites; else all inside the innermost call or loop written
 * there.
 *
 * @returns paths of ops; none when the cursor is elsewhere
 */
export function opsAt({ contributions: { ops } }: Picture, cursor: Cursor): ReadonlySet<string> {
  const here = ops.filter(({ place }) => contains(place, cursor));
  if (here.length > 0) {
    return new Set(innermost(here.map(({ path, place }) => ({ path, place }))));
  }
  const calls = ops.flatMap(({ path, calls: around }) =>
    around.filter(({ place }) => contains(place, cursor)).map(({ place }) => ({ path, place })),
  );
  return new Set(innermost(calls));
}

interface Candidate {
  readonly path: string;
  readonly place: Place;
}

/** The paths of those whose place is the smallest. */
function innermost(candidates: readonly Candidate[]): string[] {
  const sizes = candidates.map(({ place }) => size(place));
  const least = Math.min(...sizes);
  return candidates.filter((_, index) => sizes[index] === least).map(({ path }) => path);
}

/** Orders ranges of which one contains the other. */
function size({ start, end }: Place): number {
  return (end.line - start.line) * 100_000 + end.character - start.character;
}

function contains({ uri, start, end }: Place, cursor: Cursor): boolean {
  return uri === cursor.uri && !isBefore(cursor, start) && !isBefore(end, cursor);
}

function isBefore(a: Position, b: Position): boolean {
  return a.line < b.line || (a.line === b.line && a.character < b.character);
}
