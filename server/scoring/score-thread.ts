import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { EngineStatus } from '../engine/engine.ts';
import type { EngineReport } from '../engine/pool/report.ts';
import type { EngineName } from '../engine/registry.ts';
import type { Network } from '../network/network.ts';
import type { EntryProxies } from '../ranking/entry.ts';
import type { InsightOutcome } from '../score/insight/insight.ts';
import type { ScoreOptions } from '../score/scorer.ts';
import type { Score, ScoreOutcome, ScoreSettings } from '../score/types.ts';
import type { StoreSize } from '../store/entry-folder.ts';
import type { FromScoreThread, ScoringSettings, ToScoreThread } from './score-thread-protocol.ts';
import { SentNetworks } from './sent-networks.ts';

/** What the score board needs of whoever scores. */
export interface ScoreService {
  score(network: Network, settings: ScoreSettings, options?: ScoreOptions): Promise<ScoreOutcome>;
  stored(network: Network, settings: ScoreSettings): Promise<ScoreOutcome | undefined>;
}

/** What the insight board needs of whoever looks into scores. */
export interface InsightService {
  insight(network: Network, score: Score, options?: JobOptions): Promise<InsightOutcome>;
}

type JobOptions = Pick<ScoreOptions, 'signal' | 'onSeed' | 'interruption'>;

type Answer = Extract<FromScoreThread, { type: 'outcome' | 'insight' | 'proxies' }>;

interface Job {
  readonly options: JobOptions;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
}

type Request = Extract<ToScoreThread, { type: 'score' | 'stored' | 'insight' | 'proxies' }>;
/** A request without the numbers it and its network get. */
type Numberless<R> = R extends unknown ? Omit<R, 'id' | 'network'> : never;

/** How long a shutdown waits for the engine process to end (milliseconds). */
const shutdownPatience = 3000;

/**
 * A scorer and its engine in a thread of their own, started with the first job: making the tensor program of a large
 * network takes longer than a hover may. A thread that dies is replaced; what it was doing fails.
 */
