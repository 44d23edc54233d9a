import type { Network, NetworkTotals } from './network.ts';
import { elementCount } from './shape.ts';

/**
 * Parameters, multiply-accumulates for one sample, and trainable layers (ℵ) of the whole network. Layers whose result the output does
 * not depend on are no part of its depth: they have parameters and MACs, and do not count in ℵ (docs/score.md#vkdnw_single).
 */
export function totals(network: Network): NetworkTotals {
  const used = leadingToOutput(network);
  let params = 0;
  let macs = 0;
  let layers = 0;
  for (const node of network.nodes) {
    for (const param of node.params) params += elementCount(param.shape);
    macs += node.macs;
    if (used[node.id] === true) layers += node.layers;
  }
  return { params, macs, layers };
}

/** Trainable layers that the output does not depend on, such as those of an auxiliary head. */
export function unusedLayers(network: Network): number {
  const used = leadingToOutput(network);
  return network.nodes.reduce((sum, { id, layers }) => sum + (used[id] === true ? 0 : layers), 0);
}

/** By node id, whether a path leads from it to the output. */
function leadingToOutput({ nodes, output }: Network): readonly boolean[] {
  const used = nodes.map(({ id }) => id === output);
  for (const { id, inputs } of nodes.toReversed())
    if (used[id] === true) for (const input of inputs) used[input] = true;
  return used;
}
