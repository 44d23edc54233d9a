import { own } from '../base/own.ts';
import type { EngineInfo } from '../engine/engine.ts';
import type { FileAnalysis, ModelAnalysis } from '../language/analysis.ts';
import { familyOf } from '../network/family.ts';
import type { Network } from '../network/network.ts';
import { entryScore } from '../ranking/entry.ts';
import type { EntryProxies, EntryScore, EntryState, RankingEntry } from '../ranking/entry.ts';
import { taskOf } from '../ranking/task.ts';
import { networkHash, sameEngine } from '../score/key.ts';
import { quickMark } from '../score/marks.ts';
import type { Score, ScoreFailure, ScoreOutcome, ScoreSettings } from '../score/types.ts';
import { liveSettings } from '../scoring/live-settings.ts';
import { secondsToSettle } from '../scoring/model-score.ts';
import { scoreCost } from '../scoring/score-cost.ts';
import { outlineOf } from '../worth/outline.ts';
import type { Settings } from '../protocol/settings.ts';

/** A model of the workspace. */
export interface RankingItem {
  readonly entry: RankingEntry;
  readonly settings: Settings['score'];
  /** Absent when errors keep the model from being a network. */
  readonly network?: Network;
  /** Equal for models that have the same score. */
  readonly digest?: string;
  readonly forced: Forced;
}

/** What the user asked for, whatever it costs: a score, or one that is computed anew whatever is known. */
export type Forced = false | 'score' | 'anew';

/** Where a result is from. Models that are to be computed `anew` take none from memory. */
type Source = 'memory' | 'engine';

/** A model that can be scored: without errors. */
export type NetworkItem = RankingItem & { readonly network: Network; readonly digest: string };

interface RankedFile {
  readonly name: string;
  readonly analysis: FileAnalysis;
  readonly settings: Settings['score'];
  readonly ids: readonly string[];
}

/** What is told of a file that has come or changed. */
export interface FileFacts {
  readonly uri: string;
  /** For people. */
  readonly name: string;
  readonly analysis: FileAnalysis;
  readonly settings: Settings['score'];
  readonly lineOf: (offset: number) => number;
  readonly errorOf: (model: ModelAnalysis) => string;
}

/** What is known of the score of models that share it. */
interface KnownEntryScore {
  readonly score: EntryScore;
  /** Of its first draws alone. */
  readonly secondsToSettle?: number;
  readonly settledSeeds?: number;
}

/** The models of the workspace's files, what is known of them, and what has changed since somebody was told. */
export class RankingItems {
  readonly #items = new Map<string, RankingItem>();
  readonly #files = new Map<string, RankedFile>();
  /** By digest: a model that moves to another file, or comes back by undo, needs no engine. */
  readonly #scores = new Map<string, KnownEntryScore>();
  /** By digest. */
  readonly #proxies = new Map<string, EntryProxies>();
  #dirty = new Set<string>();

  all(): IterableIterator<RankingItem> {
    return this.#items.values();
  }

  get(id: string): RankingItem | undefined {
    return this.#items.get(id);
  }

  get size(): number {
    return this.#items.size;
  }

  files(): IterableIterator<string> {
    return this.#files.keys();
  }

  idsOf(uri: string): readonly string[] {
    return this.#files.get(uri)?.ids ?? [];
  }

  /** Whether a file is known by this name, in this very text, under these settings. */
  isCurrent({ uri, name, analysis, settings }: Omit<FileFacts, 'lineOf' | 'errorOf'>): boolean {
    const file = this.#files.get(uri);
    return file?.name === name && file.analysis === analysis && file.settings === settings;
  }

  /** Takes over the models of a file; of models with the same name the first counts. A model that is the same keeps what is known. */
  update(facts: FileFacts): void {
    const { uri, name, analysis, settings } = facts;
    const before = this.#files.get(uri)?.ids ?? [];
    const ids = new Set<string>();
    for (const model of analysis.models) {
      const id = idOf(uri, model.name);
      if (model.name === '' || ids.has(id)) continue;
      ids.add(id);
      this.#put(id, itemOf(id, model, facts, this.#items.get(id)));
    }
    for (const id of before) if (!ids.has(id)) this.#drop(id);
    this.#files.set(uri, { name, analysis, settings, ids: [...ids] });
  }

  remove(uri: string): void {
    for (const id of this.idsOf(uri)) this.#drop(id);
    this.#files.delete(uri);
  }

  /** Says where models without a result stand. */
  mark(item: RankingItem, state: Exclude<EntryState, 'scored' | 'quick' | 'failed' | 'invalid'>): void {
    const before = this.#items.get(item.entry.id);
    if (before?.entry.state === state && before.forced === item.forced) return;
    this.#put(item.entry.id, { ...item, entry: { ...withoutResult(item.entry), state } });
  }

