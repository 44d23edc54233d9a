import type { Network } from './network.ts';

/** By a network, the one that it was before its places were moved. */
const originals = new WeakMap<Network, Network>();

/** Notes that `moved` is `network` at other places of its texts, and in nothing else another one. */
export function noteMoved(moved: Network, network: Network): void {
  originals.set(moved, originalOf(network));
}

/** The network as it was expanded, whose places may be out of date: what does not depend on places is found out once for it. */
export function originalOf(network: Network): Network {
  return originals.get(network) ?? network;
}
