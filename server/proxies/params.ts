import { totals } from '../network/totals.ts';
import type { Proxy } from './proxy.ts';

/** Trainable numbers of the network: the simplest baseline of Abdelfattah et al., Zero-Cost Proxies, ICLR 2021. */
export const params: Proxy = {
  name: 'params',
  title: 'parameters',
  source: 'a count',
  better: 'higher',
  inputs: 'none',
  norm: 'none',
  cost: 'free',
  measure: ({ network }) => totals(network).params,
};
