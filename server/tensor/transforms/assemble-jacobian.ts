import type { ProgramBuilder, Value } from '../program-builder.ts';
import type { ChosenWeight } from '../ir.ts';

/**
 * Derivatives by some elements of weights, for K lanes. With one owner `value` holds `[B, K, n]` row-major in whatever
 * shape; with several it is `[B, Σ K·n, 1 …]`, owner after owner.
 */
export interface WeightPieces {
  readonly value: Value;
  /** Elements of the weights of those indices. */
  readonly owners: readonly { readonly elements: readonly number[]; readonly weight: number }[];
}

/** Place of a derivative in a matrix `[B, …]`: column of lane 0, and the distance between lanes. */
interface Place {
  readonly column: number;
  readonly step: number;
}

/** Layout of a piece `[B, K, n]`. Pieces of one layout can be joined without a reshape. */
type Layout = 'folded' | 'rows' | 'other';

/**
 * `[B, K, M, P]` from the pieces: those of one layout are concatenated as they are, one gather puts all in order. Weights
 * without a piece have derivative zero; pieces of the same element add up.
 */
export function assembleJacobian(
  b: ProgramBuilder,
  pieces: readonly WeightPieces[],
  weights: readonly ChosenWeight[],
  lanes: number,
  indexSets: number,
): Value {
  const places = new Map<string, Place[]>();
  const columns: Value[] = [];
  let width = 0;
  for (const group of grouped(pieces, lanes)) {
    const { value, places: own } = joined(b, group, lanes);
    for (const { key, column, step } of own) {
      const place = { column: width + column, step };
      const known = places.get(key);
      if (known === undefined) places.set(key, [place]);
      else known.push(place);
    }
    columns.push(value);
    width += value.shape[1]!;
  }

  // The places of each entry (m, p), row-major.
  const entries = Array.from({ length: indexSets }, (_, set) =>
    weights.map(({ elements }, weight) => places.get(entryKey(weight, elements[set]!)) ?? []),
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

/** Groups of pieces that can be joined, in order of first appearance. */
function grouped(pieces: readonly WeightPieces[], lanes: number): WeightPieces[][] {
  const groups = new Map<string, WeightPieces[]>();
  for (const [index, piece] of pieces.entries()) {
    const layout = layoutOf(piece, lanes);
    const key = layout === 'other' ? `other ${index}` : `${layout} ${piece.value.shape.length}`;
    const known = groups.get(key);
    if (known === undefined) groups.set(key, [piece]);
    else known.push(piece);
  }
  return [...groups.values()];
}

/** `[B, Σ K·n, 1 …]` is folded, `[B, K, 1 …, n]` has rows. */
function layoutOf({ value: { shape }, owners }: WeightPieces, lanes: number): Layout {
  const ones = (from: number, to: number): boolean => shape.slice(from, to).every((extent) => extent === 1);
  const total = owners.reduce((sum, { elements }) => sum + elements.length, 0);
  if (shape[1] === lanes * total && ones(2, shape.length)) return 'folded';
  return shape[1] === lanes && shape.at(-1) === total && ones(2, -1) ? 'rows' : 'other';
}

/** One matrix of all pieces of a group, and the place of each element in it. */
function joined(
  b: ProgramBuilder,
  group: readonly WeightPieces[],
  lanes: number,
): { readonly value: Value; readonly places: readonly (Place & { readonly key: string })[] } {
  const rows = layoutOf(group[0]!, lanes) === 'rows';
  const values = group.map((piece) => piece.value);
  const whole = b.concat(values, rows ? values[0]!.shape.length - 1 : 1);
  const owners = group.flatMap((piece) => piece.owners);
  const total = owners.reduce((sum, { elements }) => sum + elements.length, 0);
  let offset = 0;
  const places = owners.flatMap(({ elements, weight }) => {
    const first = offset;
    offset += rows ? elements.length : lanes * elements.length;
    return elements.map((element, i) => ({
      key: entryKey(weight, element),
      column: first + i,
      step: rows ? total : elements.length,
    }));
  });
  return { value: b.reshape(whole, [b.batch, lanes * total]), places };
}

function entryKey(weight: number, element: number): string {
  return `${weight} ${element}`;
}
