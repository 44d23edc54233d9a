import type { Proxy } from './proxy.ts';

/** VKDNW_single = ℵ + VKDNW (Týbl and Neumann, CVPR 2025; docs/score.md#vkdnw_single). The passes of VKDNW serve both. */
export const vkdnwSingle: Proxy = {
  name: 'vkdnw_single',
  title: 'VKDNW_single',
  source: 'Týbl and Neumann, CVPR 2025',
  better: 'higher',
  inputs: 'random',
  norm: 'setting',
  cost: 'that of VKDNW, once',
  measure: async (context) => (await context.score()).single,
};
