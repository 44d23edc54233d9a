import type { NetworkTotals } from '../network/network.ts';
import { namedSettings } from '../score/settings.ts';
import type { ScoreSettings } from '../score/types.ts';
import { scoreCost } from './score-cost.ts';

/** Multiply-accumulates that `live` may take while somebody types: about a second of two cores. */
const liveCost = 50e9;

/**
 * What is shown first while somebody types: the first draws of a score, so that it has the expectation of the score and is a part of its
 * work (docs/score.md#live). One draw where more would take too long to wait for.
 *
 * @param settings of the whole score
 */
export function liveSettings(totals: NetworkTotals, classes: number, settings: ScoreSettings): ScoreSettings {
  const live = { ...settings, seeds: Math.min(settings.seeds, namedSettings.live.seeds) };
  return scoreCost(totals, classes, live) <= liveCost ? live : { ...settings, seeds: 1 };
}
