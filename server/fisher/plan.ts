import { lower } from '../network/lower.ts';
import type { Network, NetworkParam } from '../network/network.ts';
import type { ScoreSettings } from '../score/types.ts';
import type { Program, Source } from '../tensor/ir.ts';
import { reverse } from '../tensor/reverse.ts';
import { chooseWeights } from './chosen-weights.ts';
import {
  basisCotangents,
  contrastCotangents,
  sketchCotangents,
  type CotangentWriter,
  type LaneRange,
} from './cotangents.ts';
import { FisherFailure } from './failure.ts';
import type { LaneKind } from './jacobian.ts';

/** One job: some lanes by some weights. */
export interface Pass {
  readonly lanes: LaneRange;
  readonly weights: LaneRange;
  readonly program: Program;
}

/** How a Jacobian by sampled weights is computed. Depends on network and settings, not on the seed. */
export interface JacobianPlan {
  readonly kind: LaneKind;
  readonly lanes: number;
  readonly weights: number;
  /** Samples per chunk; divides N. */
  readonly batch: number;
  readonly passes: readonly Pass[];
}

const maxBatch = 8;

/** @throws FisherFailure `no-signal` for a network without weights */
export function planJacobian(
  network: Network,
  settings: ScoreSettings,
  params?: (param: NetworkParam) => Source,
): JacobianPlan {
  const batch = largestDivisor(settings.samples, maxBatch);
  const primal = lower(network, { batch, ...(params === undefined ? {} : { params }) });
  const weights = chooseWeights(primal.params, settings);
  if (weights.length === 0) {
    throw new FisherFailure('no-signal', 'The network has no trainable weights. Add a conv or dense layer.');
  }
  const { kind, lanes, cotangents } = reverseLanes(settings, network.classes);
  return {
    kind,
    lanes,
    weights: weights.length,
    batch,
    passes: [
      {
        lanes: { from: 0, to: lanes },
        weights: { from: 0, to: weights.length },
        program: reverse(primal, weights, cotangents({ from: 0, to: lanes })),
      },
    ],
  };
}

interface ReverseLanes {
  readonly kind: LaneKind;
  readonly lanes: number;
  readonly cotangents: (range: LaneRange) => CotangentWriter;
}

function reverseLanes(settings: ScoreSettings, classes: number): ReverseLanes {
  const { estimator, fisher } = settings;
  if (estimator.kind === 'sketch') {
    const lanes = estimator.signs;
    return { kind: 'factor', lanes, cotangents: () => sketchCotangents(lanes, settings) };
  }
  return fisher === 'paper'
    ? { kind: 'contrasts', lanes: classes - 1, cotangents: contrastCotangents }
    : { kind: 'logits', lanes: classes, cotangents: basisCotangents };
}

function largestDivisor(value: number, limit: number): number {
  let divisor = Math.min(value, limit);
  while (value % divisor !== 0) {
    divisor--;
  }
  return divisor;
}
