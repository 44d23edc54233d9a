import { mapEntropies } from './feature-maps.ts';
import { overSeeds, type Proxy } from './proxy.ts';

/**
 * Expressivity of AZ-NAS: Σ over the feature maps between blocks (stem, every cell) of the entropy of the eigenvalues of the covariance of the
 * channels (Lee and Ham, AZ-NAS, CVPR 2024; docs/score.md#vkdnw_agg).
 */
export const expressivity: Proxy = {
  name: 'expressivity',
  title: 'expressivity',
  source: 'Lee and Ham, CVPR 2024',
  better: 'higher',
  inputs: 'random',
  norm: 'batch',
  cost: '1 forward pass of 64 samples',
  measure: (context) =>
    overSeeds(context, async (seed) =>
      (await mapEntropies.of(context, seed)).reduce((sum, entropy) => sum + entropy, 0),
    ),
};
