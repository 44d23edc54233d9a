import { createHash } from 'node:crypto';
import * as v from 'valibot';
import type { EngineInfo } from '../engine/engine.ts';
import type { EntryFolder } from '../score/store/entry-folder.ts';
import { sameEngine } from '../score/key.ts';
import { engineInfo } from '../score/store/stored-outcome.ts';

/** Raised whenever a proxy gives another number than before: stored results of older versions are not read. */
export const proxyVersion = 3;

/** The value of a proxy for one network, or why it has none, and what computed it. */
export interface StoredProxy {
  /** Absent where it failed for good. */
  readonly value?: number;
  readonly failure?: string;
  readonly engine: EngineInfo;
}

const schema = v.pipe(
  v.object({
    value: v.optional(v.pipe(v.number(), v.finite())),
    failure: v.optional(v.string()),
    engine: engineInfo,
  }),
  v.check(({ value, failure }) => (value === undefined) !== (failure === undefined)),
);

/** All that a result depends on besides the engine. */
export interface ProxyKey {
  readonly proxy: string;
  /** Hash of the network. */
  readonly network: string;
  readonly seeds: readonly number[];
}

/** Results of proxies that cost passes, for all windows and the command line. A disk that fails is a miss. */
export class ProxyStore {
  readonly #entries: EntryFolder | undefined;
  readonly #memory = new Map<string, StoredProxy>();

  /** @param entries absent: kept for the life of this process */
  constructor(entries?: EntryFolder) {
    this.#entries = entries;
  }

  /** @param engine the one that runs, or is expected to: results of others are not comparable */
  async get(key: ProxyKey, engine: EngineInfo): Promise<StoredProxy | undefined> {
    const address = addressOf(key, engine);
    const known = this.#memory.get(address);
    if (known !== undefined) return known;
    try {
      const parsed = v.safeParse(schema, await this.#entries?.read(address));
      if (!parsed.success || !sameEngine(parsed.output.engine, engine)) return undefined;
      const { value, failure } = parsed.output;
      return {
        ...(value === undefined ? {} : { value }),
        ...(failure === undefined ? {} : { failure }),
        engine,
      };
    } catch {
      return undefined;
    }
  }

  async set(key: ProxyKey, result: StoredProxy): Promise<void> {
    const address = addressOf(key, result.engine);
    this.#memory.set(address, result);
    try {
      await this.#entries?.write(address, result);
    } catch {
      // It stays in memory.
    }
  }

  async clear(): Promise<void> {
    this.#memory.clear();
    await this.#entries?.clear();
  }
}

function addressOf({ proxy, network, seeds }: ProxyKey, { name, device, version }: EngineInfo): string {
  return createHash('sha256')
    .update(JSON.stringify([proxyVersion, proxy, network, seeds, name, device, version]))
    .digest('hex');
}
