import type { RankingEntry } from './entry.ts';
import type { Interval, RankRange } from './rank-range.ts';

/** A model with its place among those it may be compared with. */
export interface RankedEntry<Entry extends RankingEntry = RankingEntry> {
  readonly entry: Entry;
  /** Absent without a score. */
  readonly rank?: RankRange;
  /** How many models its rank is among. */
  readonly of?: number;
  /** Names of the tasks that its rank is within: its own, and others where the user merges them. */
  readonly tasks?: readonly string[];
  /** Where the value lies that it is ranked by. */
  readonly interval?: Interval;
  /** Σ ln rank over the parts of the aggregate, among the same models. */
  readonly aggregate?: number;
  /** Values of the columns that were asked for, by their names; absent ones failed, or are not known yet. */
  readonly extras?: Readonly<Record<string, number>>;
  /** `extras` with the sign turned where less is better, so that more is better in all of them. */
  readonly directed?: Readonly<Record<string, number>>;
  /** Key of its comparable group. */
  readonly group?: string;
}
