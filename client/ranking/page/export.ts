import { columnOf } from '../../../server/proxies/column-spec.ts';
import { rankingCsv } from '../../../server/ranking/csv.ts';
import { rankEntries } from '../../../server/ranking/ranking.ts';
import type { Writers } from '../../webview/page/export.ts';
import type { LeaderboardState, LeaderboardView } from '../protocol.ts';
import { leaderboardPicture } from './picture.ts';

/** How a ranking is written in each format. */
export function leaderboardWriters(
  { entries, sort, filter, mergeTasks, columns }: LeaderboardView,
  { cost }: LeaderboardState,
): Writers {
  const ranking = rankEntries(entries, sort, filter, columns.map(columnOf), { mergeTasks });
  const { measure, groups, rest } = ranking;
  return {
    svg: () => leaderboardPicture(ranking, cost),
    csv: () => rankingCsv(ranking),
    json: () => `${JSON.stringify({ measure, groups, rest }, undefined, 2)}\n`,
  };
}
