import { totals } from '../network/totals.ts';
import type { Proxy } from './proxy.ts';

/**
 * Multiply-accumulates of convolutions, linear layers and attention products for one sample, adding a bias being one: the
 * FLOPs of Table 1 of Týbl and Neumann (CVPR 2025). Norms, activations and pooling do not count.
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
