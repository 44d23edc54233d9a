import { isLasting } from '../base/failure-reasons.ts';
import type { EngineInfo } from '../engine/engine.ts';
import { networkHash, sameEngine } from '../score/key.ts';
import type { Network, NetworkTotals } from '../network/network.ts';
import type { Scheduler, Turn } from '../score/scheduler.ts';
import type { ScoreOutcome } from '../score/types.ts';
import type { KnownScore, ModelScore, ModelText, Work } from './model-score.ts';
import { ScoreMemory } from './score-memory.ts';
import type { ScoreService } from './score-thread.ts';
import { scoreCost } from './score-cost.ts';
import type { Settings, StagedSettings } from '../protocol/settings.ts';
import { moved } from '../base/text-edit.ts';
import type { TextEdit } from '../base/text-edit.ts';

/** What the analysis of a document says of one of its models. */
export interface ModelFinding {
  readonly name: string;
  /** Offset of the name. */
  readonly anchor: number;
  /** Absent when errors keep the model from being a network. Its places are moved when `network` is read. */
  readonly sized?: { readonly network: Network; readonly totals: NetworkTotals };
  /** Errors in it, or in what it uses. */
  readonly problems: number;
}

export interface BoardOptions {
  readonly scorer: ScoreService;
  readonly scheduler: Scheduler;
  readonly log: (line: string) => void;
  /** The scores of a document have changed. */
  readonly onChange: (uri: string) => void;
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
  anchor: number;
  score: ModelScore;
  settings: Settings['score'];
  timer?: NodeJS.Timeout;
}

type Sized = Extract<ModelText, { kind: 'network' }>;

/**
 * The scores of all models in open documents, and the loop that keeps them up to date: after a rest the quick score,
 * then the settled one seed by seed; the newest text wins.
 */
