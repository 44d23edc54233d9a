import { createHash } from 'node:crypto';
import { availableParallelism, totalmem } from 'node:os';
import process from 'node:process';
import { EngineFailure } from '../engine.ts';
import type {
  EngineClient,
  EngineClientOptions,
  EngineFailureReason,
  EngineInfo,
  EngineStatus,
  RunOptions,
  TensorJob,
  TensorJobResult,
} from '../engine.ts';
import { EngineProcess } from './engine-process.ts';
import { engineNames } from './protocol.ts';
import type { EngineName, Reply } from './protocol.ts';

/** How patient the supervisor is, in milliseconds. */
export interface Timings {
  /** A process that says nothing for this long hangs. It speaks from a thread that never computes. */
  readonly silence: number;
  /** From spawning to being ready. */
  readonly start: number;
  /** From asking for a stop to killing: a chunk of a reasonable job ends in less. */
  readonly grace: number;
  /** First pause before restarting a process that died; doubles with every death in a row. */
  readonly backOff: number;
  readonly maxBackOff: number;
}

const defaultTimings: Timings = {
  silence: 10_000,
  start: 60_000,
  grace: 1500,
  backOff: 100,
  maxBackOff: 30_000,
};

const defaultTimeLimit = 5 * 60_000;
const defaultMemoryLimit = Math.min(4 * 2 ** 30, 0.6 * totalmem());
const maxThreads = 4;
/** Deaths in a row, none of them by our hand, after which the engine counts as broken. */
const maxStartFailures = 4;

/** A client whose engine process is started with the first job. */
export function createEngineClient(
  options: EngineClientOptions,
  timings: Partial<Timings> = {},
): EngineClient {
  return new Supervisor(options, { ...defaultTimings, ...timings });
}

interface Pending {
  readonly id: number;
  readonly job: TensorJob;
  readonly label: string;
  readonly timeLimit: number;
  readonly onProgress: RunOptions['onProgress'];
  readonly resolve: (result: TensorJobResult) => void;
  readonly reject: (failure: EngineFailure) => void;
  /** The caller has its answer; what the process still does for this job is of no interest. */
  settled: boolean;
}

class Supervisor implements EngineClient {
  readonly #options: EngineClientOptions;
  readonly #timings: Timings;
  readonly #listeners = new Set<(status: EngineStatus) => void>();
  readonly #queue: Pending[] = [];
  /** How often the process died running a job of this label since one last succeeded; from two on: quarantine. */
  readonly #deaths = new Map<string, number>();
  /** Deaths while loading an engine. */
  readonly #loadDeaths = new Map<EngineName, number>();

  #status: EngineStatus = { state: 'stopped' };
  #process: EngineProcess | undefined;
  #ready: { readonly info: EngineInfo; readonly reason?: string } | undefined;
  #trying: EngineName | undefined;
  #active: Pending | undefined;
  #jobTimer: NodeJS.Timeout | undefined;
  #startTimer: NodeJS.Timeout | undefined;
  #restartTimer: NodeJS.Timeout | undefined;
  /** Deaths in a row that were not ours to cause. */
  #failures = 0;
  /** Since when the engine counts as broken. */
  #failedAt: number | undefined;
  #nextId = 1;
  #disposed = false;

  constructor(options: EngineClientOptions, timings: Timings) {
    this.#options = options;
    this.#timings = timings;
  }

