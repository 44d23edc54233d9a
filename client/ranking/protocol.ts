/** What the leaderboard and its page say to each other. */
import * as v from 'valibot';
import type { RankingProgress } from '../../server/ranking/progress.ts';
import type { ColumnSpec } from '../../server/proxies/column-spec.ts';
import { isSortColumn } from '../../server/ranking/columns.ts';
import type { SortColumn } from '../../server/ranking/columns.ts';
import type { RankingEntry } from '../../server/ranking/entry.ts';
import type { RankingFilter } from '../../server/ranking/filter.ts';
import { exportMessages, type ExportRequest } from '../webview/export-format.ts';
import { filterSchema } from './view-state.ts';

export interface LeaderboardView {
  readonly entries: readonly RankingEntry[];
  readonly progress: RankingProgress;
  readonly sort: SortColumn;
  readonly filter: RankingFilter;
  readonly mergeTasks: boolean;
  /** Shown besides. */
  readonly columns: readonly ColumnSpec[];
  readonly selected?: string;
}

export type ToLeaderboard = { readonly kind: 'view'; readonly view: LeaderboardView } | ExportRequest;

export const fromLeaderboard = v.variant('kind', [
  v.object({ kind: v.literal('sort'), column: v.custom<SortColumn>(isSortColumn) }),
  v.object({ kind: v.literal('filter'), filter: filterSchema }),
  v.object({ kind: v.literal('merge-tasks'), merge: v.boolean() }),
  v.object({ kind: v.literal('select'), id: v.string() }),
  v.object({ kind: v.literal('open'), id: v.string() }),
  v.object({ kind: v.literal('settle'), id: v.string() }),
  v.object({ kind: v.literal('choose-columns') }),
  v.object({ kind: v.literal('show-better'), name: v.string() }),
  v.object({ kind: v.literal('start') }),
  v.object({ kind: v.literal('stop') }),
  ...exportMessages,
]);

export type FromLeaderboard = v.InferOutput<typeof fromLeaderboard>;

/** What the page keeps of its own: no numbers, which may be old when it comes back. */
export interface LeaderboardState {
  readonly cost: 'macs' | 'params';
}
