import type { Network } from '../network/network.ts';
import type { ScoreOutcome, ScoreSettings } from '../score/types.ts';
import type { RankingHost } from './ranking-host.ts';
import { affordable, failureOf, hasNetwork, idOf, isOpen } from './ranking-items.ts';
import type { NetworkItem, RankingItem, RankingItems } from './ranking-items.ts';

/** Stored scores looked up at a time: enough to keep the disk and the scoring thread busy. */
const lookUps = 16;

/** Gives the models of a ranking their scores: those that are known, then those that the engine computes, one at a time. */
export class RankingScores {
  readonly #host: RankingHost;
  readonly #items: RankingItems;
  readonly #job: string;
  readonly #onChange: () => void;
  /** Digests that the store does not know. */
  readonly #missing = new Set<string>();
  #current: NetworkItem | undefined;
  #computed = 0;
  /** Whether models are scored that the user did not ask for one by one. */
  active = false;

  /** @param job of the scheduler @param onChange items have changed, or what is being scored */
  constructor(host: RankingHost, items: RankingItems, job: string, onChange: () => void) {
    this.#host = host;
    this.#items = items;
    this.#job = job;
    this.#onChange = onChange;
  }

  /** The model that is being scored. */
  get current(): NetworkItem | undefined {
    return this.#current;
  }

  /** How many the engine has scored. */
  get computed(): number {
    return this.#computed;
  }

  /** What the store did not know it may know by now. @param digest absent: of all models */
  lookAgain(digest?: string): void {
    if (digest === undefined) this.#missing.clear();
    else this.#missing.delete(digest);
  }

  /** Ends the computing of a score that no model has use for any more. */
  cancelOrphan(): void {
    const current = this.#current;
    if (current === undefined) return;
    for (const { digest } of this.#items.all()) if (digest === current.digest) return;
    this.#host.scheduler.cancel(this.#job);
  }

  /** The models of an open document have been scored already. */
  learnFromBoard(uri: string): void {
    for (const { score } of this.#host.board.models(uri)) {
      if (score.state !== 'current' && score.state !== 'quick' && score.state !== 'failed') continue;
      const { name, text, known } = score;
      const item = this.#items.get(idOf(uri, name));
      if (item?.digest === undefined || item.entry.state === 'scored' || item.forced === 'anew') continue;
      if (!(known.complete || score.state === 'quick') || item.network !== text.network) continue;
      // The first draws of a score are made alike.
      const final = { ...item.settings.final.settings, seeds: known.outcome.settings.seeds };
      const same = JSON.stringify(known.outcome.settings) === JSON.stringify(final);
      if (same) this.#items.learn(item.digest, known.outcome, 'memory');
    }
  }

  /** Looks up the scores that nobody has looked for. @returns whether there were any */
  async lookUp(): Promise<boolean> {
    const wanted = new Map<string, NetworkItem>();
    for (const item of this.#items.all()) {
      if (!hasNetwork(item) || !isOpen(item) || item.forced === 'anew') continue;
      if (this.#items.recall(item.digest, item.forced)) continue;
      if (this.#missing.has(item.digest)) this.#markWaiting(item);
      else wanted.set(item.digest, item);
    }
    const queue = wanted.values();
    await Promise.all(
      Array.from({ length: lookUps }, async () => {
        for (const item of queue) {
          const { digest, network, settings } = item;
          const first = affordable(item);
          const outcome =
            (await this.#stored(network, settings.final.settings)) ??
            (first === undefined ? undefined : await this.#stored(network, first));
          if (outcome === undefined) this.#missing.add(digest);
          else this.#items.learn(digest, outcome, 'memory');
          this.#onChange();
        }
      }),
    );
    for (const item of this.#items.all()) {
      if (hasNetwork(item) && isOpen(item) && this.#missing.has(item.digest)) this.#markWaiting(item);
    }
    return wanted.size > 0;
  }

  /** What the user asked for comes first, then files that are open, then the order of the files. */
  next(): NetworkItem | undefined {
    const waiting: NetworkItem[] = [];
    for (const item of this.#items.all()) {
      if (item.entry.state === 'waiting' && hasNetwork(item) && (item.forced !== false || this.active))
        waiting.push(item);
    }
    const isOpenDocument = ({ entry }: RankingItem): boolean =>
      this.#host.documents.get(entry.uri) !== undefined;
    return waiting.find(({ forced }) => forced !== false) ?? waiting.find(isOpenDocument) ?? waiting[0];
  }

  /** A model whose score was cancelled under way waits again. */
  async compute(item: NetworkItem): Promise<void> {
    const { digest, network, settings, entry, forced } = item;
    const { scheduler, scoring } = this.#host;
    const asked = affordable(item) ?? settings.final.settings;
    this.#current = item;
    this.#items.mark(item, 'scoring');
    this.#onChange();
    try {
      const outcome = await scheduler.schedule(this.#job, 'background', (turn) =>
        scoring.score(network, asked, {
          signal: turn.signal,
          interruption: turn,
          anew: forced === 'anew',
        }),
      );
      const stopped = outcome === undefined || (outcome.state === 'failed' && outcome.reason === 'cancelled');
      if (!stopped) {
        if (outcome.state === 'ok') this.#computed += 1;
        this.#items.learn(digest, outcome, 'engine');
      }
    } catch (error) {
      this.#host.fail(`Ranking ${entry.model} failed: ${String(error)}`);
      this.#items.learn(digest, failureOf(item, error), 'engine');
    } finally {
      this.#current = undefined;
      const now = this.#items.get(entry.id);
      // Interrupted, or changed meanwhile.
      if (now?.entry.state === 'scoring')
        this.#items.mark(now, now.forced !== false || this.active ? 'waiting' : 'unscored');
    }
  }

  /** A look-up that fails finds nothing: the model is scored. */
  async #stored(network: Network, settings: ScoreSettings): Promise<ScoreOutcome | undefined> {
    try {
      return await this.#host.scoring.stored(network, settings);
    } catch (error) {
      this.#host.log(`A stored score could not be looked up: ${String(error)}`);
      return undefined;
    }
  }

  #markWaiting(item: NetworkItem): void {
    if (item.forced !== false) this.#items.mark(item, 'waiting');
    else if (affordable(item) === undefined) this.#items.mark(item, 'costly');
    else this.#items.mark(item, this.active ? 'waiting' : 'unscored');
  }
}
