import * as v from 'valibot';
import { isSortColumn } from '../../server/ranking/columns.ts';
import type { SortColumn } from '../../server/ranking/columns.ts';
import type { RankingFilter } from '../../server/ranking/filter.ts';

/** How the ranking is looked at; the view and the leaderboard share it. */
export interface RankingViewState {
  readonly sort: SortColumn;
  readonly filter: RankingFilter;
  readonly grouping: 'flat' | 'file';
  /** Names of proxies and aggregates that are shown besides. */
  readonly columns: readonly string[];
  /** The user wants models scored as they change; a reload goes on with it. */
  readonly active: boolean;
}

export const firstState: RankingViewState = {
  sort: 'single',
  filter: {},
  grouping: 'flat',
  columns: [],
  active: false,
};

const amount = v.pipe(v.number(), v.minValue(0));

export const filterSchema = v.pipe(
  v.object({
    text: v.optional(v.string()),
    maxParams: v.optional(amount),
    maxMacs: v.optional(amount),
  }),
  v.transform(({ text, maxParams, maxMacs }): RankingFilter => ({
    ...(text === undefined || text === '' ? {} : { text }),
    ...(maxParams === undefined ? {} : { maxParams }),
    ...(maxMacs === undefined ? {} : { maxMacs }),
  })),
);

const schema = v.object({
  sort: v.custom<SortColumn>(isSortColumn),
  filter: filterSchema,
  grouping: v.picklist(['flat', 'file']),
  columns: v.optional(v.array(v.string()), []),
  active: v.boolean(),
});

/** What was kept, if it can be read. */
export function readState(kept: unknown): RankingViewState {
  const parsed = v.safeParse(schema, kept);
  return parsed.success ? parsed.output : firstState;
}
