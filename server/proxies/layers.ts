import { totals } from '../network/totals.ts';
import type { Proxy } from './proxy.ts';

/** ℵ: convolutions and linear layers (Týbl and Neumann, CVPR 2025; docs/score.md#vkdnw_single). */
export const layers: Proxy = {
  name: 'layers',
  title: 'layers (ℵ)',
  source: 'a count',
  better: 'higher',
  inputs: 'none',
  norm: 'none',
  cost: 'free',
  measure: ({ network }) => totals(network).layers,
};
