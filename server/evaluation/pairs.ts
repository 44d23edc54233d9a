/** A column in the order of its values. */
export interface Ordered {
  readonly values: Float64Array;
  /** Rows by ascending value. */
  readonly order: Int32Array;
  /** For each row, how many different values are smaller: equal for ties. */
  readonly level: Int32Array;
  /** How many different values there are. */
  readonly levels: number;
}

/** Scores and what they are to predict, row by row; sorted once, so that thousands of resamples need no sorting. */
export interface Pairs {
  readonly size: number;
  /** More is better. Within ties, by ascending target. */
  readonly score: Ordered;
  readonly target: Ordered;
}

/**
 * How often each row counts: once in the sample itself, any number of times in a resample of the bootstrap. Every metric
 * takes them, and gives what it would for a list in which the rows are repeated.
 */
export type Counts = Int32Array;

/** @throws RangeError when the columns differ in length, or hold what is not finite */
export function pair(scores: ArrayLike<number>, targets: ArrayLike<number>): Pairs {
  const [score, target] = [Float64Array.from(scores), Float64Array.from(targets)];
  if (score.length !== target.length)
    throw new RangeError(`${score.length} scores and ${target.length} targets`);
  if (![...score, ...target].every(Number.isFinite)) throw new RangeError('values must be finite');
  return { size: score.length, score: ordered(score, target), target: ordered(target, score) };
}

/** Pairs of the rows that have a score, and which rows these are. */
export function pairKnown(
  scores: ArrayLike<number | undefined>,
  targets: ArrayLike<number>,
): { readonly pairs: Pairs; readonly rows: readonly number[] } {
  const known = Array.from(scores).flatMap((score, row) => (score === undefined ? [] : [{ score, row }]));
  const rows = known.map(({ row }) => row);
  const pairs = pair(
    known.map(({ score }) => score),
    rows.map((row) => targets[row]!),
  );
  return { pairs, rows };
}

/** Every row once. */
export function once({ size }: Pairs): Counts {
  return new Int32Array(size).fill(1);
}

function ordered(values: Float64Array, tieBreak: Float64Array): Ordered {
  const order = Int32Array.from(values.keys()).sort(
    (a, b) => values[a]! - values[b]! || tieBreak[a]! - tieBreak[b]!,
  );
  const level = new Int32Array(values.length);
  let levels = 0;
  for (let place = 0; place < order.length; place += 1) {
    if (place > 0 && values[order[place]!] !== values[order[place - 1]!]) levels += 1;
    level[order[place]!] = levels;
  }
  return { values, order, level, levels: values.length === 0 ? 0 : levels + 1 };
}

/** How many rows each level has, counted as often as they count. */
export function levelSizes({ level, levels }: Ordered, counts: Counts): Float64Array {
  const sizes = new Float64Array(levels);
  for (let row = 0; row < level.length; row += 1) sizes[level[row]!]! += counts[row]!;
  return sizes;
}
