import { bootstrap, type Interval } from '../../server/evaluation/bootstrap.ts';
import { kendallTauB } from '../../server/evaluation/kendall.ts';
import { defaultMetricOptions } from '../../server/evaluation/metrics.ts';
import { once, pair, type Counts, type Pairs } from '../../server/evaluation/pairs.ts';
import { spearmanRho } from '../../server/evaluation/spearman.ts';
import { planJacobian } from '../../server/fisher/plan.ts';
import { lower } from '../../server/network/lower.ts';
import type { Network } from '../../server/network/network.ts';
import { namedSettings } from '../../server/score/settings.ts';
import type { ScoreSettings, SettingName } from '../../server/score/types.ts';
import { programCost } from '../../server/tensor/cost.ts';

/** Samples of the forward pass that costs are counted in. */
export const costUnit = 64;

/**
 * What a score of VKDNW takes under a setting: multiply-accumulates of all passes and draws, over those of one forward pass
 * of 64 samples. The mean over networks.
 */
export function settingCost(networks: readonly Network[], setting: SettingName): number {
  const settings = namedSettings[setting];
  const costs = networks.map(
    (network) =>
      scoreMacs(network, settings) / (costUnit * programCost(lower(network, { batch: 1 }).program).macs),
  );
  return costs.reduce((sum, cost) => sum + cost, 0) / costs.length;
}

function scoreMacs(network: Network, settings: ScoreSettings): number {
  const { passes, batch, calibration } = planJacobian(network, settings);
  const runs = (settings.samples / batch) * settings.seeds;
  const draw = { seed: 0, ...(calibration === undefined ? {} : { norms: calibration.unknown }) };
  const calibrating = calibration === undefined ? 0 : programCost(calibration.program).macs * settings.seeds;
  return passes.reduce((sum, pass) => sum + programCost(pass.program(draw)).macs * runs, calibrating);
}

export interface Difference {
  readonly value: number | undefined;
  /** 95 % by the bootstrap over networks, both scores on the same resamples. */
  readonly interval: Interval | undefined;
}

/**
 * How much better one score orders the targets than another does, both on the networks that have both: of tau-b and of rho.
 *
 * @returns [tau, rho], of `a` less of `b`
 */
export function pairedDifferences(
  a: readonly (number | null)[],
  b: readonly (number | null)[],
  targets: readonly number[],
): readonly Difference[] {
  const rows = targets.flatMap((_, row) => (a[row] == null || b[row] == null ? [] : [row]));
  const [of, less] = [a, b].map((scores) =>
    pair(
      rows.map((row) => scores[row]!),
      rows.map((row) => targets[row]!),
    ),
  ) as [Pairs, Pairs];
  const differences = [kendallTauB, spearmanRho].map((metric) => (_: Pairs, counts: Counts) => {
    const [first, second] = [metric(of, counts), metric(less, counts)];
    return first === undefined || second === undefined ? undefined : first - second;
  });
  const intervals = bootstrap(of, differences, defaultMetricOptions);
  return differences.map((difference, index) => ({
    value: difference(of, once(of)),
    interval: intervals[index],
  }));
}
