import { fitted, label, toDocument, type Figure } from '../../../server/plot/figure.ts';
import { lightPalette } from '../../../server/plot/palette.ts';
import { drawScatter, windowOf } from '../../../server/plot/scatter-figure.ts';
import { svg, toMarkup } from '../../../server/plot/svg.ts';
import { columnTexts, type Measure } from '../../../server/ranking/columns.ts';
import type { RankedGroup, Ranking } from '../../../server/ranking/ranking.ts';
import { tasksText } from '../../../server/ranking/task.ts';
import type { LeaderboardState } from '../protocol.ts';
import { costLabels, pointsOf } from './points.ts';

/** Pixels of an exported picture. */
const width = 840;
const note = 20;

/** The scatter of every group, the largest first, each with how its numbers were made below. */
export function leaderboardPicture({ groups, measure }: Ranking, cost: LeaderboardState['cost']): string {
  const drawn = groups.map((group) => groupFigure(group, measure, cost));
  const figures = drawn.length === 0 ? [groupFigure(undefined, measure, cost)] : drawn;
  let height = 0;
  const bodies = figures.map((figure) => {
    const below = svg('g', { transform: `translate(0 ${height})` }, figure.body);
    height += figure.height;
    return below;
  });
  const [{ title }] = figures as [Figure, ...Figure[]];
  const body = [svg('rect', { width, height, fill: lightPalette.ground }), ...bodies];
  const description = figures.map((figure) => figure.description).join(' ');
  const whole: Figure = { width, height, title, description, body };
  return `<?xml version="1.0" encoding="UTF-8"?>\n${toMarkup(toDocument(whole, lightPalette, 'leaderboard'))}\n`;
}

/** @param group absent: the empty axes of a ranking without scores */
function groupFigure(
  group: RankedGroup | undefined,
  measure: Measure,
  cost: LeaderboardState['cost'],
): Figure {
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
  const texts = notes.map((text, index) =>
    label(width / 2, figure.height + 12 + index * note, fitted(text, width - 40, 10), {
      fill: lightPalette.muted,
      anchor: 'middle',
      size: 10,
    }),
  );
  return { ...figure, height: figure.height + notes.length * note, body: [...figure.body, ...texts] };
}
