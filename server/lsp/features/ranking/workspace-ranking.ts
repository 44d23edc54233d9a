import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import { blockingError } from '../../../language/check/blocking-error.ts';
import type { Network } from '../../../network/network.ts';
import type { ScoreOutcome, ScoreSettings } from '../../../score/types.ts';
import { sameUri } from '../../../base/uris.ts';
import { pathIn, RankingFolders, type RankingFolder } from './ranking-folders.ts';
import {
  costOf,
  failureOf,
  hasNetwork,
  idOf,
  isAnswered,
  isOpen,
  RankingItems,
} from '../../../workspace/ranking-items.ts';
import type { NetworkItem, RankingItem } from '../../../workspace/ranking-items.ts';
import { RankingProxies } from './ranking-proxies.ts';
import type { RankingProgress } from '../../../protocol/ranking.ts';
import type { Session } from '../../session.ts';

/** Of the scheduler: one model of the ranking at a time. */
const job = 'archlens.ranking';
/** Reading files gives way to other requests after so many milliseconds. */
const slice = 10;
/** Stored scores looked up at a time: enough to keep the disk and the scoring thread busy. */
const lookUps = 16;
/** Changes are gathered for so many milliseconds before files are looked through again. */
const settling = 200;
/** After an edit its file is looked at again so many milliseconds later: the checker has analysed it by then. */
const instant = 20;
/** After a keystroke the engine belongs to the editor for so many milliseconds: longer than its debounce. */
const courtesy = 500;

/**
 * Scores the models of all files of the workspace in the background, one at a time, after everything that is on the
 * screen. What the store knows is not computed; what is computed is kept by it, so nothing is lost by stopping.
 */
export class WorkspaceRanking {
  readonly items = new RankingItems();
  readonly #session: Session;
  readonly #onChange: () => void;
  readonly #folders: RankingFolders;
  /** The files that are ranked. */
  #files: ReadonlyMap<string, RankingFolder> = new Map();
  /** Digests that the store does not know. */
  readonly #missing = new Set<string>();
  readonly #proxies: RankingProxies;
  #opened = false;
  #active = false;
  #listing: Promise<void> | undefined;
  #listAgain = false;
  #pumping = false;
  #current: NetworkItem | undefined;
  #computed = 0;
  #timer: NodeJS.Timeout | undefined;
  #busyUntil = 0;

  /** @param onChange entries or progress have changed; called often */
  constructor(session: Session, onChange: () => void) {
    this.#session = session;
    this.#onChange = onChange;
    this.#folders = new RankingFolders(session);
    this.#proxies = new RankingProxies(session, this.items, job);
    session.documents.onChange(({ uri, kind }) => {
      if (kind !== 'closed') this.#yieldToEditor();
      this.#takeSoon(sameUri(uri));
      this.changed();
    });
    session.onScores((uri) => {
      this.#learnFromBoard(uri);
    });
    session.scoring.onStatus(({ info }) => {
      if (info === undefined || !this.items.keepOnly(info)) return;
      this.#missing.clear();
      this.#pump();
    });
  }

  /** Lists the models, and looks their scores up. */
  async open(): Promise<void> {
    this.#opened = true;
    await this.#list();
  }

