import { own } from '../base/own.ts';
import type { EngineInfo } from '../engine/engine.ts';
import { engineText } from '../engine/engine-text.ts';
import type { Network } from '../network/network.ts';
import type { EntryProxies } from '../ranking/entry.ts';
import type { ExpectedEngine } from '../score/store/engine-memory.ts';
import { networkHash, sameEngine } from '../score/key.ts';
import type { Store } from '../store/store.ts';
import { MeasuringContext, measureProxies, type Making, type ProxyResults } from './measure.ts';
import type { Proxy } from './proxy.ts';
import { proxyKey, proxyVersion, type ProxyKey, type StoredProxy } from './proxy-kind.ts';

/** Computes proxies of single networks; what is stored is not computed again. */
export class ProxyScorer {
  readonly #making: Omit<Making, 'settings' | 'signal'>;
  readonly #store: Store<StoredProxy>;
  readonly #expected: ExpectedEngine | undefined;

  /** @param expected finds stored results before an engine runs */
  constructor(
    making: Omit<Making, 'settings' | 'signal'>,
    store: Store<StoredProxy>,
    expected?: ExpectedEngine,
  ) {
    this.#making = making;
    this.#store = store;
    this.#expected = expected;
  }

  async measure(
    network: Network,
    proxies: readonly Proxy[],
    making: Pick<Making, 'settings' | 'signal' | 'interruption'>,
  ): Promise<EntryProxies> {
    const hash = networkHash(network);
    const context = new MeasuringContext(network, { ...this.#making, ...making });
    const { seeds } = context;
    const values = new Map<string, number>();
    const failed = new Map<string, string>();
    let made: EngineInfo | undefined;
    for (const proxy of proxies) {
      const key = { proxy: proxy.name, network: hash, seeds };
      const known = isKept(proxy) ? await this.#stored(key) : undefined;
      if (known?.value !== undefined) values.set(proxy.name, known.value);
      else if (known?.failure !== undefined) failed.set(proxy.name, known.failure);
      else {
        const results = await measureProxies([proxy], context);
        for (const [name, value] of Object.entries(results.values)) values.set(name, value);
        for (const reasons of [results.failed, results.passing])
          for (const [name, reason] of Object.entries(reasons)) failed.set(name, reason);
        if (isKept(proxy)) await this.#keep(key, results);
      }
      if (proxy.inputs !== 'none') made = (await this.#engine()) ?? made;
    }
    const draws = `seed${seeds.length === 1 ? '' : 's'} ${seeds.join(', ')}`;
    return {
      values: Object.fromEntries(values),
      failed: Object.fromEntries(failed),
      made: [...(made === undefined ? [] : [engineText(made), draws]), `version ${proxyVersion}`].join(' · '),
    };
  }

  /** Results belong to the engine that made them. */
  async #stored(key: ProxyKey): Promise<StoredProxy | undefined> {
    const engine = await this.#engine();
    if (engine === undefined) return undefined;
    const found = await this.#store.get(proxyKey(key, engine));
    return found !== undefined && sameEngine(found.engine, engine) ? found : undefined;
  }

  async #keep(key: ProxyKey, { values, failed }: ProxyResults): Promise<void> {
    const engine = await this.#engine();
    const [value, failure] = [own(values, key.proxy), own(failed, key.proxy)];
    if (engine === undefined) return;
    const address = proxyKey(key, engine);
    if (value !== undefined) await this.#store.set(address, { value, engine });
    else if (failure !== undefined) await this.#store.set(address, { failure, engine });
  }

  async #engine(): Promise<EngineInfo | undefined> {
    return this.#making.engine.status().info ?? (await this.#expected?.recall());
  }
}

/** Whether the proxy store keeps it: counts are faster than the disk, VKDNW is in the score store. */
function isKept({ cost, inputs, name }: Proxy): boolean {
  return cost !== 'free' && inputs !== 'none' && !name.startsWith('vkdnw');
}
