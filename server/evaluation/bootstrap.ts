import { quantileSorted } from 'd3-array';
import { integerStream } from '../tensor/random.ts';
import type { Counts, Pairs } from './pairs.ts';

export interface BootstrapOptions {
  /** How many samples are drawn from the sample; 0: no intervals. */
  readonly resamples: number;
  readonly seed: number;
}

/** Where a value lies with 95 % confidence, in its own unit. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

const level = 0.95;

/** The networks that resamples are drawn from, and which of them some pairs are about. */
export interface Sample {
  readonly size: number;
  /** For each pair, its place in the sample. */
  readonly rows: ArrayLike<number>;
}

/**
 * Percentile intervals of statistics by the bootstrap: networks are drawn with replacement, as many as there are.
 * Efron, Bootstrap Methods: Another Look at the Jackknife, Ann. Stat. 7 (1979). All statistics see the same resamples, and
 * so do different scores of the same networks under the same seed, also where one has no value for some of them: a resample
 * is of the whole sample, and what of it has no value does not count.
 *
 * @returns for each statistic; undefined where it is not defined on every second resample at least
 */
export function bootstrap(
  pairs: Pairs,
  statistics: readonly ((pairs: Pairs, counts: Counts) => number | undefined)[],
  { resamples, seed }: BootstrapOptions,
  { size, rows }: Sample = {
    size: pairs.size,
    rows: Int32Array.from({ length: pairs.size }, (_, row) => row),
  },
): readonly (Interval | undefined)[] {
  const draw = integerStream(seed, 'bootstrap');
  const values: number[][] = statistics.map(() => []);
  const drawn = new Int32Array(size);
  const counts = new Int32Array(pairs.size);
  for (let resample = 0; resample < resamples; resample += 1) {
    drawn.fill(0);
    for (let place = 0; place < size; place += 1) drawn[draw(size)]! += 1;
    for (let pair = 0; pair < pairs.size; pair += 1) counts[pair] = drawn[rows[pair]!]!;
    if (counts.every((count) => count === 0)) continue;
    for (const [index, statistic] of statistics.entries()) {
      const value = statistic(pairs, counts);
      if (value !== undefined) values[index]!.push(value);
    }
  }
  return values.map((list) => {
    if (list.length === 0 || list.length < resamples / 2) return undefined;
    const sorted = list.sort((a, b) => a - b);
    const at = (share: number): number => quantileSorted(sorted, share)!;
    return { low: at((1 - level) / 2), high: at((1 + level) / 2) };
  });
}