export class ScoreThread implements ScoreService, InsightService {
  readonly #log: (line: string) => void;
  readonly #listeners = new Set<(status: EngineStatus) => void>();
  readonly #jobs = new Map<number, Job>();
  readonly #clearing = new Map<number, (size: StoreSize) => void>();
  readonly #surveys = new Map<number, (reports: readonly EngineReport[], done: boolean) => void>();
  readonly #networks = new SentNetworks((message) => {
    this.#send(message);
  });
  #worker: Worker | undefined;
  #settings: ScoringSettings;
  #status: EngineStatus = { state: 'stopped' };
  #nextId = 1;
  #disposed: (() => void) | undefined;

  constructor(settings: ScoringSettings, log: (line: string) => void) {
    this.#settings = settings;
    this.#log = log;
  }

  async score(network: Network, settings: ScoreSettings, options: ScoreOptions = {}): Promise<ScoreOutcome> {
    const { anew = false } = options;
    const outcome = await this.#outcome(network, { type: 'score', settings, anew }, options);
    if (outcome === undefined) throw new Error('The scoring thread gave no outcome.');
    return outcome;
  }

  async stored(network: Network, settings: ScoreSettings): Promise<ScoreOutcome | undefined> {
    return await this.#outcome(network, { type: 'stored', settings });
  }

  async insight(network: Network, score: Score, options: JobOptions = {}): Promise<InsightOutcome> {
    const answer = await this.#run(network, { type: 'insight', score }, options);
    if (answer.type !== 'insight') throw new Error('The scoring thread gave no insight.');
    return answer.outcome;
  }

  /** Other scores of a network. @param names of proxies; the answer has for each its value, or why it has none */
  async proxies(
    network: Network,
    names: readonly string[],
    settings: ScoreSettings,
    options: JobOptions = {},
  ): Promise<EntryProxies> {
    const answer = await this.#run(network, { type: 'proxies', names, settings }, options);
    if (answer.type !== 'proxies') throw new Error('The scoring thread gave no proxies.');
    return answer.outcome;
  }

  /** Takes the engine and the store that the settings ask for. @returns whether the engine is another */
  configure(settings: ScoringSettings): boolean {
    const isAnother = JSON.stringify(settings.engine) !== JSON.stringify(this.#settings.engine);
    this.#settings = settings;
    this.#send({ type: 'configure', settings });
    return isAnother;
  }

  /** Removes the stored scores of this user. @returns what was removed */
  async clearStore(): Promise<StoreSize> {
    const id = this.#nextId++;
    return await new Promise((resolve) => {
      this.#clearing.set(id, resolve);
      this.#worker ??= this.#start();
      this.#send({ type: 'clear-store', id });
    });
  }

  /**
   * Tests the engines that have not been tested, or only one, anew.
   *
   * @param onChange told as soon as more is known
   */
  async survey(
    onChange: (reports: readonly EngineReport[]) => void,
    only?: EngineName,
  ): Promise<readonly EngineReport[]> {
    const id = this.#nextId++;
    try {
      return await new Promise((resolve) => {
        this.#surveys.set(id, (reports, done) => {
          if (done) resolve(reports);
          else onChange(reports);
        });
        this.#worker ??= this.#start();
        this.#send({ type: 'survey', id, ...(only === undefined ? {} : { only }) });
      });
    } finally {
      this.#surveys.delete(id);
    }
  }

  status(): EngineStatus {
    return this.#status;
  }

  onStatus(listener: (status: EngineStatus) => void): void {
    this.#listeners.add(listener);
  }

  /** Kills the engine process; what was running is run again. */
  restart(): void {
    this.#send({ type: 'restart' });
  }

  async dispose(): Promise<void> {
    const worker = this.#worker;
    if (worker === undefined) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, shutdownPatience);
      this.#disposed = () => {
        clearTimeout(timer);
        resolve();
      };
      this.#send({ type: 'dispose' });
    });
    this.#worker = undefined;
    await worker.terminate();
  }

  async #outcome(
    network: Network,
    request: Numberless<Request>,
    options: JobOptions = {},
  ): Promise<ScoreOutcome | undefined> {
    const answer = await this.#run(network, request, options);
    return answer.type === 'outcome' ? answer.outcome : undefined;
  }

  async #run(network: Network, request: Numberless<Request>, options: JobOptions): Promise<Answer> {
    const id = this.#nextId++;
    const { signal } = options;
    const onAbort = (): void => {
      this.#send({ type: 'cancel', id });
    };
    const noMore = options.interruption?.onWanted(() => {
      this.#send({ type: 'wanted', id });
    });
    signal?.addEventListener('abort', onAbort);
    try {
      return await new Promise((resolve, reject) => {
        this.#jobs.set(id, { options, resolve, reject });
        this.#worker ??= this.#start();
        this.#send({ ...request, id, network: this.#networks.numberOf(network) });
        if (signal?.aborted === true) onAbort();
      });
    } finally {
      this.#jobs.delete(id);
      noMore?.();
      signal?.removeEventListener('abort', onAbort);
    }
  }

  #send(message: ToScoreThread): void {
    this.#worker?.postMessage(message);
  }

  #start(): Worker {
    const worker = new Worker(threadModule());
    this.#networks.clear();
    worker.on('message', (message: FromScoreThread) => {
      if (worker === this.#worker) this.#receive(message);
    });
    worker.on('error', (error: unknown) => {
      this.#log(`The scoring thread failed: ${error instanceof Error ? String(error.stack) : String(error)}`);
    });
    worker.on('exit', () => {
      if (worker === this.#worker) this.#died();
    });
    worker.postMessage({ type: 'configure', settings: this.#settings } satisfies ToScoreThread);
    return worker;
  }

  #died(): void {
    this.#worker = undefined;
    this.#setStatus({ state: 'stopped', reason: 'The scoring thread ended.' });
    for (const tell of this.#surveys.values()) tell([], true);
    for (const job of this.#jobs.values()) job.reject(new Error('The scoring thread ended.'));
    for (const resolve of this.#clearing.values()) resolve({ entries: 0, bytes: 0 });
    this.#clearing.clear();
  }

  #receive(message: FromScoreThread): void {
    switch (message.type) {
      case 'seed':
        this.#jobs.get(message.id)?.options.onSeed?.(message.partial, message.done, message.total);
        break;
      case 'between':
        void this.#between(message.id);
        break;
      case 'outcome':
      case 'insight':
      case 'proxies':
        this.#jobs.get(message.id)?.resolve(message);
        break;
      case 'store-cleared':
        this.#clearing.get(message.id)?.(message.size);
        this.#clearing.delete(message.id);
        break;
      case 'error':
        this.#jobs.get(message.id)?.reject(new Error(message.message));
        break;
      case 'engines':
        this.#surveys.get(message.id)?.(message.reports, message.done);
        break;
      case 'status':
        this.#setStatus(message.status);
        break;
      case 'log':
        this.#log(message.line);
        break;
      case 'disposed':
        this.#disposed?.();
    }
  }

  async #between(id: number): Promise<void> {
    try {
      await this.#jobs.get(id)?.options.interruption?.giveWay();
      this.#send({ type: 'go-on', id });
    } catch {
      // `giveWay` rejects when the job is cancelled.
      this.#send({ type: 'cancel', id });
    }
  }

  #setStatus(status: EngineStatus): void {
    this.#status = status;
    for (const listener of this.#listeners) listener(status);
  }
}

/** The program of the thread: a bundle beside that of the program that starts it, or the source. */
function threadModule(): string {
  return join(import.meta.dirname, import.meta.filename.endsWith('.ts') ? 'main.ts' : 'scoring.cjs');
}
