import { setTimeout as sleep } from 'node:timers/promises';
import type { RankingProgress } from '../ranking/progress.ts';
import type { RankingHost } from './ranking-host.ts';
import { hasNetwork, isAnswered, isOpen, RankingItems, type NetworkItem } from './ranking-items.ts';
import { RankingList } from './ranking-list.ts';
import { RankingProxies } from './ranking-proxies.ts';
import { RankingScores } from './ranking-scores.ts';

/** Of the scheduler: one model of the ranking at a time. */
const job = 'archlens.ranking';
/** After a keystroke the engine belongs to the editor for so many milliseconds: longer than its debounce. */
const courtesy = 500;

/**
 * Scores the models of all files of the workspace in the background, one at a time, after everything that is on the
 * screen. What the store knows is not computed; what is computed is kept by it, so nothing is lost by stopping.
 */
export class WorkspaceRanking {
  readonly items = new RankingItems();
  readonly #host: RankingHost;
  readonly #onChange: () => void;
  readonly #list: RankingList;
  readonly #scores: RankingScores;
  readonly #proxies: RankingProxies;
  #opened = false;
  #pumping = false;
  #busyUntil = 0;

  /** @param onChange entries or progress have changed; called often */
  constructor(host: RankingHost, onChange: () => void) {
    this.#host = host;
    this.#onChange = onChange;
    host.documents.onChange(({ kind }) => {
      if (kind !== 'closed') this.#yieldToEditor();
    });
    this.#list = new RankingList(host, this.items, {
      onChange,
      onListed: () => {
        this.#scores.cancelOrphan();
        this.#pump();
      },
    });
    this.#scores = new RankingScores(host, this.items, job, onChange);
    this.#proxies = new RankingProxies(host, this.items, job);
    host.onScores((uri) => {
      if (!this.#opened) return;
      this.#scores.learnFromBoard(uri);
      if (this.items.changed) this.#onChange();
    });
    host.scoring.onStatus(({ info }) => {
      if (info === undefined || !this.items.keepOnly(info)) return;
      this.#scores.lookAgain();
      this.#pump();
    });
  }

  /** Lists the models, and looks their scores up. */
  async open(): Promise<void> {
    this.#opened = true;
    await this.#list.list();
  }

  /** Scores what has no score, now and as files change. */
  start(): void {
    this.#opened = true;
    this.#scores.active = true;
    this.#proxies.active = true;
    this.#scores.lookAgain();
    this.items.reopenProxies();
    for (const item of this.items.all()) {
      // What failed may have failed for a reason that has passed.
      if (item.entry.state === 'failed' || item.entry.state === 'unscored') this.items.mark(item, 'waiting');
    }
    this.#host.background('Ranking', async () => {
      await this.#list.list();
      this.#pump();
    });
    this.#onChange();
  }

  stop(): void {
    this.#scores.active = false;
    this.#proxies.active = false;
    this.#host.scheduler.cancel(job);
    for (const item of this.items.all()) {
      const { state } = item.entry;
      if (state !== 'waiting' && state !== 'scoring') continue;
      this.items.mark({ ...item, forced: false }, 'unscored');
      // Where a score was to be computed anew the old one is as good.
      if (item.digest !== undefined) this.items.recall(item.digest);
    }
    this.#onChange();
  }

  /** Scores these next; those that have a result are computed anew. */
  score(ids: readonly string[]): void {
    for (const id of ids) {
      const item = this.items.get(id);
      if (item === undefined || !hasNetwork(item) || item.entry.state === 'scoring') continue;
      this.#scores.lookAgain(item.digest);
      this.items.reopenProxies(item.digest);
      this.items.mark({ ...item, forced: isAnswered(item) ? 'anew' : 'score' }, 'waiting');
    }
    this.#onChange();
    this.#pump();
  }

  /** Computes these of all models that are scored, too. */
  showProxies(names: readonly string[]): void {
    this.#proxies.show(names);
    this.#pump();
  }

  /** Files or folders have changed, on the disk or in the editor. */
  changed(): void {
    this.#list.changed();
  }

  settingsChanged(): void {
    this.#list.settingsChanged();
  }

  progress(): RankingProgress {
    let done = 0;
    for (const item of this.items.all()) if (!isOpen(item) && item.entry.state !== 'scoring') done += 1;
    const current = (this.#scores.current ?? this.#proxies.current)?.entry.model;
    return {
      state: this.#state(),
      done,
      total: this.items.size,
      computed: this.#scores.computed,
      ...(current === undefined ? {} : { current }),
    };
  }

  #state(): RankingProgress['state'] {
    if (!this.#opened) return 'closed';
    if (this.#scores.current !== undefined) return 'scoring';
    if (this.#proxies.current !== undefined) return 'measuring';
    if (this.#list.isListing || this.#pumping) return 'listing';
    return this.#scores.active ? 'idle' : 'stopped';
  }

  /** Does what is to be done, until there is nothing. */
  #pump(): void {
    if (this.#pumping) return;
    this.#pumping = true;
    this.#host.background('Ranking', async () => {
      try {
        while ((await this.#scores.lookUp()) || (await this.#computeNext()));
      } finally {
        this.#pumping = false;
        this.#onChange();
      }
    });
  }

  /** Scores come before other scores. @returns whether there was anything to compute */
  async #computeNext(): Promise<boolean> {
    const unscored = this.#scores.next();
    const unmeasured = unscored === undefined ? this.#proxies.next() : undefined;
    if (unscored === undefined && unmeasured === undefined) return false;
    const wait = this.#busyUntil - performance.now();
    if (wait > 0) await sleep(wait);
    else if (unscored !== undefined) await this.#scores.compute(unscored);
    else if (unmeasured !== undefined) await this.#measure(unmeasured);
    this.#onChange();
    return true;
  }

  async #measure(item: NetworkItem): Promise<void> {
    const measuring = this.#proxies.measure(item);
    this.#onChange();
    await measuring;
  }

  /** The editor needs the engine: what runs is begun again later, its finished seeds are stored. */
  #yieldToEditor(): void {
    this.#busyUntil = performance.now() + courtesy;
    this.#host.scheduler.cancel(job);
  }
}
