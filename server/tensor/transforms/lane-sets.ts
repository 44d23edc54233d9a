import type { ProgramBuilder } from '../program-builder.ts';
import { laneShape, reshapeLanes, type Laned } from '../lanes.ts';

/** Tangents of one value by some of the scalars: lane i is that by `scalars[i]`. Scalars ascend. */
export interface Tangents {
  readonly laned: Laned;
  readonly scalars: readonly number[];
}

/** Sum of tangents of one value. A term has tangent zero by scalars that it does not list. */
export function sumTangents(b: ProgramBuilder, terms: readonly Tangents[]): Tangents {
  const scalars = union(terms.map((term) => term.scalars));
  const total = terms.reduce((sum, term) => sum + term.scalars.length, 0);
  if (total === scalars.length) return interleave(b, terms, scalars);
  const laned = terms
    .map((term) => withZeroLanes(b, term, scalars))
    .reduce((sum, term) => ({ value: b.add(sum.value, term.value), lanes: sum.lanes }));
  return { laned, scalars };
}

export function union(sets: readonly (readonly number[])[]): readonly number[] {
  return [...new Set(sets.flat())].sort((a, b) => a - b);
}

/** The same tangents with a lane for each of `scalars`; those that were missing are zero. */
export function withZeroLanes(
  b: ProgramBuilder,
  { laned, scalars: own }: Tangents,
  scalars: readonly number[],
): Laned {
  if (own.length === scalars.length) return laned;
  const shape = laneShape(laned);
  const extent = shape[1]!;
  const lanes = scalars.length;
  const pad = (before: number, after: number): Laned => {
    const at = (count: number): number[] => shape.map((_, axis) => (axis === 1 ? count * extent : 0));
    return { value: b.pad(laned.value, at(before), at(after)), lanes: before + own.length + after };
  };
  const first = scalars.indexOf(own[0]!);
  if (own.every((scalar, i) => scalars[first + i] === scalar)) {
    return pad(first, lanes - first - own.length);
  }
  // A zero lane behind the others is picked wherever a lane is missing.
  const position = new Map(own.map((scalar, i) => [scalar, i]));
  return pickLanes(
    b,
    pad(0, 1),
    scalars.map((scalar) => position.get(scalar) ?? own.length),
  );
}

/** The sum for terms that share no scalar: their lanes side by side, in order. */
function interleave(b: ProgramBuilder, terms: readonly Tangents[], scalars: readonly number[]): Tangents {
  const sorted = [...terms].sort((a, c) => a.scalars[0]! - c.scalars[0]!);
  const joined = {
    value: b.concat(
      sorted.map(({ laned }) => laned.value),
      1,
    ),
    lanes: scalars.length,
  };
  const position = new Map(sorted.flatMap((term) => term.scalars).map((scalar, i) => [scalar, i]));
  return {
    laned: pickLanes(
      b,
      joined,
      scalars.map((scalar) => position.get(scalar)!),
    ),
    scalars,
  };
}

/** Picks whole lanes by position. */
export function pickLanes(b: ProgramBuilder, x: Laned, positions: readonly number[]): Laned {
  const shape = laneShape(x);
  const [batch, ...rest] = shape;
  const size = rest.reduce((product, extent) => product * extent, 1);
  const picked = b.gather(b.reshape(x.value, [batch!, x.lanes, size]), 1, positions);
  if (picked.shape[1] === x.lanes && positions.every((position, i) => position === i)) return x;
  return reshapeLanes(b, { value: picked, lanes: positions.length }, shape);
}
