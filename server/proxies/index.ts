import { nearestName } from '../base/nearest-name.ts';
import { epeNas } from './epe-nas.ts';
import { expressivity } from './expressivity.ts';
import { fisherPruning } from './fisher-pruning.ts';
import { gradNorm } from './grad-norm.ts';
import { gradSign } from './grad-sign.ts';
import { grasp } from './grasp.ts';
import { jacov } from './jacov.ts';
import { l2Norm } from './l2-norm.ts';
import { layers } from './layers.ts';
import { linearRegions } from './linear-regions.ts';
import { macs } from './macs.ts';
import { naswot } from './naswot.ts';
import { ntk } from './ntk.ts';
import { params } from './params.ts';
import { plain } from './plain.ts';
import { progressivity } from './progressivity.ts';
import type { Proxy } from './proxy.ts';
import { settingVariant } from './setting-variants.ts';
import { snip } from './snip.ts';
import { synflow } from './synflow.ts';
import { trainability } from './trainability.ts';
import { vkdnwSingle } from './vkdnw-single.ts';
import { vkdnw } from './vkdnw.ts';
import { zen } from './zen.ts';
import { zico } from './zico.ts';

/** All proxies, in the order in which they are listed. */
export const proxies: readonly Proxy[] = [
  params,
  macs,
  layers,
  l2Norm,
  synflow,
  naswot,
  expressivity,
  progressivity,
  trainability,
  jacov,
  epeNas,
  gradNorm,
  snip,
  grasp,
  plain,
  fisherPruning,
  zico,
  gradSign,
  ntk,
  linearRegions,
  zen,
  vkdnw,
  vkdnwSingle,
];

/** What an evaluation computes unless told: the counts, the cheap ones, and the parts of `vkdnw_agg`. */
export const defaultProxies: readonly Proxy[] = [
  params,
  macs,
  layers,
  synflow,
  naswot,
  expressivity,
  trainability,
  jacov,
  vkdnwSingle,
];

const byName: ReadonlyMap<string, Proxy> = new Map(proxies.map((proxy) => [proxy.name, proxy]));

/** Whether it is the name of a proxy, without a setting. */
export function isProxy(name: string): boolean {
  return byName.has(name);
}

/** Finds a proxy by its name, also `vkdnw_single@paper`. @throws RangeError naming those there are */
export function proxyNamed(name: string): Proxy {
  const proxy = byName.get(name) ?? settingVariant(name);
  if (proxy !== undefined) return proxy;
  const near = nearestName(name, byName.keys());
  throw new RangeError(
    `'${name}' is not a proxy. ${near === undefined ? '' : `Did you mean ${near}? `}There are: ${[...byName.keys()].join(', ')}.`,
  );
}
