import { fitted, label, toDocument } from '../../../server/plot/figure.ts';
import { lightPalette } from '../../../server/plot/palette.ts';
import { drawScatter, windowOf } from '../../../server/plot/scatter-figure.ts';
import { svg, toMarkup } from '../../../server/plot/svg.ts';
import { columnOf } from '../../../server/proxies/column-spec.ts';
import { columnTexts } from '../../../server/ranking/columns.ts';
import { rankingCsv } from '../../../server/ranking/csv.ts';
import { rankEntries } from '../../../server/ranking/ranking.ts';
import type { Ranking } from '../../../server/ranking/ranking.ts';
import { tasksText } from '../../../server/ranking/task.ts';
import type { Writers } from '../../webview/page/export.ts';
import type { LeaderboardState, LeaderboardView } from '../protocol.ts';
import { costLabels, pointsOf } from './points.ts';

/** Pixels of an exported picture. */
const width = 840;
const note = 20;

/** How a ranking is written in each format. */
export function leaderboardWriters(
  { entries, sort, filter, mergeTasks, columns }: LeaderboardView,
  { cost }: LeaderboardState,
): Writers {
  const ranking = rankEntries(entries, sort, filter, columns.map(columnOf), { mergeTasks });
  const { measure, groups, rest } = ranking;
  return {
    svg: () => picture(ranking, cost),
    csv: () => rankingCsv(ranking),
    json: () => `${JSON.stringify({ measure, groups, rest }, undefined, 2)}\n`,
  };
}

/** The scatter of the largest group, with how its numbers were made below. */
function picture({ groups, measure }: Ranking, cost: LeaderboardState['cost']): string {
  const [group] = groups;
  const points = group === undefined ? [] : pointsOf(group, measure, cost);
  const figure = drawScatter(points, {
    width,
    palette: lightPalette,
    costLabel: costLabels[cost],
    valueLabel: columnTexts[measure].label,
    window: windowOf(points),
  });
  const made = group === undefined ? '' : `${tasksText(group.tasks)} · ${group.settings} · ${group.engine}`;
  const marked = points.flatMap(({ name, marked: what }) => (what === undefined ? [] : [`${name}: ${what}`]));
  const notes = [made, ...(marked.length === 0 ? [] : [`Dashed: ${marked.join('; ')}`])];
  const height = figure.height + notes.length * note;
  const body = [
    svg('rect', { width, height, fill: lightPalette.ground }),
    ...figure.body,
    ...notes.map((text, index) =>
      label(width / 2, figure.height + 12 + index * note, fitted(text, width - 40, 10), {
        fill: lightPalette.muted,
        anchor: 'middle',
        size: 10,
      }),
    ),
  ];
  return `<?xml version="1.0" encoding="UTF-8"?>\n${toMarkup(toDocument({ ...figure, height, body }, lightPalette, 'leaderboard'))}\n`;
}