  /**
   * Gives models the score that is known of them.
   * @param forced of the model that asks: who wants the whole score is not content with its first draws
   * @returns whether it has one
   */
  recall(digest: string, forced: Forced = false): boolean {
    const known = this.#scores.get(digest);
    if (known !== undefined) this.#give(digest, known, 'memory');
    return known !== undefined && (forced === false || known.secondsToSettle === undefined);
  }

  /** A result for all models that share it. */
  learn(digest: string, outcome: ScoreOutcome, from: Source): void {
    if (outcome.state === 'ok') {
      const [item] = this.#sharing(digest, from);
      const total = item?.settings.final.settings.seeds ?? outcome.seeds.length;
      this.#learnScore(digest, knownScore(outcome, total), from);
      return;
    }
    for (const item of this.#sharing(digest, from)) {
      const { reason, message } = outcome;
      const entry = { ...withoutResult(item.entry), state: 'failed', reason, message } as const;
      this.#put(item.entry.id, { ...item, forced: false, entry });
    }
  }

  /** Other scores for all models that share them. */
  learnProxies(digest: string, { values, failed, made }: EntryProxies): void {
    const before = this.#proxies.get(digest);
    this.#proxies.set(digest, {
      values: { ...before?.values, ...values },
      failed: { ...before?.failed, ...failed },
      made,
    });
    for (const item of this.#sharing(digest, 'engine')) this.#put(item.entry.id, item);
  }

  /** Other scores that failed may have failed for a reason that has passed: they are open again. @param digest absent: of all models */
  reopenProxies(digest?: string): void {
    for (const [key, known] of this.#proxies) {
      if ((digest !== undefined && key !== digest) || Object.keys(known.failed).length === 0) continue;
      this.#proxies.set(key, { ...known, failed: {} });
      for (const item of this.#sharing(key, 'engine')) this.#put(item.entry.id, item);
    }
  }

  /** Which of some proxies are not known of a model. */
  openProxies({ digest }: NetworkItem, names: readonly string[]): readonly string[] {
    const known = this.#proxies.get(digest);
    return names.filter(
      (name) => own(known?.values ?? {}, name) === undefined && own(known?.failed ?? {}, name) === undefined,
    );
  }

  /** Forgets scores that another engine gave: they are not comparable. @returns whether there were any */
  keepOnly(engine: EngineInfo): boolean {
    for (const [digest, { score }] of this.#scores) {
      if (!sameEngine(score.engine, engine)) this.#scores.delete(digest);
    }
    let found = false;
    for (const item of this.#items.values()) {
      if (item.entry.score !== undefined && !sameEngine(item.entry.score.engine, engine))
        this.#proxies.delete(item.digest ?? '');
      if (item.entry.score === undefined || sameEngine(item.entry.score.engine, engine)) continue;
      this.mark(item, 'waiting');
      found = true;
    }
    return found;
  }

  /** What has changed since the last call. */
  takeChanges(): { readonly entries: readonly RankingEntry[]; readonly removed: readonly string[] } {
    const entries: RankingEntry[] = [];
    const removed: string[] = [];
    for (const id of this.#dirty) {
      const item = this.#items.get(id);
      if (item === undefined) removed.push(id);
      else entries.push(item.entry);
    }
    this.#dirty = new Set();
    return { entries, removed };
  }

  get changed(): boolean {
    return this.#dirty.size > 0;
  }

  /** The first draws of a score take nothing from the whole of it. */
  #learnScore(digest: string, known: KnownEntryScore, from: Source): void {
    const before = this.#scores.get(digest);
    const isLess = known.secondsToSettle !== undefined && before?.secondsToSettle === undefined;
    if (before !== undefined && isLess) return;
    this.#scores.set(digest, known);
    this.#give(digest, known, from);
  }

  #give(digest: string, known: KnownEntryScore, from: Source): void {
    const isQuick = known.secondsToSettle !== undefined;
    for (const item of this.#sharing(digest, from)) {
      if (isQuick && item.forced !== false) continue;
      const state = isQuick ? 'quick' : 'scored';
      this.#put(item.entry.id, {
        ...item,
        forced: false,
        entry: { ...withoutResult(item.entry), state, ...known },
      });
    }
  }

  #sharing(digest: string, from: Source): readonly RankingItem[] {
    return [...this.#items.values()].filter(
      (item) => item.digest === digest && (from === 'engine' || item.forced !== 'anew'),
    );
  }

  #put(id: string, plain: RankingItem): void {
    const before = this.#items.get(id);
    const proxies = plain.digest === undefined ? undefined : this.#proxies.get(plain.digest);
    const item = proxies === undefined ? plain : { ...plain, entry: { ...plain.entry, proxies } };
    this.#items.set(id, item);
    if (before === undefined || !sameEntry(before.entry, item.entry)) this.#dirty.add(id);
  }

  #drop(id: string): void {
    if (this.#items.delete(id)) this.#dirty.add(id);
  }
}

