import { aggregate } from '../../../../server/ranking/aggregate.ts';
import type { Measure } from '../../../../server/ranking/columns.ts';
import { isScored } from '../../../../server/ranking/entry.ts';
import { comparisonInterval } from '../../../../server/ranking/rank-range.ts';
import type { RankedGroup } from '../../../../server/ranking/ranking.ts';
import type { ScatterPoint } from '../../../../server/plot/scatter-figure.ts';
import type { LeaderboardState } from '../../../ranking/protocol.ts';

export const costLabels: Readonly<Record<LeaderboardState['cost'], string>> = {
  macs: 'MACs',
  params: 'parameters',
};

/** The models of a group that can be drawn: cost is on a logarithmic axis. */
export function pointsOf(
  { rows }: RankedGroup,
  measure: Measure,
  cost: LeaderboardState['cost'],
): ScatterPoint[] {
  const entries = rows.map(({ entry }) => entry).filter(isScored);
  const aggregates = measure === 'aggregate' ? aggregate(entries) : undefined;
  return entries.flatMap((entry, index): ScatterPoint[] => {
    const amount = entry[cost] ?? 0;
    if (amount <= 0) return [];
    const { id, model: name, score } = entry;
    const place = { id, name, cost: amount };
    if (aggregates !== undefined) return [{ ...place, ...aggregates[index]! }];
    const value = measure === 'vkdnw' ? score.vkdnw : score.single;
    return [{ ...place, value, ...comparisonInterval(value, score.vkdnwSe) }];
  });
}
