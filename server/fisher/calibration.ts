import { lowerStatistics, type MeasuredNorm } from '../network/lower.ts';
import type { Network, NetworkParam } from '../network/network.ts';
import type { FrozenNorms } from '../network/op.ts';
import { programCost } from '../tensor/cost.ts';
import type { Program, Source } from '../tensor/ir.ts';
import { inlineSource } from '../tensor/materialise.ts';
import type { ScoreNorm } from './settings.ts';

/** What the batch norms of a draw are frozen at, and the forward pass that finds it: docs/score.md#norms. */
export interface Calibration {
  /** Runs in one chunk, on as many samples as it has in a batch: the first ones of the draw. */
  readonly program: Program;
  /** @param statistics output `statistics` of the program */
  readonly freeze: (statistics: Float32Array | Float64Array) => FrozenNorms;
  /** Stand for the norms of a draw where only the size of a program matters. */
  readonly unknown: FrozenNorms;
}

type CalibratedNorm = Exclude<ScoreNorm, 'eval'>;

/** How statistics become what norms are frozen at, a channel at a time. */
interface Rule {
  readonly mean: (batchMean: number) => number;
  /** @param count numbers that the biased variance is taken over */
  readonly variance: (batchVariance: number, count: number) => number;
  /** In place of the ε of the norms. */
  readonly eps?: number;
}

const rules: Readonly<Record<CalibratedNorm, Rule>> = {
  calibrated: { mean: (mean) => mean, variance: (variance) => variance },
  // Running statistics of 0 and 1 after one step of momentum 0.1, that of the variance being the unbiased one.
  'released-mbv2': {
    mean: (mean) => 0.1 * mean,
    variance: (variance, count) => 0.9 + (0.1 * variance * count) / Math.max(1, count - 1),
    eps: 1e-3,
  },
};

/** Bytes of intermediate values that the forward pass may take. */
const room = 512e6;
/** Fewest samples, however large they are. */
const leastSamples = 8;

/**
 * @param samples N
 * @param params as in `LowerOptions`
 * @returns undefined where nothing is to be found out: in evaluation mode, and without batch norms
 */
export function planCalibration(
  network: Network,
  norm: ScoreNorm,
  samples: number,
  params?: (param: NetworkParam) => Source,
): Calibration | undefined {
  if (norm === 'eval') return undefined;
  const rule = rules[norm];
  const own = {
    ...(params === undefined ? {} : { params }),
    ...(rule.eps === undefined ? {} : { eps: rule.eps }),
  };
  const whole = lowerStatistics(network, { ...own, batch: samples });
  if (whole === undefined) return undefined;
  const fitting = Math.floor((samples * room) / programCost(whole.program).peakBytes);
  const batch = Math.min(samples, Math.max(leastSamples, fitting));
  const { program, norms } = batch === samples ? whole : lowerStatistics(network, { ...own, batch })!;
  const eps = rule.eps === undefined ? {} : { eps: rule.eps };
  const unknown: Source = { kind: 'normal', name: 'unknown', std: 1 };
  return {
    program,
    freeze: (statistics) => {
      const frozen = norms.map(frozenBy(rule, statistics));
      return { ...eps, statistics: (norm) => frozen[norm]! };
    },
    unknown: { ...eps, statistics: () => ({ mean: unknown, variance: unknown }) },
  };
}

/** Reads the statistics norm by norm. */
function frozenBy(rule: Rule, statistics: Float32Array | Float64Array) {
  let from = 0;
  const next = (length: number, value: (statistic: number) => number): Source => {
    const values = statistics.subarray(from, from + length).map(value);
    from += length;
    return inlineSource(values);
  };
  return ({ channels, count }: MeasuredNorm): ReturnType<FrozenNorms['statistics']> => ({
    mean: next(channels, rule.mean),
    variance: next(channels, (variance) => rule.variance(variance, count)),
  });
}