export class ScoreBoard {
  readonly #options: BoardOptions;
  readonly #documents = new Map<string, Map<string, Entry>>();
  readonly #memory = new ScoreMemory();
  /** Raised when another engine takes over: its results are not comparable with those before. */
  #epoch = 0;
  /** That gave the results since then. */
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
   * Takes over what an analysis found. Of models with the same name the first counts.
   * @param syntaxErrors of the document: while there are any, a model that was scored and is not found is kept.
   */
  update(
    uri: string,
    findings: readonly ModelFinding[],
    syntaxErrors: number,
    settings: Settings['score'],
  ): void {
    const entries = this.#documents.get(uri) ?? new Map<string, Entry>();
    this.#documents.set(uri, entries);
    const found = new Set<string>();
    for (const finding of findings) {
      if (found.has(finding.name)) continue;
      found.add(finding.name);
      const entry = entries.get(finding.name);
      if (entry === undefined) entries.set(finding.name, this.#newEntry(uri, finding, settings));
      else {
        entry.anchor = finding.anchor;
        this.#setText(entry, this.#textOf(finding, settings, entry), settings);
      }
    }
    for (const [name, entry] of entries) {
      if (found.has(name)) continue;
      if (syntaxErrors > 0 && entry.score.known?.outcome.state === 'ok')
        this.#setText(entry, { kind: 'broken', problems: syntaxErrors }, settings);
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
      if ((name !== undefined && entry.score.name !== name) || entry.score.text.kind !== 'network') continue;
      count += 1;
      const { known, text, work } = entry.score;
      const done = known?.digest === text.digest && known.complete && known.outcome.state === 'ok';
      if (!done && work !== 'scheduled') this.#start(entry, 'whatever it costs');
    }
    if (count > 0) this.#options.onChange(uri);
    return count;
  }

  /** Stops what runs and what waits, in all documents. */
  stop(): void {
    this.#each((entry) => {
      if (entry.score.work !== 'scheduled') return;
      this.#cancel(entry);
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
      const { text } = entry.score;
      if (text.kind === 'network')
        this.#setText(entry, { ...text, digest: this.#digest(text.network, entry.settings) }, entry.settings);
    });
  }

  /** Tries again what failed for a reason that may have passed. */
  retry(): void {
    this.#each((entry) => {
      const { text, known, work } = entry.score;
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

  #newEntry(uri: string, finding: ModelFinding, settings: Settings['score']): Entry {
    const { name, anchor } = finding;
    const text = this.#textOf(finding, settings);
    const entry: Entry = {
      id: JSON.stringify([uri, name]),
      uri,
      anchor,
      settings,
      score: { name, text, work: 'none' },
    };
    if (text.kind === 'network') this.#consider(entry, text);
    return entry;
  }

  #textOf(finding: ModelFinding, settings: Settings['score'], entry?: Entry): ModelText {
    const { sized, problems } = finding;
    if (sized === undefined) return { kind: 'broken', problems };
    const { totals } = sized;
    const before = entry?.score.text;
    // What was expanded once is added up once, wherever it is moved, and the hash of a large network is worth saving.
    const same = before?.kind === 'network' && before.totals === totals && entry?.settings === settings;
    const digest = same ? before.digest : this.#digest(sized.network, settings);
    return {
      kind: 'network',
      totals,
      digest,
      get network() {
        return sized.network;
      },
    };
  }

  /** Equal for texts and settings that give the same score. */
  #digest(network: Network, settings: Settings['score']): string {
    return JSON.stringify([networkHash(network), settings.final.settings, this.#epoch]);
  }

  #setText(entry: Entry, text: ModelText, settings: Settings['score']): void {
    const before = entry.score.text;
    entry.settings = settings;
    entry.score = { ...entry.score, text };
    const same =
      text.kind === 'broken'
        ? before.kind === 'broken'
        : before.kind === 'network' && before.digest === text.digest;
    if (same) return;
    this.#cancel(entry);
    this.#set(entry, { work: 'none' });
    if (text.kind === 'network') this.#consider(entry, text);
  }

  /** A text without a score: recalls it, schedules it, or leaves it to the user. */
  #consider(entry: Entry, text: Sized): void {
    const recalled = this.#memory.get(text.digest);
    if (recalled !== undefined) this.#set(entry, { known: recalled });
    if (recalled?.complete === true) return;
    const { onType, live, costLimit } = entry.settings;
    if (onType && cost(text, live) <= costLimit) this.#start(entry, 'within the limit');
    else this.#set(entry, { work: 'on-demand', cost: cost(text, entry.settings.final) });
  }

  #start(entry: Entry, limit: 'within the limit' | 'whatever it costs'): void {
    this.#set(entry, { work: 'scheduled' });
    clearTimeout(entry.timer);
    const delay =
      limit === 'within the limit' && entry.score.known !== undefined ? entry.settings.debounce : 0;
    entry.timer = setTimeout(() => {
      void this.#score(entry, limit === 'whatever it costs');
    }, delay);
  }

  async #score(entry: Entry, unlimited: boolean): Promise<void> {
    const { text, name } = entry.score;
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
      this.#learn(entry, text, final, false, {
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

  async #stages(entry: Entry, text: Sized, unlimited: boolean, turn: Turn): Promise<void> {
    const { signal } = turn;
    const { scorer, scheduler } = this.#options;
    const { live, final, costLimit } = entry.settings;
    const { network } = text;
    const learn = (stage: StagedSettings, outcome: ScoreOutcome, complete: boolean): void => {
      if (!signal.aborted) this.#learn(entry, text, stage, complete, outcome);
    };
    const stored = await scorer.stored(network, final.settings);
    if (stored !== undefined) {
      learn(final, stored, true);
      return;
    }
    const { known } = entry.score;
    const hasNumber = known?.digest === text.digest && known.outcome.state === 'ok';
    if (live !== final && !hasNumber) {
      const quick = await scorer.score(network, live.settings, { signal });
      learn(live, quick, false);
      if (quick.state === 'failed') return;
    }
    if (!unlimited && cost(text, final) > costLimit) return;
    // The quick scores of other models come before the last digits of this one.
    scheduler.setPriority(entry.id, 'background');
    await turn.giveWay();
    const outcome = await scorer.score(network, final.settings, {
      signal,
      interruption: turn,
      onSeed: (partial, done, total) => {
        if (done < total) learn(final, partial, false);
      },
    });
    learn(final, outcome, true);
  }

  /** A result for a text, which may not be the model's any more. */
  #learn(entry: Entry, text: Sized, stage: StagedSettings, complete: boolean, outcome: ScoreOutcome): void {
    const known: KnownScore = {
      outcome,
      digest: text.digest,
      setting: stage.name,
      seeds: stage.settings.seeds,
      complete: outcome.state === 'ok' ? complete : isLasting(outcome.reason),
    };
    this.#memory.set(known);
    if (outcome.state === 'ok') this.#engine ??= outcome.engine;
    const now = entry.score.text;
    if (now.kind === 'network' && now.digest === text.digest) this.#set(entry, { known });
  }

  #finish(entry: Entry, { digest }: Sized): void {
    const { text } = entry.score;
    if (text.kind === 'network' && text.digest === digest) this.#set(entry, { work: 'none' });
  }

  #cancel(entry: Entry): void {
    clearTimeout(entry.timer);
    this.#options.scheduler.cancel(entry.id);
  }

  #set(entry: Entry, change: { work?: Work; known?: KnownScore; cost?: number }): void {
    entry.score = { ...entry.score, ...change };
    if (this.#documents.get(entry.uri)?.get(entry.score.name) === entry) this.#options.onChange(entry.uri);
  }
}

function cost({ totals, network }: Sized, { settings }: StagedSettings): number {
  return scoreCost(totals, network.classes, settings);
}
