import type { NetworkTotals } from '../network/network.ts';
import type { ScoreSettings } from '../score/types.ts';

/**
 * Multiply-accumulates of a score, roughly: per image and draw one forward pass, and one backward pass for every
 * cotangent, or half a tangent pass for every chosen weight where that is less (docs/score.md#exact); calibrated norms take
 * another forward pass (docs/score.md#norms).
 */
export function scoreCost(totals: NetworkTotals, classes: number, settings: ScoreSettings): number {
  const { estimator, samples, seeds, weights, indexSets, norm } = settings;
  const passes =
    estimator.kind === 'sketch' ? estimator.signs : Math.min(classes - 1, (weights * indexSets) / 2);
  const forwards = norm === 'eval' ? 1 : 2;
  return totals.macs * samples * seeds * (forwards + passes);
}
