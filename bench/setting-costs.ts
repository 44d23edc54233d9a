import { planJacobian } from '../server/fisher/plan.ts';
import { lower } from '../server/network/lower.ts';
import type { Network } from '../server/network/network.ts';
import { namedSettings } from '../server/score/settings.ts';
import type { ScoreSettings, SettingName } from '../server/score/types.ts';
import { programCost } from '../server/tensor/cost.ts';

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
  const { passes, batch } = planJacobian(network, settings);
  const runs = (settings.samples / batch) * settings.seeds;
  return passes.reduce((sum, pass) => sum + programCost(pass.program()).macs * runs, 0);
}