  /** Scores what has no score, now and as files change. */
  start(): void {
    this.#opened = true;
    this.#active = true;
    this.#missing.clear();
    for (const item of this.items.all()) {
      // What failed may have failed for a reason that has passed.
      if (item.entry.state === 'failed' || item.entry.state === 'unscored') this.items.mark(item, 'waiting');
    }
    this.#background('Ranking', async () => {
      await this.#list();
      this.#pump();
    });
    this.#onChange();
  }

  stop(): void {
    this.#active = false;
    this.#session.scheduler.cancel(job);
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
      this.#missing.delete(item.digest);
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
    if (!this.#opened || this.#timer !== undefined) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#background('Looking through the workspace', () => this.#list());
    }, settling);
  }

  settingsChanged(): void {
    this.#folders.settingsChanged();
    this.changed();
  }

  progress(): RankingProgress {
    let done = 0;
    for (const item of this.items.all()) if (!isOpen(item) && item.entry.state !== 'scoring') done += 1;
    const current = this.#current?.entry.model;
    return {
      state: this.#state(),
      done,
      total: this.items.size,
      computed: this.#computed,
      ...(current === undefined ? {} : { current }),
    };
  }

  #state(): RankingProgress['state'] {
    if (!this.#opened) return 'closed';
    if (this.#current !== undefined) return 'scoring';
    if (this.#listing !== undefined || this.#pumping) return 'listing';
    return this.#active ? 'idle' : 'stopped';
  }

  /** Brings the list in step with the files; calls that come meanwhile are one more round. */
  async #list(): Promise<void> {
    if (this.#listing !== undefined) {
      this.#listAgain = true;
      await this.#listing;
      return;
    }
    this.#listing = (async () => {
      do await this.#listOnce();
      while (this.#takeListAgain());
    })().finally(() => {
      this.#listing = undefined;
      this.#onChange();
    });
    await this.#listing;
    this.#pump();
  }

  #takeListAgain(): boolean {
    const again = this.#listAgain;
    this.#listAgain = false;
    return again;
  }

  async #listOnce(): Promise<void> {
    const { workspace } = this.#session;
    const folders = await this.#folders.all();
    const files = new Map<string, RankingFolder>();
    for (const uri of await workspace.onDisk()) {
      const folder = folders.find((candidate) => uri.startsWith(`${candidate.uri}/`));
      if (folder?.matches(pathIn(folder, uri)) === true) files.set(uri, folder);
    }
    this.#files = files;
    for (const uri of [...this.items.files()]) if (!files.has(uri)) this.items.remove(uri);
    let started = performance.now();
    for (const [uri, folder] of files) {
      this.#take(uri, folder);
      if (performance.now() - started < slice) continue;
      this.#onChange();
      await setImmediate();
      started = performance.now();
    }
    this.#cancelOrphan();
  }

  /** An edit is not shown with the score of the text before: the list follows later, this file at once. */
  #takeSoon(uri: string): void {
    setTimeout(() => {
      this.#session.background('Looking at a file', () => {
        const folder = this.#files.get(uri);
        if (folder === undefined || this.#session.documents.get(uri) === undefined) return;
        this.#take(uri, folder);
        if (this.items.changed) this.#onChange();
      });
    }, instant);
  }

  /** Takes over the models of a file as its text is now. */
  #take(uri: string, folder: RankingFolder): void {
    const analysis = this.#session.project.analyse(uri);
    const { score: settings } = folder.settings;
    const file = { uri, name: `${folder.prefix}${pathIn(folder, uri)}`, analysis, settings };
    if (this.items.isCurrent(file)) return;
    const document = this.#session.textOf(uri);
    this.items.update({
      ...file,
      lineOf: (offset) => document.positionAt(offset).line,
      errorOf: (model) => {
        const error = blockingError(analysis, model.span);
        if (error === undefined) return 'Something it uses has errors.';
        const line = document.positionAt(error.location.span.start).line + 1;
        return `Line ${line}: ${error.message}`;
      },
    });
  }

  /** The text that is being scored is in no file any more. */
  #cancelOrphan(): void {
    const current = this.#current;
    if (current === undefined) return;
    for (const { digest } of this.items.all()) if (digest === current.digest) return;
    this.#session.scheduler.cancel(job);
  }

  #pump(): void {
    if (this.#pumping) return;
    this.#pumping = true;
    this.#background('Ranking', async () => {
      try {
        while ((await this.#lookUp()) || (await this.#scoreNext()) || (await this.#measureNext()));
      } finally {
        this.#pumping = false;
        this.#onChange();
      }
    });
  }

  /** Looks up the scores that nobody has looked for. @returns whether there were any */
  async #lookUp(): Promise<boolean> {
    const wanted = new Map<string, NetworkItem>();
    for (const item of this.items.all()) {
      if (!hasNetwork(item) || !isOpen(item) || item.forced === 'anew') continue;
      if (this.items.recall(item.digest)) continue;
      if (this.#missing.has(item.digest)) this.#markWaiting(item);
      else wanted.set(item.digest, item);
    }
    const queue = wanted.values();
    await Promise.all(
      Array.from({ length: lookUps }, async () => {
        for (const { digest, network, settings } of queue) {
          const outcome = await this.#stored(network, settings.final.settings);
          if (outcome === undefined) this.#missing.add(digest);
          else this.items.learn(digest, outcome, 'memory');
          this.#onChange();
        }
      }),
    );
    for (const item of this.items.all()) {
      if (hasNetwork(item) && isOpen(item) && this.#missing.has(item.digest)) this.#markWaiting(item);
    }
    return wanted.size > 0;
  }

  /** A look-up that fails finds nothing: the model is scored. */
  async #stored(network: Network, settings: ScoreSettings): Promise<ScoreOutcome | undefined> {
    try {
      return await this.#session.scoring.stored(network, settings);
    } catch (error) {
      this.#session.log(`A stored score could not be looked up: ${String(error)}`);
      return undefined;
    }
  }

  #markWaiting(item: NetworkItem): void {
    if (item.forced !== false) this.items.mark(item, 'waiting');
    else if (costOf(item) > item.settings.costLimit) this.items.mark(item, 'costly');
    else this.items.mark(item, this.#active ? 'waiting' : 'unscored');
  }

  /** @returns whether there was anything to score */
  async #scoreNext(): Promise<boolean> {
    const next = this.#next();
    if (next === undefined) return false;
    const wait = this.#busyUntil - performance.now();
    if (wait > 0) {
      await sleep(wait);
      return true;
    }
    const { digest, network, settings, entry, forced } = next;
    const { scheduler, scoring } = this.#session;
    this.#current = next;
    this.items.mark(next, 'scoring');
    this.#onChange();
    try {
      const outcome = await scheduler.schedule(job, 'background', (turn) =>
        scoring.score(network, settings.final.settings, {
          signal: turn.signal,
          interruption: turn,
          anew: forced === 'anew',
        }),
      );
      const stopped = outcome === undefined || (outcome.state === 'failed' && outcome.reason === 'cancelled');
      if (!stopped) {
        if (outcome.state === 'ok') this.#computed += 1;
        this.items.learn(digest, outcome, 'engine');
      }
    } catch (error) {
      this.#session.fail(`Ranking ${entry.model} failed: ${String(error)}`);
      this.items.learn(digest, failureOf(next, error), 'engine');
    } finally {
      this.#current = undefined;
      const item = this.items.get(entry.id);
      // Interrupted, or changed meanwhile.
      if (item?.entry.state === 'scoring')
        this.items.mark(item, item.forced !== false || this.#active ? 'waiting' : 'unscored');
      this.#onChange();
    }
    return true;
  }

  /** @returns whether there was a model to compute other scores of */
  async #measureNext(): Promise<boolean> {
    const next = this.#proxies.next();
    if (next === undefined) return false;
    const wait = this.#busyUntil - performance.now();
    if (wait > 0) await sleep(wait);
    else await this.#proxies.measure(next);
    this.#onChange();
    return true;
  }

  /** What the user asked for comes first, then files that are open, then the order of the files. */
  #next(): NetworkItem | undefined {
    const waiting: NetworkItem[] = [];
    for (const item of this.items.all()) {
      if (item.entry.state === 'waiting' && hasNetwork(item) && (item.forced !== false || this.#active))
        waiting.push(item);
    }
    const isOpenDocument = ({ entry }: RankingItem): boolean =>
      this.#session.documents.get(entry.uri) !== undefined;
    return waiting.find(({ forced }) => forced !== false) ?? waiting.find(isOpenDocument) ?? waiting[0];
  }

  /** The editor needs the engine: what runs is begun again later, its finished seeds are stored. */
  #yieldToEditor(): void {
    this.#busyUntil = performance.now() + courtesy;
    this.#session.scheduler.cancel(job);
  }

  /** The models of an open document have been scored already. */
  #learnFromBoard(uri: string): void {
    if (!this.#opened) return;
    for (const { score } of this.#session.board.models(uri)) {
      if (score.state !== 'current' && score.state !== 'failed') continue;
      const { name, text, known } = score;
      const item = this.items.get(idOf(uri, name));
      if (item?.digest === undefined || item.entry.state === 'scored' || item.forced === 'anew') continue;
      if (!known.complete || item.network !== text.network) continue;
      const same = JSON.stringify(known.outcome.settings) === JSON.stringify(item.settings.final.settings);
      if (same) this.items.learn(item.digest, known.outcome, 'memory');
    }
    if (this.items.changed) this.#onChange();
  }

  #background(what: string, work: () => Promise<void>): void {
    this.#session.background(what, work);
  }
}
