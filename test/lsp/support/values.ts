import type { Network } from '../../../server/network/network.ts';

/** A network for tests that look at its score only. */
export const emptyNetwork: Network = { name: 'M', inputShape: [4], classes: 4, nodes: [], output: 0 };
