import type { Network, NetworkTotals } from './network.ts';
import { elementCount } from './shape.ts';

/** Parameters, multiply-accumulates for one sample, and trainable layers (ℵ) of the whole network. */
export function totals(network: Network): NetworkTotals {
  let params = 0;
  let macs = 0;
  let layers = 0;
  for (const node of network.nodes) {
    for (const param of node.params) params += elementCount(param.shape);
    macs += node.macs;
    layers += node.layers;
  }
  return { params, macs, layers };
}
