import { ranksFromWorst } from '../ranking/aggregate.ts';
import { vkdnwSingle } from './vkdnw-single.ts';

/**
 * The aggregation of Týbl and Neumann, CVPR 2025 (reference §1.11): Σ ln rank over the parts, rank 1 the worst. Ties share
 * a rank: the next one for VKDNW_single (dense), the mean of their places for the others.
 *
 * @param parts by name of the proxy, higher is better; equally long
 */
export function logRankAggregate(parts: ReadonlyMap<string, readonly number[]>): number[] {
  const ranks = [...parts].map(([name, values]) =>
    ranksFromWorst(values, name === vkdnwSingle.name ? 'dense' : 'average'),
  );
  const size = ranks[0]?.length ?? 0;
  return Array.from({ length: size }, (_, row) => ranks.reduce((sum, list) => sum + Math.log(list[row]!), 0));
}
