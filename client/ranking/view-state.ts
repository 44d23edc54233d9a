import * as v from 'valibot';
import { isSortColumn } from '../../server/ranking/columns.ts';
import type { SortColumn } from '../../server/ranking/columns.ts';
import type { RankingFilter } from '../../server/ranking/filter.ts';

/** How the ranking is looked at; the view and the leaderboard share it. */
export interface RankingViewState {
  readonly sort: SortColumn;
  readonly filter: RankingFilter;
  readonly grouping: 'flat' | 'file';
  /** Models of all tasks are ranked together: on lenses, too. */
  readonly mergeTasks: boolean;
  /** Names of proxies and aggregates that are shown besides. */
  readonly columns: readonly string[];
  /** The user wants models scored as they change; a reload goes on with it. */
  readonly active: boolean;
}

export const firstState: RankingViewState = {
  sort: 'single',
  filter: {},
  grouping: 'flat',
  mergeTasks: false,
  columns: [],
  active: false,
};

const amount = v.pipe(v.number(), v.minValue(0));

export const filterSchema = v.pipe(
  v.object({
    text: v.optional(v.string()),
    maxParams: v.optional(amount),
    maxMacs: v.optional(amount),
    task: v.optional(v.string()),
    family: v.optional(v.string()),
  }),
  v.transform(({ text, maxParams, maxMacs, task, family }): RankingFilter => ({
    ...(text === undefined || text === '' ? {} : { text }),
    ...(maxParams === undefined ? {} : { maxParams }),
    ...(maxMacs === undefined ? {} : { maxMacs }),
    ...(task === undefined ? {} : { task }),
    ...(family === undefined ? {} : { family }),
  })),
);

const schema = v.object({
  sort: v.custom<SortColumn>(isSortColumn),
  filter: filterSchema,
  grouping: v.picklist(['flat', 'file']),
  mergeTasks: v.optional(v.boolean(), false),
  columns: v.optional(v.array(v.string()), []),
  active: v.boolean(),
});

/** What was kept, if it can be read. */
export function readState(kept: unknown): RankingViewState {
  const parsed = v.safeParse(schema, kept);
  return parsed.success ? parsed.output : firstState;
}
