import { DelayedByKey } from '../base/delayed.ts';
import { isLasting } from '../base/failure-reasons.ts';
import type { EngineInfo } from '../engine/engine.ts';
import type { FileAnalysis, ModelAnalysis } from '../language/analysis.ts';
import { errorCount } from '../language/check/model-errors.ts';
import { networkHash, sameEngine } from '../score/key.ts';
import type { Network } from '../network/network.ts';
import type { Scheduler, Turn } from '../score/scheduler.ts';
import type { Score, ScoreOutcome, ScoreSettings } from '../score/types.ts';
import { modelScore } from './model-score.ts';
import type { KnownScore, ModelFacts, ModelScore, ModelText, SizedText } from './model-score.ts';
import { ScoreMemory } from './score-memory.ts';
import type { ScoreService } from './score-thread.ts';
import { scoreCost } from './score-cost.ts';
import { liveSettings } from './live-settings.ts';
import type { Settings, StageName } from '../protocol/settings.ts';
import { outlineOf } from '../worth/outline.ts';
import { moved } from '../base/text-edit.ts';
import type { TextEdit } from '../base/text-edit.ts';

export interface BoardOptions {
  readonly scorer: ScoreService;
  readonly scheduler: Scheduler;
  readonly log: (line: string) => void;
  /** The scores of a document have changed. */
  readonly onChange: (uri: string) => void;
  /** One more draw of a score that is settling, which is not shown before the last. */
  readonly onDraw?: (uri: string, name: string, partial: Score, total: number) => void;
}

/** A model on the board, and where it stands in the text. */
export interface BoardModel {
  readonly anchor: number;
  readonly score: ModelScore;
}

interface Entry {
  /** Of the scheduler; unique. */
  readonly id: string;
  readonly uri: string;
  readonly name: string;
  anchor: number;
  facts: ModelFacts;
  /** Follows from the facts. */
  score: ModelScore;
  settings: Settings['score'];
  /** The draws there are of a score that is settling: shown when that is stopped. */
  partial?: { readonly text: SizedText; readonly score: Score } | undefined;
}

/**
 * The scores of all models in open documents, and the loop that keeps them up to date: after a rest the first draws, then the
 * settled score, which goes on from them; the newest text wins. What is shown changes at most three times an edit.
 */
export class ScoreBoard {
  readonly #options: BoardOptions;
  readonly #documents = new Map<string, Map<string, Entry>>();
  readonly #memory = new ScoreMemory();
  /** Scores that wait for a rest in the typing, by the ids of entries. */
  readonly #starting = new DelayedByKey();
  /** Part of every digest, raised when another engine takes over: its results are not comparable with those before. */
  #epoch = 0;
  /** The engine that has given the results since then, once it has given one. */
  #engine: EngineInfo | undefined;

  constructor(options: BoardOptions) {
    this.#options = options;
  }

