import { aggregate } from './aggregate.ts';
import { compareBy, measureOf } from './columns.ts';
import type { ExtraColumn, Measure, SortColumn } from './columns.ts';
import { comparisonsAmong, type ComparisonShare } from './comparisons.ts';
import { comparableGroups, type ComparableGroup, type Merging } from './comparable.ts';
import { isScored } from './entry.ts';
import type { RankingEntry } from './entry.ts';
import { competes, matchesText } from './filter.ts';
import type { RankingFilter } from './filter.ts';
import { comparisonInterval, rankRanges } from './rank-range.ts';
import type { Interval } from './rank-range.ts';
import type { RankedEntry } from './ranked-entry.ts';

/** Models that stand in one order. */
export interface RankedGroup<Entry extends RankingEntry = RankingEntry> {
  readonly key: string;
  /** How all of its numbers were made. */
  readonly settings: string;
  readonly engine: string;
  /** Names of the tasks of its models; more than one only where the user merges them. */
  readonly tasks: readonly string[];
  readonly rows: readonly RankedEntry<Entry>[];
  /** In what its models differ, which decides what the order is worth (docs/trust.md). */
  readonly comparisons: readonly ComparisonShare[];
  /** How many compete, shown or not. */
  readonly size: number;
}

/** Models ranked, sorted and filtered, as a view or a table shows them. */
export interface Ranking<Entry extends RankingEntry = RankingEntry> {
  readonly sort: SortColumn;
  readonly measure: Measure;
  /** Columns that were asked for. */
  readonly extras: readonly ExtraColumn[];
  /**
   * Never mixed: they have different tasks, or scores made with different settings. The largest first; empty ones are left out.
   */
  readonly groups: readonly RankedGroup<Entry>[];
  /** Models without a score, in the same order. */
  readonly rest: readonly RankedEntry<Entry>[];
  /** Models left out: over a budget, of another task, or not matching the text. */
  readonly hidden: number;
}

/**
 * Ranks and sorts. Budgets and a task decide who competes, the text only who is shown.
 *
 * @param merging whether models of different tasks, which are no rivals, are ranked together all the same
 */
export function rankEntries<Entry extends RankingEntry>(
  entries: readonly Entry[],
  sort: SortColumn,
  filter: RankingFilter = {},
  extras: readonly ExtraColumn[] = [],
  merging: Merging = {},
): Ranking<Entry> {
  const measure = measureOf(sort);
  const competing = entries.filter((entry) => competes(entry, filter));
  const order = compareBy(sort);
  const shown = ({ entry }: RankedEntry<Entry>): boolean => matchesText(entry, filter);
  const scored = competing.filter((entry) => isScored(entry));
  const groups = comparableGroups(scored, merging).map((group) => ({
    key: group.key,
    settings: group.settings,
    engine: group.engine,
    tasks: group.tasks,
    size: group.entries.length,
    comparisons: comparisonsAmong(group.entries),
    rows: rankGroup(group, measure, extras).filter(shown).sort(order),
  }));
  const rest = competing
    .filter((entry) => !isScored(entry))
    .map((entry) => ({ entry, ...ownValues(entry, extras) }))
    .filter(shown)
    .sort(order);
  const listed = groups.reduce((sum, { rows }) => sum + rows.length, rest.length);
  return {
    sort,
    measure,
    extras,
    groups: groups.filter(({ rows }) => rows.length > 0),
    rest,
    hidden: entries.length - listed,
  };
}

/** The columns that were asked for, of a model that is ranked among none. */
function ownValues(entry: RankingEntry, extras: readonly ExtraColumn[]): Pick<RankedEntry, 'extras'> {
  if (extras.length === 0) return {};
  const values = extras.flatMap(({ name, valueAlone }) => {
    const value = valueAlone?.(entry);
    return value === undefined ? [] : [[name, value] as const];
  });
  return { extras: Object.fromEntries(values) };
}

function rankGroup<Entry extends RankingEntry>(
  { entries, key, tasks }: ComparableGroup<Entry>,
  measure: Measure,
  extras: readonly ExtraColumn[],
): RankedEntry<Entry>[] {
  const columns = extras.map((column) => ({ column, values: column.valuesOf(entries) }));
  const extrasOf = (index: number, sign: (better: ExtraColumn['better']) => number): Record<string, number> =>
    Object.fromEntries(
      columns.flatMap(({ column: { name, better }, values }) => {
        const value = values[index];
        return value === undefined ? [] : [[name, sign(better) * value]];
      }),
    );
  const aggregates = aggregate(entries);
  const intervals: readonly Interval[] =
    measure === 'aggregate'
      ? aggregates
      : entries.map(({ score }) => comparisonInterval(score[measure], score.vkdnwSe));
  const ranks = rankRanges(intervals);
  return entries.map((entry, index) => ({
    entry,
    rank: ranks[index]!,
    of: entries.length,
    tasks,
    interval: { low: intervals[index]!.low, high: intervals[index]!.high },
    aggregate: aggregates[index]!.value,
    ...(extras.length === 0
      ? {}
      : {
          extras: extrasOf(index, () => 1),
          directed: extrasOf(index, (better) => (better === 'higher' ? 1 : -1)),
        }),
    group: key,
  }));
}
