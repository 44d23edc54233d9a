import type { Measure } from '../../../server/ranking/columns.ts';
import type { RankedGroup } from '../../../server/ranking/ranking.ts';
import type { ScatterPoint } from '../../../server/plot/scatter-figure.ts';
import { marksBeside } from '../../../server/score/marks.ts';
import type { LeaderboardState } from '../protocol.ts';

export const costLabels: Readonly<Record<LeaderboardState['cost'], string>> = {
  macs: 'MACs',
  params: 'parameters',
};

/** The models of a group that can be drawn, where they stand among all of it: cost is on a logarithmic axis. */
export function pointsOf(
  { rows }: RankedGroup,
  measure: Measure,
  cost: LeaderboardState['cost'],
): ScatterPoint[] {
  return rows.flatMap(({ entry, aggregate, interval }): ScatterPoint[] => {
    const { id, model: name, score, [cost]: amount = 0 } = entry;
    const value = measure === 'aggregate' ? aggregate : score?.[measure];
    if (amount <= 0 || value === undefined || interval === undefined) return [];
    return [
      {
        id,
        name,
        cost: amount,
        value,
        ...interval,
        ...(marksBeside(score?.marks) === ''
          ? {}
          : { marked: (score?.marks ?? []).map(({ short }) => short).join(', ') }),
      },
    ];
  });
}
