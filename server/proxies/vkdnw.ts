import type { Proxy } from './proxy.ts';

/**
 * VKDNW: entropy of the nine deciles of the spectrum of the Fisher information, −Σ t ln t with t = λ/Σλ
 * (Týbl and Neumann, CVPR 2025; reference §1.9). Orders networks of equal size.
 */
export const vkdnw: Proxy = {
  name: 'vkdnw',
  title: 'VKDNW',
  source: 'Týbl and Neumann, CVPR 2025',
  better: 'higher',
  inputs: 'random',
  norm: 'eval',
  cost: '1 forward pass, and 1 backward pass per sign vector or class',
  measure: async (context) => (await context.score()).vkdnw,
};
