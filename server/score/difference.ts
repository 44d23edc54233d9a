import { drawError } from './draw-error.ts';
import { sameEngine } from './key.ts';
import type { Score } from './types.ts';

/** How far the scores of two versions of a network lie apart, from the draws that both have. A plain value. */
export interface ScoreDifference {
  /** Mean over those draws of the differences of the entropies, this version less that (nats). */
  readonly vkdnw: number;
  /** Standard error of `vkdnw`, from the differences of the draws (docs/score.md#standard-errors). */
  readonly vkdnwSe: number;
  /** `vkdnw` is at most two standard errors: nothing that could be called better or worse. */
  readonly withinNoise: boolean;
  /** Difference of ℵ: exact. */
  readonly layers: number;
  /** How many draws both have. */
  readonly seeds: number;
}

/**
 * The paired difference: with equal seeds two versions see the same samples and signs and, in the tensors that they share, the same
 * weights, so that a part of what varies from draw to draw is in both and cancels (docs/score.md#paired-differences).
 *
 * @returns undefined where the two may not be compared: made by other settings, by another engine, without a common draw, or where
 *   nothing is known of the error
 */
export function scoreDifference(now: Score, before: Score): ScoreDifference | undefined {
  if (!sameEngine(now.engine, before.engine) || settingsKey(now) !== settingsKey(before)) return undefined;
  const partners = new Map(before.seeds.map((draw) => [draw.seed, draw]));
  const differences = now.seeds.flatMap(({ seed, entropies }) => {
    const partner = partners.get(seed);
    return partner === undefined ? [] : [entropies.map((entropy, set) => entropy - partner.entropies[set]!)];
  });
  const error = differences.length === 0 ? undefined : drawError(differences);
  if (error === undefined) return undefined;
  const values = differences.map((sets) => mean(sets));
  const vkdnw = mean(values);
  return {
    vkdnw,
    vkdnwSe: error,
    withinNoise: Math.abs(vkdnw) <= 2 * error,
    layers: now.layers - before.layers,
    seeds: values.length,
  };
}

/** Equal for scores that differ in their draws alone. */
function settingsKey({ settings }: Score): string {
  const own = { ...settings, seeds: undefined, seed: undefined };
  return JSON.stringify(Object.entries(own).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value / values.length, 0);
}
