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
 * The models of the task of one, itself left out, that cost alike (docs/ranking.md#percentile).
 *
 * @param comparable scored alike, by one engine
 */
export function rivalsOf(
  { id, macs, task }: ScoredEntry,
  comparable: readonly RankingEntry[],
): readonly ScoredEntry[] {
  if (macs === undefined || macs === 0 || task === undefined) return [];
  return comparable.filter(
    (other): other is ScoredEntry =>
      other.id !== id &&
      isScored(other) &&
      other.task !== undefined &&
      taskText(other.task) === taskText(task) &&
      isSimilar(macs, other.macs ?? 0),
  );
}

/**
 * The percentile of a model among its rivals.
 *
 * @returns undefined for fewer than eight
 */
export function percentileOf({ score }: ScoredEntry, rivals: readonly ScoredEntry[]): Percentile | undefined {
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
