import { createHash } from 'node:crypto';
import * as v from 'valibot';
import type { EngineInfo } from '../engine/engine.ts';
import { engineInfo } from '../engine/info-schema.ts';
import type { StoreKind } from '../store/store.ts';

/** Raised whenever a proxy gives another number than before: stored results of older versions are not read. */
export const proxyVersion = 6;

/** The value of a proxy for one network, or why it has none, and what computed it. */
export interface StoredProxy {
  /** Absent where it failed for good. */
  readonly value?: number;
  readonly failure?: string;
  readonly engine: EngineInfo;
}

const schema = v.pipe(
  v.object({
    value: v.exactOptional(v.pipe(v.number(), v.finite())),
    failure: v.exactOptional(v.string()),
    engine: engineInfo,
  }),
  v.check(({ value, failure }) => (value === undefined) !== (failure === undefined)),
);

/** Results of proxies that cost passes, under `proxyKey`. One is about 200 bytes. */
export const proxyKind: StoreKind<StoredProxy> = { name: 'proxies', schema, capacity: 10_000 };

/** All that a result depends on besides the engine. */
export interface ProxyKey {
  readonly proxy: string;
  /** Hash of the network. */
  readonly network: string;
  readonly seeds: readonly number[];
}

/** Content address. @param engine the one that runs, or is expected to: results of others are not comparable */
export function proxyKey({ proxy, network, seeds }: ProxyKey, { name, device, version }: EngineInfo): string {
  return createHash('sha256')
    .update(JSON.stringify([proxyVersion, proxy, network, seeds, name, device, version]))
    .digest('hex');
}
