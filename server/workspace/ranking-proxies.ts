import { isProxy } from '../proxies/index.ts';
import type { RankingHost } from './ranking-host.ts';
import { hasNetwork, type NetworkItem, type RankingItems } from './ranking-items.ts';

/** Computes other scores of the models of a ranking that have a score, one model at a time. */
export class RankingProxies {
  readonly #host: RankingHost;
  readonly #items: RankingItems;
  readonly #job: string;
  #names: readonly string[] = [];
  #current: NetworkItem | undefined;
  /** Not after the user has stopped it. */
  active = true;

  /** @param job of the scheduler: the ranking's, so that only one of its models is computed at a time */
  constructor(host: RankingHost, items: RankingItems, job: string) {
    this.#host = host;
    this.#items = items;
    this.#job = job;
  }

  /** The model that is being measured. */
  get current(): NetworkItem | undefined {
    return this.#current;
  }

  /** What is computed from now on; names of none are passed over. */
  show(names: readonly string[]): void {
    this.active = true;
    this.#names = names.filter(isProxy);
  }

  /** A model that lacks some of them. */
  next(): NetworkItem | undefined {
    if (!this.active || this.#names.length === 0) return undefined;
    for (const item of this.#items.all()) {
      if (!hasNetwork(item) || item.entry.state !== 'scored') continue;
      if (this.#items.openProxies(item, this.#names).length > 0) return item;
    }
    return undefined;
  }

  /** What was cancelled under way stays open. */
  async measure(item: NetworkItem): Promise<void> {
    const { digest, network, settings, entry } = item;
    const open = this.#items.openProxies(item, this.#names);
    const { scheduler, scoring } = this.#host;
    this.#current = item;
    try {
      const outcome = await scheduler.schedule(this.#job, 'background', (turn) =>
        scoring.proxies(network, open, settings.final.settings, { signal: turn.signal, interruption: turn }),
      );
      if (outcome !== undefined) this.#items.learnProxies(digest, outcome);
    } catch (error) {
      this.#host.fail(`Proxies of ${entry.model} failed: ${String(error)}`);
      const failed = Object.fromEntries(open.map((name) => [name, String(error)]));
      this.#items.learnProxies(digest, { values: {}, failed, made: '' });
    } finally {
      this.#current = undefined;
    }
  }
}
