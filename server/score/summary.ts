import { chooseTensors } from '../fisher/chosen-weights.ts';
import { contributions } from '../fisher/contributions.ts';
import { meanOf } from '../fisher/estimate.ts';
import type { Network, NetworkTotals } from '../network/network.ts';
import { unusedLayers } from '../network/totals.ts';
import { drawError } from './draw-error.ts';
import { marksOf } from './marks.ts';
import type { Score, ScoreSettings, SeedScore } from './types.ts';

/** The score of the draws made so far: means, and their standard error. */
export function summarise(
  network: Network,
  totals: NetworkTotals,
  settings: ScoreSettings,
  seeds: readonly SeedScore[],
  key: string,
): Score {
  const entropies = seeds.map((seed) => seed.entropy);
  const vkdnw = mean(entropies);
  const error = standardError(seeds);
  const tensors = network.nodes.flatMap(({ path, params }) => params.map(() => ({ path })));
  const marks = marksOf(
    seeds.map(({ resolution }) => resolution),
    settings,
    { weights: seeds[0]!.eigenvalues.length, classes: network.classes, unused: unusedLayers(network) },
  );
  return {
    state: 'ok',
    vkdnw,
    ...(error === undefined ? {} : { vkdnwSe: error }),
    single: totals.layers + vkdnw,
    ...totals,
    eigenvalues: meanOf(seeds.map((seed) => seed.eigenvalues)),
    deciles: meanOf(seeds.map((seed) => seed.deciles)),
    contributions: contributions(
      tensors,
      seeds.map(({ seed, diagonal }) => ({
        chosen: chooseTensors(tensors.length, settings, seed),
        diagonal,
      })),
    ),
    ...(marks.length === 0 ? {} : { marks }),
    seeds,
    settings,
    engine: seeds[0]!.engine,
    milliseconds: seeds.reduce((sum, seed) => sum + seed.milliseconds, 0),
    key,
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value / values.length, 0);
}

/** Draws from which on their own scatter is their standard error: docs/score.md#standard-errors. */
const enoughDraws = 4;

/** Of the mean entropy of draws; undefined where nothing is known of it. */
function standardError(draws: readonly SeedScore[]): number | undefined {
  if (draws.length < enoughDraws) return drawError(draws.map(({ entropies }) => entropies));
  const entropies = draws.map(({ entropy }) => entropy);
  const centre = mean(entropies);
  const squares = entropies.reduce((sum, value) => sum + (value - centre) ** 2, 0);
  return Math.sqrt(squares / (entropies.length - 1) / entropies.length);
}