export function hasNetwork(item: RankingItem): item is NetworkItem {
  return item.network !== undefined;
}

/** Whether nothing is known of a model's score, and nothing is being done about it. */
export function isOpen({ entry: { state } }: RankingItem): boolean {
  return state === 'waiting' || state === 'unscored' || state === 'costly';
}

/** Whether there is a result already, so that asking for a score again means that it is computed anew. */
export function isAnswered({ forced, entry: { state } }: RankingItem): boolean {
  return forced === 'anew' || state === 'scored' || state === 'failed';
}

/** What is computed of a model: its score, its first draws where the whole costs more than the limit; nothing where they do. */
export function affordable({ entry, network, settings, forced }: NetworkItem): ScoreSettings | undefined {
  const { layers = 0, params = 0, macs = 0 } = entry;
  const totals = { layers, params, macs };
  const { costLimit, final } = settings;
  const costs = (asked: ScoreSettings): number => scoreCost(totals, network.classes, asked);
  if (forced !== false || costs(final.settings) <= costLimit) return final.settings;
  const first = liveSettings(totals, network.classes, final.settings, costLimit);
  return first.seeds < final.settings.seeds && costs(first) <= costLimit ? first : undefined;
}

function knownScore(outcome: Score, total: number): KnownEntryScore {
  const score = entryScore(outcome);
  const draws = outcome.seeds.length;
  if (draws >= total) return { score };
  const marks = [quickMark(draws, total), ...(score.marks ?? [])];
  return {
    score: { ...score, marks },
    secondsToSettle: secondsToSettle(outcome, total),
    settledSeeds: total,
  };
}

export function idOf(uri: string, model: string): string {
  return JSON.stringify([uri, model]);
}

function itemOf(
  id: string,
  model: ModelAnalysis,
  { uri, name, settings, lineOf, errorOf }: FileFacts,
  before: RankingItem | undefined,
): RankingItem {
  const { network, totals } = model;
  const place = { id, uri, file: name, model: model.name, line: lineOf(model.nameSpan.start) };
  if (network === undefined || totals === undefined) {
    const entry: RankingEntry = { ...place, state: 'invalid', message: errorOf(model) };
    return { entry, settings, forced: false };
  }
  const { layers, params, macs } = totals;
  const sized = {
    ...place,
    task: taskOf(network),
    ...constructionOf(network, before),
    layers,
    params,
    macs,
  };
  const digest =
    before?.network === network && before.settings === settings && before.digest !== undefined
      ? before.digest
      : JSON.stringify([networkHash(network), settings.final.settings]);
  const item = { settings, network, digest };
  if (before?.digest !== digest) return { ...item, forced: false, entry: { ...sized, state: 'waiting' } };
  const { state, reason, message, score, secondsToSettle: seconds, settledSeeds } = before.entry;
  return {
    ...item,
    forced: before.forced,
    entry: {
      ...sized,
      state,
      ...(reason === undefined ? {} : { reason }),
      ...(message === undefined ? {} : { message }),
      ...(score === undefined ? {} : { score }),
      ...(seconds === undefined ? {} : { secondsToSettle: seconds }),
      ...(settledSeeds === undefined ? {} : { settledSeeds }),
    },
  };
}

/** What of a network says what it is compared with; made once for one that stays. */
function constructionOf(
  network: Network,
  before: RankingItem | undefined,
): Pick<RankingEntry, 'family' | 'outline'> {
  const { family, outline } = before?.entry ?? {};
  if (before?.network === network && family !== undefined && outline !== undefined)
    return { family, outline };
  return { family: familyOf(network), outline: outlineOf(network) };
}

/** What is known of a model before it is scored. */
function withoutResult(
  entry: RankingEntry,
): Omit<RankingEntry, 'state' | 'score' | 'secondsToSettle' | 'settledSeeds' | 'reason' | 'message'> {
  const { id, uri, file, model, line, task, family, outline, layers, params, macs } = entry;
  return {
    id,
    uri,
    file,
    model,
    line,
    ...(task === undefined ? {} : { task }),
    ...(family === undefined ? {} : { family }),
    ...(outline === undefined ? {} : { outline }),
    ...(layers === undefined ? {} : { layers }),
    ...(params === undefined ? {} : { params }),
    ...(macs === undefined ? {} : { macs }),
  };
}

function sameEntry(a: RankingEntry, b: RankingEntry): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

/** An error that no scoring names, as a state of the model. */
export function failureOf({ entry, settings }: NetworkItem, error: unknown): ScoreFailure {
  const { layers = 0, params = 0, macs = 0 } = entry;
  const message = error instanceof Error ? error.message : String(error);
  return {
    state: 'failed',
    reason: 'internal',
    message,
    layers,
    params,
    macs,
    settings: settings.final.settings,
    key: '',
  };
}
