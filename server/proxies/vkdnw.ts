import type { Proxy } from './proxy.ts';

/**
 * VKDNW: entropy of the nine deciles of the spectrum of the Fisher information, −Σ t ln t in nats
 * (Týbl and Neumann, CVPR 2025; docs/score.md#entropy). 0 … ln 9; orders networks of equal size.
 */
export const vkdnw: Proxy = {
  name: 'vkdnw',
  title: 'VKDNW',
  source: 'Týbl and Neumann, CVPR 2025',
  better: 'higher',
  inputs: 'random',
  norm: 'setting',
  cost: '1 forward pass, and 1 backward pass per sign vector or class',
  measure: async (context) => (await context.score()).vkdnw,
};
