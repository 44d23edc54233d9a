import type { Network } from '../network/network.ts';
import type { ProgramBuilder, Value } from '../tensor/builder.ts';
import { layerGradients } from '../tensor/transforms/layer-gradients.ts';
import { pullBack } from '../tensor/transforms/pull-back.ts';
import { measured, type Measured } from './measured.ts';
import { ProxyFailure } from './proxy.ts';

/**
 * Adds the gradients of each sample alone to a program, layer by layer, `[B, weights]`, the weights in any order. Norms are in
 * evaluation mode: in batch mode no sample's gradient is its own.
 *
 * @param cotangent of the logits
 * @throws ProxyFailure for a network without layers
 */
export function sampleGradients(
  network: Network,
  batch: number,
  cotangent: (b: ProgramBuilder, logits: Value) => Value,
): { readonly b: Measured['b']; readonly gradients: readonly Value[] } {
  const { b, primal, nodes, logits, layers } = measured(network, 'eval', batch);
  const wanted = layers.map(({ node }) => node);
  const cotangents = pullBack(b, nodes, primal.logits, cotangent(b, logits), wanted);
  if (cotangents.size === 0)
    throw new ProxyFailure('no-signal', 'No path with weights leads from the input to the logits.');
  return {
    b,
    gradients: [...cotangents].map(([node, received]) => layerGradients(b, nodes.get(node)!, received)),
  };
}
