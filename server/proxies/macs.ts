import { totals } from '../network/totals.ts';
import type { Proxy } from './proxy.ts';

/**
 * Multiply-accumulates of convolutions, linear layers and attention for one sample: the FLOPs of the paper's Table 1
 * (Týbl and Neumann, CVPR 2025). Norms, activations and pooling do not count.
 */
export const macs: Proxy = {
  name: 'macs',
  title: 'MACs',
  source: 'a count',
  better: 'higher',
  inputs: 'none',
  norm: 'none',
  cost: 'free',
  measure: ({ network }) => totals(network).macs,
};
