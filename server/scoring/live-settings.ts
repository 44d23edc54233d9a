import type { NetworkTotals } from '../network/network.ts';
import { namedSettings } from '../score/settings.ts';
import type { ScoreSettings } from '../score/types.ts';
import { scoreCost } from './score-cost.ts';

/** Multiply-accumulates that `live` may take while somebody types: a second of two cores, with room for three draws of any NAS-Bench-201 network. */
const liveCost = 60e9;

/**
 * What is shown first while somebody types: the first draws of a score, so that it has the expectation of the score and is a part of its
 * work (docs/score.md#live). Fewer draws where all would take too long to wait for, or more than may be computed unasked, and at least one.
 *
 * @param settings of the whole score
 * @param costLimit multiply-accumulates that may be computed unasked
 */
export function liveSettings(
  totals: NetworkTotals,
  classes: number,
  settings: ScoreSettings,
  costLimit = Infinity,
): ScoreSettings {
  const limit = Math.min(liveCost, costLimit);
  const affordable = Math.floor(limit / scoreCost(totals, classes, { ...settings, seeds: 1 }));
  const seeds = Math.max(1, Math.min(settings.seeds, namedSettings.live.seeds, affordable));
  return { ...settings, seeds };
}
