import { isScored, type RankingEntry, type ScoredEntry } from './entry.ts';
import { taskText } from './task.ts';

/** Networks cost alike where neither has more than so many times the multiply-accumulates of the other. */
const similarCost = 2;
/** Among fewer rivals a place says little. */
const fewestRivals = 8;

/** Where a network stands by VKDNW among those of its task that cost alike. */
export interface Percentile {
  /** Share of the rivals that score lower, 0 … 100, a whole number; those that score the same count half. */
  readonly value: number;
  readonly rivals: number;
  /** Least and most multiply-accumulates of a rival. */
  readonly macs: readonly [least: number, most: number];
}

/**
 * The percentile of a model among those that it may be compared with (docs/ranking.md#percentile).
 *
 * @param comparable scored alike, by one engine, itself among them
 * @returns undefined where fewer than eight others have its task and cost alike
 */
export function percentileOf(
  entry: ScoredEntry,
  comparable: readonly RankingEntry[],
): Percentile | undefined {
  const { macs, task, score } = entry;
  if (macs === undefined || macs === 0 || task === undefined) return undefined;
  const rivals = comparable.filter(
    (other): other is ScoredEntry =>
      other.id !== entry.id &&
      isScored(other) &&
      other.task !== undefined &&
      taskText(other.task) === taskText(task) &&
      isSimilar(macs, other.macs ?? 0),
  );
  if (rivals.length < fewestRivals) return undefined;
  let below = 0;
  for (const { score: other } of rivals)
    below += other.vkdnw < score.vkdnw ? 1 : other.vkdnw === score.vkdnw ? 0.5 : 0;
  const costs = rivals.map((rival) => rival.macs ?? 0);
  return {
    value: Math.round((100 * below) / rivals.length),
    rivals: rivals.length,
    macs: [Math.min(...costs), Math.max(...costs)],
  };
}

function isSimilar(a: number, b: number): boolean {
  return Math.max(a, b) <= similarCost * Math.min(a, b);
}
