import { aggregateOf, type ProxyAggregate } from '../../proxies/aggregates.ts';
import { isProxy, proxyNamed } from '../../proxies/index.ts';
import type { Proxy } from '../../proxies/proxy.ts';

/** What a search makes better. */
export type Objective =
  /** VKDNW_single. */
  | { readonly kind: 'vkdnw' }
  /** A sum of ranks among the networks that are compared. */
  | { readonly kind: 'aggregate'; readonly aggregate: ProxyAggregate }
  /** One other score, or a count. */
  | { readonly kind: 'proxy'; readonly proxy: Proxy };

/** By VKDNW_single. */
export const defaultObjective: Objective = { kind: 'vkdnw' };

/** As `--by` and columns name it. */
export function objectiveName(objective: Objective): string {
  if (objective.kind === 'vkdnw') return 'vkdnw_single';
  return objective.kind === 'proxy' ? objective.proxy.name : objective.aggregate.name;
}

/**
 * Reads what to make better: `vkdnw_single`, a proxy, a named aggregate, or one's own as `naswot+macs`.
 *
 * @throws RangeError saying what there is
 */
export function objectiveOf(text: string): Objective {
  if (text === 'vkdnw_single') return defaultObjective;
  if (isProxy(text)) return { kind: 'proxy', proxy: proxyNamed(text) };
  return { kind: 'aggregate', aggregate: aggregateOf(text) };
}
