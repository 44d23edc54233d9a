import { LRUCache } from 'lru-cache';
import { isLasting } from '../base/failure-reasons.ts';
import type { Network } from '../network/network.ts';
import type { Insight, InsightFailure } from '../score/insight/insight.ts';
import type { Priority, Scheduler } from '../score/scheduler.ts';
import type { Score } from '../score/types.ts';
import type { ModelScore } from './model-score.ts';
import type { ScoreBoard } from './score-board.ts';
import type { InsightService } from './score-thread.ts';

/** What is known of the inside of a model's score. */
export type InsightState =
  /** Of the score that is shown. */
  | { readonly state: 'current'; readonly insight: Insight; readonly score: Score }
  /** Under way, or waiting for its turn; the last one is of an earlier text or score. */
  | { readonly state: 'computing'; readonly last?: Insight }
  /** Not asked for yet, or the score it would look into is not there. */
  | { readonly state: 'absent'; readonly last?: Insight }
  | { readonly state: 'failed'; readonly failure: InsightFailure };

export interface InsightBoardOptions {
  readonly service: InsightService;
  readonly board: ScoreBoard;
  readonly scheduler: Scheduler;
  readonly log: (line: string) => void;
  /** Insights of a document have changed. */
  readonly onChange: (uri: string) => void;
}

/** Insights kept; one is about 100 kB. */
const capacity = 60;

/**
 * The insights of models in open documents. They are computed when someone asks, after the score has settled and behind
 * every score that is wanted, and dropped from the queue as soon as the text changes.
 */
export class InsightBoard {
  readonly #options: InsightBoardOptions;
  /** By the key of the score. */
  readonly #known = new LRUCache<string, Insight | InsightFailure>({ max: capacity });
  /** The last insight of a model, by job. */
  readonly #last = new Map<string, Insight>();
  /** By job: the key of the score it looks into. */
  readonly #jobs = new Map<string, string>();
  /** Asked for while the score was not there yet, by job. */
  readonly #wanted = new Map<string, Priority>();

  constructor(options: InsightBoardOptions) {
    this.#options = options;
  }

  of(uri: string, name: string): InsightState {
    const id = jobId(uri, name);
    const last = this.#last.get(id);
    const earlier = last === undefined ? {} : { last };
    const subject = subjectOf(this.#options.board.model(uri, name));
    if (subject === undefined) {
      return { state: this.#wanted.has(id) ? 'computing' : 'absent', ...earlier };
    }
    const known = this.#known.get(subject.score.key);
    if (known === undefined) {
      return { state: this.#jobs.has(id) || this.#wanted.has(id) ? 'computing' : 'absent', ...earlier };
    }
    return known.state === 'ok'
      ? { state: 'current', insight: known, score: subject.score }
      : { state: 'failed', failure: known };
  }

  /**
   * Asks for the insight of a model, now or as soon as its score has settled.
   * @returns whether one is, or will be, there
   */
  want(uri: string, name: string, priority: Exclude<Priority, 'interactive'>): boolean {
    const model = this.#options.board.model(uri, name);
    if (model === undefined) return false;
    const id = jobId(uri, name);
    const subject = subjectOf(model);
    if (subject === undefined) {
      if (!isUnderWay(model)) return false;
      this.#wanted.set(id, priority);
      return true;
    }
    const { key } = subject.score;
    if (this.#known.has(key)) return true;
    if (this.#jobs.get(id) === key) {
      if (priority === 'visible') this.#options.scheduler.setPriority(id, priority);
      return true;
    }
    this.#jobs.set(id, key);
    void this.#look(id, uri, subject, priority);
    return true;
  }

  /** The scores of a document have changed: what runs for earlier ones is stopped, what waited for these starts. */
  update(uri: string): void {
    const names = new Set<string>();
    for (const { score: model } of this.#options.board.models(uri)) {
      names.add(jobId(uri, model.name));
      const id = jobId(uri, model.name);
      const subject = subjectOf(model);
      if (this.#jobs.has(id) && this.#jobs.get(id) !== subject?.score.key) this.#stop(id);
      const wanted = this.#wanted.get(id);
      if (wanted === undefined) continue;
      if (!isUnderWay(model)) this.#wanted.delete(id);
      if (subject !== undefined && wanted !== 'interactive') this.want(uri, model.name, wanted);
    }
    for (const id of [...this.#jobs.keys(), ...this.#wanted.keys(), ...this.#last.keys()]) {
      if (names.has(id) || documentOf(id) !== uri) continue;
      this.#stop(id);
      this.#wanted.delete(id);
      this.#last.delete(id);
    }
  }

  /** Forgets what failed for a reason that may have passed: it is tried again when someone asks. */
  retry(): void {
    for (const [key, known] of [...this.#known.entries()]) {
      if (known.state === 'failed' && !isLasting(known.reason)) this.#known.delete(key);
    }
  }

  /** Stops what runs and forgets what waits. */
  stop(): void {
    for (const id of this.#jobs.keys()) this.#stop(id);
    this.#wanted.clear();
  }

  #stop(id: string): void {
    this.#jobs.delete(id);
    this.#options.scheduler.cancel(id);
  }

  async #look(id: string, uri: string, { network, score }: Subject, priority: Priority): Promise<void> {
    const { service, scheduler, log, onChange } = this.#options;
    const finished = (): void => {
      if (this.#jobs.get(id) === score.key) this.#jobs.delete(id);
      onChange(uri);
    };
    onChange(uri);
    try {
      const outcome = await scheduler.schedule(id, priority, (turn) =>
        service.insight(network, score, { signal: turn.signal, interruption: turn }),
      );
      if (outcome === undefined) return;
      if (outcome.state === 'ok') this.#last.set(id, outcome);
      if (outcome.state === 'ok' || outcome.reason !== 'cancelled') this.#known.set(score.key, outcome);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      log(`Looking into ${network.name} failed: ${error instanceof Error ? String(error.stack) : message}`);
      this.#known.set(score.key, { state: 'failed', reason: 'internal', message });
    }
    finished();
  }
}

interface Subject {
  readonly network: Network;
  readonly score: Score;
}

/** Whether the scoring loop has something to do for a model. */
function isUnderWay({ state }: ModelScore): boolean {
  return state === 'computing' || state === 'refining';
}

/** The score to look into: of the text as it is, and nothing is at work on it. */
function subjectOf(model: ModelScore | undefined): Subject | undefined {
  return model?.state === 'current' || model?.state === 'quick'
    ? { network: model.text.network, score: model.score }
    : undefined;
}

/** Unique among the jobs of the scheduler: the id of a score is `[uri, name]` in JSON. */
function jobId(uri: string, name: string): string {
  return JSON.stringify(['insight', uri, name]);
}

function documentOf(id: string): string {
  return (JSON.parse(id) as readonly string[])[1]!;
}
