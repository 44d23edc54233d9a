import { ranksFromWorst } from '../ranking/aggregate.ts';

/** What of the ranks of the parts is added. */
export type RankRule = 'ln rank' | 'rank';

/**
 * Σ over the parts of ln rank (Týbl and Neumann, CVPR 2025; docs/score.md#vkdnw_agg) or of the rank, rank 1 the worst. Ties
 * share a rank: the next one for VKDNW_single, under whatever setting (dense), the mean of their places for the others.
 *
 * @param parts by name of the proxy, higher is better; equally long
 */
export function rankSum(parts: ReadonlyMap<string, readonly number[]>, rule: RankRule = 'ln rank'): number[] {
  const ranks = [...parts].map(([name, values]) =>
    ranksFromWorst(values, /^vkdnw_single(@|$)/.test(name) ? 'dense' : 'average'),
  );
  const size = ranks[0]?.length ?? 0;
  const term = rule === 'rank' ? (rank: number): number => rank : Math.log;
  return Array.from({ length: size }, (_, row) => ranks.reduce((sum, list) => sum + term(list[row]!), 0));
}