  /** Models of a document in the order of the text. */
  models(uri: string): readonly BoardModel[] {
    return [...(this.#documents.get(uri)?.values() ?? [])].sort((a, b) => a.anchor - b.anchor);
  }

  model(uri: string, name: string): ModelScore | undefined {
    return this.#documents.get(uri)?.get(name)?.score;
  }

  /** Keeps the places of the models in step with the text until the next `update`. */
  edit(uri: string, edits: readonly TextEdit[]): void {
    for (const entry of this.#documents.get(uri)?.values() ?? [])
      entry.anchor = edits.reduce(moved, entry.anchor);
  }

  /**
   * Takes over what an analysis found. Of models with the same name the first counts. While there are errors of syntax, a
   * model that was scored and is not found is kept.
   */
  update(uri: string, analysis: FileAnalysis, settings: Settings['score']): void {
    const entries = this.#documents.get(uri) ?? new Map<string, Entry>();
    this.#documents.set(uri, entries);
    const found = new Set<string>();
    for (const model of analysis.models) {
      const { name, nameSpan } = model;
      if (name === '' || found.has(name)) continue;
      found.add(name);
      const entry = entries.get(name);
      const text = this.#textOf(analysis, model, settings, entry);
      if (entry === undefined) entries.set(name, this.#newEntry(uri, model, text, settings));
      else {
        entry.anchor = nameSpan.start;
        this.#setText(entry, text, settings);
      }
    }
    const syntaxErrors = analysis.parse.problems.length;
    for (const [name, entry] of entries) {
      if (found.has(name)) continue;
      if (syntaxErrors > 0 && entry.facts.known?.outcome.state === 'ok')
        this.#setText(entry, { kind: 'broken', errors: syntaxErrors }, settings);
      else {
        this.#cancel(entry);
        entries.delete(name);
      }
    }
    this.#options.onChange(uri);
  }

  /** The document was closed. */
  forget(uri: string): void {
    for (const entry of this.#documents.get(uri)?.values() ?? []) this.#cancel(entry);
    this.#documents.delete(uri);
    this.#options.onChange(uri);
  }

  /** Scores now whatever the cost; a score that is there stays. @returns how many models have or will have one */
  scoreNow(uri: string, name?: string): number {
    let count = 0;
    for (const entry of this.#documents.get(uri)?.values() ?? []) {
      const { known, text, work } = entry.facts;
      if ((name !== undefined && entry.name !== name) || text.kind !== 'network') continue;
      count += 1;
      const done = known?.digest === text.digest && known.complete && known.outcome.state === 'ok';
      if (!done && work !== 'scheduled') this.#start(entry, 'whatever it costs');
    }
    if (count > 0) this.#options.onChange(uri);
    return count;
  }

  /** Stops what runs and what waits, in all documents, or for one model. The draws there are stay. */
  stop(only?: { readonly uri: string; readonly name: string }): void {
    this.#each((entry) => {
      if (entry.facts.work !== 'scheduled') return;
      if (only !== undefined && (only.uri !== entry.uri || only.name !== entry.name)) return;
      const { partial } = entry;
      this.#cancel(entry);
      // A score that goes on from the draws that are shown begins with the first of them.
      if (partial !== undefined && partial.score.seeds.length > drawsOf(entry.facts.known, partial.text))
        this.#learn(entry, partial.text, 'live', partial.score);
      this.#set(entry, { work: 'stopped' });
    });
  }

  /** An engine runs. Results of another, also those from the store, are not comparable with what it will give. */
  engineRuns(info: EngineInfo): void {
    if (this.#engine !== undefined && !sameEngine(this.#engine, info)) this.engineChanged();
    this.#engine = info;
  }

  /** Another engine computes from now on, or one that failed is back. */
  engineChanged(): void {
    this.#epoch += 1;
    this.#engine = undefined;
    this.#each((entry) => {
      const { text } = entry.facts;
      if (text.kind === 'network')
        this.#setText(entry, { ...text, digest: this.#digest(text.network, entry.settings) }, entry.settings);
    });
  }

  /** Tries again what failed for a reason that may have passed. */
  retry(): void {
    this.#each((entry) => {
      const { text, known, work } = entry.facts;
      if (work === 'scheduled' || text.kind !== 'network' || known?.digest !== text.digest) return;
      if (known.outcome.state === 'failed' && !isLasting(known.outcome.reason)) this.#consider(entry, text);
    });
  }

