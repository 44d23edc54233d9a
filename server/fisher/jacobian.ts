import type { ScoreSettings } from './settings.ts';
import { fromContrasts } from './contrasts.ts';
import { FisherFailure } from './failure.ts';
import { FisherInformation } from './information.ts';
import { Pacer } from '../base/pacer.ts';
import { multiplyByFactor } from './released.ts';
import { smoothedProbabilities } from './smoothing.ts';

/**
 * What the lanes of a Jacobian are: rows of the factor of F (sketch), projections on the Helmert contrasts
 * (`contrasts.ts`), or the derivatives of the logits themselves.
 */
export type LaneKind = 'factor' | 'contrasts' | 'logits';

/** Derivatives of some lanes by some weights, `[samples, lanes, indexSets, weights]`. */
export interface JacobianPart {
  readonly lanes: { readonly from: number; readonly to: number };
  readonly weights: { readonly from: number; readonly to: number };
  readonly data: Float32Array | Float64Array;
}

/** A Jacobian by sampled weights, in parts that together cover every lane and every weight. */
export interface SampledJacobian {
  readonly kind: LaneKind;
  /** N */
  readonly samples: number;
  /** C */
  readonly classes: number;
  /** R of a sketch, C − 1 contrasts, or C logits. */
  readonly lanes: number;
  /** M */
  readonly indexSets: number;
  /** P */
  readonly weights: number;
  /** `[samples, classes]` */
  readonly logits: Float32Array | Float64Array;
  readonly parts: readonly JacobianPart[];
}

/**
 * F `[P, P]` of every index set, in float64 (docs/score.md#one-form-for-all-estimators): the rows are A_nᵀ J_n for the
 * paper, L_n J_n for the released code, R or C of them a sample.
 *
 * @throws FisherFailure `overflow` when a logit or a derivative is not finite
 * @throws TypeError for contrasts under the released formula
 */
export async function fisherInformation(
  jacobian: SampledJacobian,
  settings: Pick<ScoreSettings, 'softmax' | 'fisher'>,
): Promise<FisherInformation[]> {
  requireFinite(jacobian);
  const { kind, samples, classes, indexSets, weights } = jacobian;
  if (kind === 'contrasts' && settings.fisher === 'released') {
    throw new TypeError('the released formula needs the derivatives of the logits');
  }
  const rows = kind === 'factor' ? jacobian.lanes : classes;
  const informations = Array.from(
    { length: indexSets },
    () => new FisherInformation(weights, samples * rows),
  );
  const factor = new Float64Array(rows * weights);
  const pacer = new Pacer();
  for (let n = 0; n < samples; n++) {
    const { probabilities, scale } = smoothedProbabilities(
      jacobian.logits.subarray(n * classes, (n + 1) * classes),
      settings.softmax,
    );
    for (const [set, information] of informations.entries()) {
      await pacer.pause();
      readSample(jacobian, n, set, factor);
      if (kind !== 'factor') {
        if (settings.fisher === 'paper') {
          multiplyByRoot(probabilities, factor, weights);
        } else {
          multiplyByFactor(probabilities, factor, weights);
        }
        multiply(factor, scale);
      }
      information.add(factor, rows);
    }
  }
  return informations;
}

/** One sample and index set: the lanes of a sketch `[lanes, weights]`, or J up to what Σ does not see `[classes, weights]`. */
function readSample(jacobian: SampledJacobian, sample: number, set: number, into: Float64Array): void {
  const { kind, classes, lanes, indexSets, weights } = jacobian;
  const contrasts = kind === 'contrasts' ? new Float64Array(lanes * weights) : into;
  for (const part of jacobian.parts) {
    const partLanes = part.lanes.to - part.lanes.from;
    const width = part.weights.to - part.weights.from;
    for (let lane = 0; lane < partLanes; lane++) {
      const source = ((sample * partLanes + lane) * indexSets + set) * width;
      const target = (part.lanes.from + lane) * weights + part.weights.from;
      contrasts.set(part.data.subarray(source, source + width), target);
    }
  }
  if (kind === 'contrasts') {
    fromContrasts(contrasts, classes, weights, into);
  }
}

/** Replaces J `[C, width]` by Aᵀ J, A = diag(√p) − p √pᵀ: row c is √p_c (J_c − Σ_k p_k J_k). */
function multiplyByRoot(probabilities: Float64Array, jacobian: Float64Array, width: number): void {
  const mean = new Float64Array(width);
  for (let c = 0; c < probabilities.length; c++) {
    for (let w = 0; w < width; w++) {
      mean[w]! += probabilities[c]! * jacobian[c * width + w]!;
    }
  }
  for (let c = 0; c < probabilities.length; c++) {
    const root = Math.sqrt(probabilities[c]!);
    for (let w = 0; w < width; w++) {
      jacobian[c * width + w] = root * (jacobian[c * width + w]! - mean[w]!);
    }
  }
}

function multiply(values: Float64Array, scale: number): void {
  if (scale !== 1) {
    for (let i = 0; i < values.length; i++) {
      values[i]! *= scale;
    }
  }
}

function requireFinite({ logits, parts }: SampledJacobian): void {
  if (!logits.every(Number.isFinite)) {
    throw new FisherFailure(
      'overflow',
      'The logits overflow: activations grow beyond float32. Add normalisation, or use fewer or smaller layers.',
    );
  }
  if (!parts.every((part) => allFinite(part.data))) {
    throw new FisherFailure(
      'overflow',
      'The gradients overflow float32. Add normalisation, or use fewer or smaller layers.',
    );
  }
}

function allFinite(values: Float32Array | Float64Array): boolean {
  // 0 unless a value is infinite or NaN.
  let sum = 0;
  for (const value of values) {
    sum += value - value;
  }
  return sum === 0;
}