  async run(job: TensorJob, options: RunOptions = {}): Promise<TensorJobResult> {
    const { signal, onProgress } = options;
    const label =
      options.label ?? createHash('sha256').update(JSON.stringify(job)).digest('hex').slice(0, 16);
    if (this.#disposed) throw new EngineFailure('unavailable', 'The engine has been shut down.');
    if (signal?.aborted) throw cancelled();
    if (this.#isQuarantined(label)) throw quarantined(label);
    if (this.#failedAt !== undefined) {
      if (Date.now() - this.#failedAt < this.#timings.maxBackOff)
        throw new EngineFailure('unavailable', this.#status.reason ?? 'No engine could be started.');
      this.#forgive();
    }

    let onAbort: (() => void) | undefined;
    try {
      return await new Promise<TensorJobResult>((resolve, reject) => {
        const pending: Pending = {
          id: this.#nextId,
          job,
          label,
          timeLimit: options.timeLimit ?? this.#options.timeLimit ?? defaultTimeLimit,
          onProgress,
          resolve,
          reject,
          settled: false,
        };
        this.#nextId += 1;
        onAbort = () => {
          this.#abandon(pending, cancelled());
        };
        signal?.addEventListener('abort', onAbort);
        this.#queue.push(pending);
        this.#pump();
      });
    } finally {
      if (onAbort !== undefined) signal?.removeEventListener('abort', onAbort);
    }
  }

  status(): EngineStatus {
    return this.#status;
  }

  onStatus(listener: (status: EngineStatus) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  restart(): void {
    if (this.#disposed) return;
    this.#deaths.clear();
    this.#forgive();
    this.#requeueActive();
    this.#discard('restarted on request');
    this.#pump();
  }

  async dispose(): Promise<void> {
    if (this.#disposed) return;
    this.#disposed = true;
    const failure = new EngineFailure('cancelled', 'The engine was shut down.');
    for (const pending of [...this.#queue.splice(0), ...(this.#active ? [this.#active] : [])])
      this.#settle(pending, () => {
        pending.reject(failure);
      });
    this.#active = undefined;
    clearTimeout(this.#restartTimer);
    const current = this.#process;
    this.#forgetProcess();
    if (current !== undefined) {
      current.ref();
      current.kill('shut down');
      await current.gone;
    }
    this.#setStatus({ state: 'stopped' });
    this.#listeners.clear();
  }

  // Jobs

  /** Starts the next job, or what is missing for it. */
  #pump(): void {
    if (this.#active !== undefined) return;
    const next = this.#queue[0];
    if (next === undefined) {
      this.#process?.unref();
      if (this.#ready !== undefined) this.#setStatus({ state: 'idle', ...this.#ready, ...this.#pid() });
      else if (this.#process === undefined && this.#failedAt === undefined)
        this.#setStatus({
          state: 'stopped',
          ...(this.#status.reason === undefined ? {} : { reason: this.#status.reason }),
        });
      return;
    }
    if (this.#process === undefined) {
      this.#start();
      return;
    }
    this.#process.ref();
    if (this.#ready === undefined) return;

    this.#queue.shift();
    this.#active = next;
    this.#jobTimer = setTimeout(() => {
      const message = `The computation took longer than ${next.timeLimit / 1000} s.`;
      this.#abandon(next, new EngineFailure('time-limit', message));
    }, next.timeLimit);
    this.#process.send({ type: 'run', id: next.id, job: next.job });
    this.#setStatus({ state: 'busy', ...this.#ready, ...this.#pid() });
  }

  /** Gives the caller its failure at once, and makes the process stop working on it. */
  #abandon(pending: Pending, failure: EngineFailure): void {
    this.#settle(pending, () => {
      pending.reject(failure);
    });
    const index = this.#queue.indexOf(pending);
    if (index >= 0) {
      this.#queue.splice(index, 1);
      this.#pump();
    } else if (this.#active === pending) {
      this.#process?.send({ type: 'cancel', id: pending.id });
      clearTimeout(this.#jobTimer);
      this.#jobTimer = setTimeout(() => {
        this.#finishActive();
        this.#discard('did not stop when asked to');
        this.#pump();
      }, this.#timings.grace);
    }
  }

  #settle(pending: Pending, answer: () => void): void {
    if (pending.settled) return;
    pending.settled = true;
    answer();
  }

  #finishActive(): Pending | undefined {
    clearTimeout(this.#jobTimer);
    const active = this.#active;
    this.#active = undefined;
    return active;
  }

  /** Puts the running job back to the front of the queue, unless its caller has an answer already. */
  #requeueActive(): void {
    const active = this.#finishActive();
    if (active !== undefined && !active.settled) this.#queue.unshift(active);
  }

  #rejectAll(reason: EngineFailureReason, message: string): void {
    this.#requeueActive();
    for (const pending of this.#queue.splice(0))
      this.#settle(pending, () => {
        pending.reject(new EngineFailure(reason, message));
      });
  }

  // The process

  #start(): void {
    if (this.#restartTimer !== undefined || this.#disposed) return;
    const delay =
      this.#failures === 0
        ? 0
        : Math.min(this.#timings.maxBackOff, this.#timings.backOff * 2 ** (this.#failures - 1));
    if (delay === 0) {
      this.#spawn();
      return;
    }
    this.#restartTimer = setTimeout(() => {
      this.#restartTimer = undefined;
      this.#spawn();
    }, delay);
  }