  #each(visit: (entry: Entry) => void): void {
    for (const [uri, entries] of this.#documents) {
      for (const entry of entries.values()) visit(entry);
      this.#options.onChange(uri);
    }
  }

  #newEntry(
    uri: string,
    { name, nameSpan }: ModelAnalysis,
    text: ModelText,
    settings: Settings['score'],
  ): Entry {
    const facts: ModelFacts = { text, work: 'none' };
    const entry: Entry = {
      id: JSON.stringify([uri, name]),
      uri,
      name,
      anchor: nameSpan.start,
      settings,
      facts,
      score: modelScore(name, facts),
    };
    if (text.kind === 'network') this.#consider(entry, text);
    return entry;
  }

  #textOf(
    analysis: FileAnalysis,
    model: ModelAnalysis,
    settings: Settings['score'],
    entry: Entry | undefined,
  ): ModelText {
    const { totals } = model;
    if (totals === undefined) return { kind: 'broken', errors: errorCount(analysis, model.span) };
    const before = entry?.facts.text;
    // What was expanded once is added up once, wherever it is moved, and the hash of a large network is worth saving.
    const same = before?.kind === 'network' && before.totals === totals && entry?.settings === settings;
    const digest = same ? before.digest : this.#digest(model.network!, settings);
    return {
      kind: 'network',
      totals,
      digest,
      // Moving the places of all networks of a long file would hold up every keystroke.
      get network() {
        return model.network!;
      },
    };
  }

  /** Equal for texts and settings that give the same score. */
  #digest(network: Network, settings: Settings['score']): string {
    return JSON.stringify([networkHash(network), settings.final.settings, this.#epoch]);
  }

  #setText(entry: Entry, text: ModelText, settings: Settings['score']): void {
    const { text: before, known } = entry.facts;
    entry.settings = settings;
    change(entry, { text });
    const same =
      text.kind === 'broken'
        ? before.kind === 'broken'
        : before.kind === 'network' && before.digest === text.digest;
    if (same) return;
    this.#cancel(entry);
    const settled = known?.complete === true && known.outcome.state === 'ok';
    this.#set(entry, { work: 'none', ...(settled ? { base: known } : {}) });
    if (text.kind === 'network') this.#consider(entry, text);
  }

  /** A text without a score: recalls it, schedules it, or leaves it to the user. */
  #consider(entry: Entry, text: SizedText): void {
    const recalled = this.#memory.get(text.digest);
    if (recalled !== undefined) this.#set(entry, { known: recalled });
    if (recalled?.complete === true) return;
    const { onType, costLimit } = entry.settings;
    const { settings } = entry.settings.final;
    if (onType && cost(text, live(text, settings, costLimit)) <= costLimit)
      this.#start(entry, 'within the limit');
    else this.#set(entry, { work: 'on-demand', cost: cost(text, settings) });
  }

  #start(entry: Entry, limit: 'within the limit' | 'whatever it costs'): void {
    this.#set(entry, { work: 'scheduled' });
    const delay =
      limit === 'within the limit' && entry.facts.known !== undefined ? entry.settings.debounce : 0;
    this.#starting.restart(entry.id, delay, () => {
      void this.#score(entry, limit === 'whatever it costs');
    });
  }

  async #score(entry: Entry, unlimited: boolean): Promise<void> {
    const { name, facts } = entry;
    const { text } = facts;
    if (text.kind !== 'network') return;
    const { final } = entry.settings;
    try {
      const done = await this.#options.scheduler.schedule(entry.id, 'interactive', async (turn) => {
        await this.#stages(entry, text, unlimited, turn);
        return true;
      });
      if (done !== true) return;
    } catch (error) {
      this.#options.log(
        `Scoring ${name} failed: ${error instanceof Error ? String(error.stack) : String(error)}`,
      );
      this.#learn(entry, text, final.name, {
        state: 'failed',
        reason: 'internal',
        message: error instanceof Error ? error.message : String(error),
        ...text.totals,
        settings: final.settings,
        key: '',
      });
    }
    this.#finish(entry, text);
  }

  async #stages(entry: Entry, text: SizedText, unlimited: boolean, turn: Turn): Promise<void> {
    const { signal } = turn;
    const { scorer, scheduler, onDraw } = this.#options;
    const { final, costLimit } = entry.settings;
    const { network } = text;
    const learn = (stage: StageName, outcome: ScoreOutcome): void => {
      if (!signal.aborted) this.#learn(entry, text, stage, outcome);
    };
    const stored = await scorer.stored(network, final.settings);
    if (stored !== undefined) {
      learn(final.name, stored);
      return;
    }
    const first = live(text, final.settings, costLimit);
    const { known } = entry.facts;
    const hasNumber = known?.digest === text.digest && known.outcome.state === 'ok';
    if (first.seeds < final.settings.seeds && !hasNumber) {
      const quick = await scorer.score(network, first, { signal });
      learn('live', quick);
      if (quick.state === 'failed') return;
    }
    if (!unlimited && cost(text, final.settings) > costLimit) return;
    // The quick scores of other models come before the last digits of this one.
    scheduler.setPriority(entry.id, 'background');
    await turn.giveWay();
    const outcome = await scorer.score(network, final.settings, {
      signal,
      interruption: turn,
      onSeed: (partial, _, total) => {
        if (signal.aborted) return;
        entry.partial = { text, score: partial };
        onDraw?.(entry.uri, entry.name, partial, total);
      },
    });
    learn(final.name, outcome);
  }

  /** Takes over a result for a text, which may not be the model's text any more. */
  #learn(entry: Entry, text: SizedText, setting: StageName, outcome: ScoreOutcome): void {
    const { seeds } = entry.settings.final.settings;
    const known: KnownScore = {
      outcome,
      digest: text.digest,
      setting,
      seeds,
      complete: outcome.state === 'ok' ? outcome.seeds.length >= seeds : isLasting(outcome.reason),
      outline: outlineOf(text.network),
    };
    this.#memory.set(known);
    if (outcome.state === 'ok') this.#engine ??= outcome.engine;
    const now = entry.facts.text;
    if (now.kind === 'network' && now.digest === text.digest) this.#set(entry, { known });
  }

  #finish(entry: Entry, { digest }: SizedText): void {
    const { text } = entry.facts;
    if (text.kind === 'network' && text.digest === digest) this.#set(entry, { work: 'none' });
  }

  #cancel(entry: Entry): void {
    this.#starting.cancel(entry.id);
    this.#options.scheduler.cancel(entry.id);
    entry.partial = undefined;
  }

  #set(entry: Entry, facts: Partial<ModelFacts>): void {
    change(entry, facts);
    if (this.#documents.get(entry.uri)?.get(entry.name) === entry) this.#options.onChange(entry.uri);
  }
}

/** How many draws are known of a text. */
function drawsOf(known: KnownScore | undefined, { digest }: SizedText): number {
  return known?.digest === digest && known.outcome.state === 'ok' ? known.outcome.seeds.length : 0;
}

function cost({ totals, network }: SizedText, settings: ScoreSettings): number {
  return scoreCost(totals, network.classes, settings);
}

function live({ totals, network }: SizedText, settings: ScoreSettings, limit: number): ScoreSettings {
  return liveSettings(totals, network.classes, settings, limit);
}

function change(entry: Entry, facts: Partial<ModelFacts>): void {
  entry.facts = { ...entry.facts, ...facts };
  entry.score = modelScore(entry.name, entry.facts);
}
