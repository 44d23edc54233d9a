import type { ProgramBuilder, Value } from './builder.ts';
import type { ChosenWeight } from './ir.ts';
import type { GradientPiece } from './weight-gradients.ts';

/** A piece of the derivatives by the weight of that index. */
export interface WeightPiece extends GradientPiece {
  readonly weight: number;
}

/** Where a matrix `[B, …]` holds a derivative: column of lane 0, and how far lanes are apart. */
interface Place {
  readonly column: number;
  readonly step: number;
}

/** How a piece `[B, K, n]` is laid out, which decides what it can be joined with before any reshape. */
type Layout = 'folded' | 'rows' | 'other';

/**
 * `[B, K, M, P]` from the pieces: those of one layout are concatenated as they are, one gather puts all in order. Weights
 * without a piece have derivative zero; pieces of the same element add up.
 */
export function assembleJacobian(
  b: ProgramBuilder,
  pieces: readonly WeightPiece[],
  weights: readonly ChosenWeight[],
  lanes: number,
  indexSets: number,
): Value {
  const places = new Map<string, Place[]>();
  const columns: Value[] = [];
  let width = 0;
  for (const group of grouped(pieces, lanes)) {
    const { value, steps, offsets } = joined(b, group, lanes);
    for (const [index, { weight, elements }] of group.entries()) {
      for (const [i, element] of elements.entries()) {
        const key = `${weight} ${element}`;
        const place = { column: width + offsets[index]! + i, step: steps[index]! };
        const known = places.get(key);
        if (known === undefined) places.set(key, [place]);
        else known.push(place);
      }
    }
    columns.push(value);
    width += value.shape[1]!;
  }

  // Places of entry (m, p), in order.
  const entries = Array.from({ length: indexSets }, (_, set) =>
    weights.map(({ elements }, weight) => places.get(`${weight} ${elements[set]!}`) ?? []),
  ).flat();
  const rounds = Math.max(1, ...entries.map((entry) => entry.length));
  const zero = width;
  if (entries.some((entry) => entry.length < rounds)) {
    columns.push(b.broadcast(b.scalar(0, 2), [b.batch, 1]));
  }
  const all = b.concat(columns, 1);
  const terms = Array.from({ length: rounds }, (_, round) => {
    const indices: number[] = [];
    for (let lane = 0; lane < lanes; lane += 1) {
      for (const entry of entries) {
        const place = entry[round];
        indices.push(place === undefined ? zero : place.column + lane * place.step);
      }
    }
    return b.gather(all, 1, indices);
  });
  const sum = terms.reduce((total, term) => b.add(total, term));
  return b.reshape(sum, [b.batch, lanes, indexSets, weights.length]);
}

/** Pieces that can be joined, together; in order of their first appearance. */
function grouped(pieces: readonly WeightPiece[], lanes: number): WeightPiece[][] {
  const groups = new Map<string, WeightPiece[]>();
  for (const [index, piece] of pieces.entries()) {
    const layout = layoutOf(piece, lanes);
    const key = layout === 'other' ? `other ${index}` : `${layout} ${piece.value.shape.length}`;
    const known = groups.get(key);
    if (known === undefined) groups.set(key, [piece]);
    else known.push(piece);
  }
  return [...groups.values()];
}

/** `[B, K·n, 1 …]` is folded, `[B, K, 1 …, n]` has rows. */
function layoutOf({ value: { shape }, elements }: WeightPiece, lanes: number): Layout {
  const ones = (from: number, to: number): boolean => shape.slice(from, to).every((extent) => extent === 1);
  if (shape[1] === lanes * elements.length && ones(2, shape.length)) return 'folded';
  return shape[1] === lanes && shape.at(-1) === elements.length && ones(2, -1) ? 'rows' : 'other';
}

/** A matrix of the joined pieces, with the column of each in lane 0 and the distance of its lanes. */
function joined(
  b: ProgramBuilder,
  group: readonly WeightPiece[],
  lanes: number,
): { readonly value: Value; readonly offsets: readonly number[]; readonly steps: readonly number[] } {
  const rows = layoutOf(group[0]!, lanes) === 'rows';
  const values = group.map((piece) => piece.value);
  const whole = b.concat(values, rows ? values[0]!.shape.length - 1 : 1);
  const total = group.reduce((sum, { elements }) => sum + elements.length, 0);
  const value = b.reshape(whole, [b.batch, lanes * total]);
  const offsets: number[] = [];
  let offset = 0;
  for (const { elements } of group) {
    offsets.push(offset);
    offset += rows ? elements.length : lanes * elements.length;
  }
  return { value, offsets, steps: group.map(({ elements }) => (rows ? total : elements.length)) };
}