  #spawn(): void {
    const candidates = this.#candidates();
    this.#setStatus({ ...this.#status, state: this.#failures === 0 ? 'starting' : 'restarting' });
    const started: EngineProcess = new EngineProcess({
      modulePath: this.#options.modulePath,
      execPath: this.#options.execPath ?? process.execPath,
      silenceLimit: this.#timings.silence,
      log: (line) => {
        this.#log(line);
      },
      onReply: (reply) => {
        if (this.#process === started) this.#onReply(reply);
      },
      onExit: (reason) => {
        if (this.#process === started) this.#onExit(reason);
      },
    });
    this.#process = started;
    this.#trying = undefined;
    this.#startTimer = setTimeout(() => {
      started.kill(`was not ready after ${this.#timings.start / 1000} s`);
    }, this.#timings.start);
    this.#log(`engine process ${started.pid ?? '(none)'} started`);
    started.send({ type: 'start', candidates, threads: this.#threads() });
    this.#pump();
  }

  #onReply(reply: Reply): void {
    switch (reply.type) {
      case 'trying':
        this.#trying = reply.engine;
        break;
      case 'ready': {
        clearTimeout(this.#startTimer);
        const reason = [...this.#excludedNotes(), ...reply.notes].join('; ');
        this.#ready = { info: reply.info, ...(reason === '' ? {} : { reason }) };
        this.#log(`${reply.info.version} on ${reply.info.threads} threads${reason && ` (${reason})`}`);
        this.#pump();
        break;
      }
      case 'failed':
        this.#fail([...this.#excludedNotes(), ...reply.notes].join('; '));
        break;
      case 'alive':
        this.#checkMemory(reply.rss);
        break;
      case 'log':
        this.#log(reply.line);
        break;
      case 'progress':
        if (this.#active?.id === reply.id && !this.#active.settled)
          this.#guard(() => this.#active?.onProgress?.(reply.done, reply.total));
        break;
      case 'result':
      case 'error':
        this.#onAnswer(reply);
        break;
    }
  }

  #onAnswer(reply: Extract<Reply, { type: 'result' | 'error' }>): void {
    if (this.#active?.id !== reply.id) return;
    const active = this.#finishActive()!;
    this.#failures = 0;
    this.#deaths.delete(active.label);
    this.#settle(active, () => {
      if (reply.type === 'result') active.resolve(reply.result);
      else active.reject(new EngineFailure(reply.reason, reply.message));
    });
    this.#pump();
  }

  #checkMemory(rss: number): void {
    const limit = this.#options.memoryLimit ?? defaultMemoryLimit;
    if (rss <= limit) return;
    const message = `The computation needs more than ${Math.round(limit / 2 ** 20)} MB of memory.`;
    const active = this.#finishActive();
    if (active !== undefined)
      this.#settle(active, () => {
        active.reject(new EngineFailure('out-of-memory', message));
      });
    this.#discard(`took ${Math.round(rss / 2 ** 20)} MB`);
    this.#pump();
  }

  /** The process ended without being told to by a decision of the supervisor. */
  #onExit(reason: string): void {
    this.#forgetProcess();
    this.#failures += 1;
    this.#log(`engine process ${reason}`);
    this.#setStatus({ state: 'restarting', reason: `The engine process ${reason}.` });

    const active = this.#finishActive();
    if (active !== undefined) {
      if (!active.settled) this.#retry(active);
    } else if (this.#ready === undefined) {
      if (this.#trying !== undefined)
        this.#loadDeaths.set(this.#trying, (this.#loadDeaths.get(this.#trying) ?? 0) + 1);
      if (this.#failures >= maxStartFailures) {
        this.#fail(`The engine process ${reason}.`);
        return;
      }
    }
    this.#ready = undefined;
    this.#pump();
  }

  /** The process died under this job: once more on a fresh one, then never again. */
  #retry(active: Pending): void {
    this.#deaths.set(active.label, (this.#deaths.get(active.label) ?? 0) + 1);
    if (this.#isQuarantined(active.label))
      this.#settle(active, () => {
        active.reject(quarantined(active.label));
      });
    else this.#queue.unshift(active);
  }

  /** No engine: everything that waits fails, and so does what comes until the longest pause is over. */
  #fail(reason: string): void {
    this.#failedAt = Date.now();
    this.#discard(reason);
    this.#setStatus({ state: 'failed', reason });
    this.#rejectAll('unavailable', reason);
  }

  /** Ends the process by decision: its death is nobody's fault. */
  #discard(reason: string): void {
    const current = this.#process;
    this.#forgetProcess();
    this.#ready = undefined;
    if (current === undefined) return;
    this.#log(`engine process ${current.pid ?? '(none)'} ended: ${reason}`);
    current.kill(reason);
  }

  #forgetProcess(): void {
    clearTimeout(this.#startTimer);
    this.#process = undefined;
  }

  #forgive(): void {
    this.#failures = 0;
    this.#failedAt = undefined;
    this.#loadDeaths.clear();
    clearTimeout(this.#restartTimer);
    this.#restartTimer = undefined;
  }

  // Details

  #candidates(): readonly EngineName[] {
    const { choice } = this.#options;
    return choice === 'auto' ? engineNames.filter((name) => !this.#isExcluded(name)) : [choice];
  }

  /** A native library that ended the process twice while being loaded is not tried a third time. */
  #isExcluded(name: EngineName): boolean {
    return (this.#loadDeaths.get(name) ?? 0) >= 2;
  }

  #excludedNotes(): readonly string[] {
    if (this.#options.choice !== 'auto') return [];
    return engineNames
      .filter((name) => this.#isExcluded(name))
      .map((name) => `${name}: ends the process while it is being loaded`);
  }

  #isQuarantined(label: string): boolean {
    return (this.#deaths.get(label) ?? 0) >= 2;
  }

  #threads(): number {
    const { threads = 0 } = this.#options;
    return threads > 0 ? threads : Math.min(maxThreads, availableParallelism());
  }

  #pid(): { readonly pid?: number } {
    const pid = this.#process?.pid;
    return pid === undefined ? {} : { pid };
  }

  #setStatus(status: EngineStatus): void {
    this.#status = status;
    for (const listener of this.#listeners)
      this.#guard(() => {
        listener(status);
      });
  }

  /** A listener that throws must not stop the supervisor. */
  #guard(call: () => void): void {
    try {
      call();
    } catch (error) {
      this.#log(`listener failed: ${String(error)}`);
    }
  }

  #log(line: string): void {
    this.#options.log?.(line);
  }
}

function cancelled(): EngineFailure {
  return new EngineFailure('cancelled', 'Cancelled.');
}

function quarantined(label: string): EngineFailure {
  return new EngineFailure(
    'quarantined',
    `The engine process died twice computing this (${label}); it is not tried again until the engine is restarted.`,
  );
}
