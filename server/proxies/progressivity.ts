import { mapEntropies } from './feature-maps.ts';
import { overSeeds, type Proxy } from './proxy.ts';

/**
 * Progressivity of AZ-NAS: the least increase of the entropy from one feature map to the next (Lee and Ham, AZ-NAS, CVPR
 * 2024; docs/score.md#vkdnw_agg).
 */
export const progressivity: Proxy = {
  name: 'progressivity',
  title: 'progressivity',
  source: 'Lee and Ham, CVPR 2024',
  better: 'higher',
  inputs: 'random',
  norm: 'batch',
  cost: 'that of expressivity, once',
  measure: (context) =>
    overSeeds(context, async (seed) => {
      const entropies = await mapEntropies.of(context, seed);
      return Math.min(...entropies.slice(1).map((entropy, index) => entropy - entropies[index]!));
    }),
};
