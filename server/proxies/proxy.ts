import type { Network } from '../network/network.ts';
import type { Score } from '../score/types.ts';

/** What a proxy may ask for. Passes that several proxies need are made once. */
export interface ProxyContext {
  readonly network: Network;
  /** The VKDNW score under the settings of the run. @throws ProxyFailure */
  score(): Promise<Score>;
}

/** A number that predicts accuracy without training. One file each, which says its paper, equation and cost. */
export interface Proxy {
  /** As `--proxies` and tables name it: `vkdnw_single`. */
  readonly name: string;
  readonly title: string;
  readonly source: string;
  readonly better: 'higher' | 'lower';
  /** What it is computed from. */
  readonly inputs: 'none' | 'random';
  /** How norms behave; `none`: they take no part. */
  readonly norm: 'eval' | 'none';
  /** For people: `free`, or the passes it takes. */
  readonly cost: string;
  /** @throws ProxyFailure */
  measure(context: ProxyContext): number | Promise<number>;
}

/** A proxy that has no value for a network: a named state, never a number. */
export class ProxyFailure extends Error {
  readonly reason: string;
  /** Whether it will be the same whenever it is tried again. */
  readonly lasting: boolean;

  constructor(reason: string, message: string, lasting: boolean) {
    super(message);
    this.name = 'ProxyFailure';
    this.reason = reason;
    this.lasting = lasting;
  }
}
