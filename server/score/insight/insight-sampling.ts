import type { DissectionEffort } from '../../fisher/dissection.ts';
import type { ScoreSettings } from '../types.ts';

/** How an insight is sampled, and how many index sets its arithmetic looks at. */
export interface InsightSampling {
  readonly settings: ScoreSettings;
  /** `bandSets` and `withoutSets` are 0 where the network is too large for them. */
  readonly effort: DissectionEffort;
}

/** Elements read per tensor, where the score itself reads fewer. */
const leastSets = 16;
/** Bytes that a gathered Jacobian may take. */
const jacobianRoom = 192e6;
/** Rows and columns of the largest eigenproblem that is solved. */
const largestProblem = 1024;
/** Nanoseconds that an eigenproblem of size n takes per n³, with vectors and without. */
const vectorCost = 5;
const valueCost = 3;
/** Nanoseconds to spend on all seeds together, and the most that a single index set may take. */
const worth = 6e9;
const most = 60e9;

/**
 * Every tensor is sampled, at M elements each, M at least 16. A network of no more tensors than the score reads is sampled
 * exactly as its score is, unless that is a sketch of too few signs (less rows than half of the tensors:
 * docs/score.md#too-few-rows); of more tensors, with signs for as many rows, so that every band holds something. Depends on sizes only, never on the clock.
 *
 * @param ops ops that own the tensors
 */
export function insightSampling(
  settings: ScoreSettings,
  { tensors, ops, classes }: { readonly tensors: number; readonly ops: number; readonly classes: number },
): InsightSampling {
  const { samples, seeds, estimator } = settings;
  const whole = tensors > settings.weights ? tensors : tensors / 2;
  const needed = Math.ceil(whole / samples);
  const exactRows = samples * (classes - 1);
  const signs = estimator.kind === 'exact' ? classes - 1 : Math.max(estimator.signs, needed);
  const wide = estimator.kind === 'exact' || (signs > estimator.signs && signs >= classes - 1);
  const size = Math.min(tensors, wide ? exactRows : samples * signs);
  if (size > largestProblem) {
    // The trace needs no rows beyond the score's, and a sketch of it is unbiased.
    const sketch: ScoreSettings['estimator'] =
      estimator.kind === 'exact' ? { kind: 'sketch', signs: 1 } : estimator;
    return {
      settings: within({ ...settings, weights: tensors, estimator: sketch }, sketch.signs),
      effort: { spectrumSets: 0, bandSets: 0, withoutSets: 0 },
    };
  }
  const sampling = within(
    { ...settings, weights: tensors, estimator: wide ? { kind: 'exact' } : { kind: 'sketch', signs } },
    signs,
  );
  const sets = sampling.indexSets;
  const problem = seeds * size ** 3;
  return {
    settings: sampling,
    effort: {
      spectrumSets: sets,
      bandSets: setsWorth(vectorCost * problem, sets),
      withoutSets: setsWorth(valueCost * problem * ops, sets),
    },
  };
}

/** As many index sets as there is room for, from those of the score (or 16) downwards. */
function within(settings: ScoreSettings, lanes: number): ScoreSettings {
  const room = Math.floor(jacobianRoom / (4 * settings.samples * lanes * settings.weights));
  const wanted = Math.max(leastSets, settings.indexSets);
  return { ...settings, indexSets: Math.max(1, Math.min(wanted, room)) };
}

function setsWorth(nanoseconds: number, sets: number): number {
  if (nanoseconds > most) return 0;
  return Math.min(sets, Math.max(1, Math.floor(worth / nanoseconds)));
}
