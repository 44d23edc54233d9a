import { availableParallelism } from 'node:os';
import process from 'node:process';
import { formatBytes } from '../../base/quantities.ts';
import { defaultMemoryLimit } from '../../base/memory.ts';
import { EngineFailure } from '../engine.ts';
import type {
  EngineClient,
  EngineClientOptions,
  EngineInfo,
  EngineStatus,
  RunOptions,
  TensorJob,
  TensorJobResult,
} from '../engine.ts';
import { Candidates, isForeign, Quarantine, quarantined, type Death } from './blame.ts';
import { EngineProcess } from './engine-process.ts';
import { JobQueue } from './job-queue.ts';
import { labelOf, PendingJob } from './pending-job.ts';
import type { EngineName } from '../registry.ts';
import type { Reply } from './protocol.ts';
import { Restarts } from './restarts.ts';
import { StatusNotifier } from './status-notifier.ts';
import { defaultTimings } from './timings.ts';
import type { Timings } from './timings.ts';

const defaultTimeLimit = 5 * 60_000;
const maxThreads = 4;

/** A client whose engine process is started with the first job. */
export function createEngineClient(
  options: EngineClientOptions,
  timings: Partial<Timings> = {},
): EngineClient {
  return new Supervisor(options, { ...defaultTimings, ...timings });
}

/** Runs one process and one job at a time. Whatever happens to the process ends in a named state. */
class Supervisor implements EngineClient {
  readonly #options: EngineClientOptions;
  readonly #timings: Timings;
  readonly #notifier: StatusNotifier;
  readonly #restarts: Restarts;
  readonly #jobs = new JobQueue();
  readonly #quarantine = new Quarantine();
  readonly #candidates: Candidates;

  #process: EngineProcess | undefined;
  #ready: { readonly info: EngineInfo; readonly reason?: string } | undefined;
  #trying: EngineName | undefined;
  /** Bytes that the process may take. */
  #memoryLimit = Infinity;
  /** Bytes the process took when it last said so. */
  #resident = 0;
  #startTimer: NodeJS.Timeout | undefined;
  #idleTimer: NodeJS.Timeout | undefined;
  #nextId = 1;
  #disposed = false;

  constructor(options: EngineClientOptions, timings: Timings) {
    this.#options = options;
    this.#timings = timings;
    this.#notifier = new StatusNotifier((line) => {
      this.#log(line);
    });
    this.#restarts = new Restarts(timings);
    this.#candidates = new Candidates(options.choice);
  }

  prepare(): void {
    if (this.#disposed || this.#process !== undefined || this.#restarts.isBroken) return;
    this.#restarts.schedule(() => {
      this.#spawn();
    });
  }

  async run(job: TensorJob, options: RunOptions = {}): Promise<TensorJobResult> {
    const { signal } = options;
    const label = options.label ?? labelOf(job);
    if (this.#disposed) throw new EngineFailure('unavailable', 'The engine has been shut down.');
    if (signal?.aborted) throw cancelled();
    if (this.#quarantine.isGuilty(label)) throw quarantined(label);
    if (this.#restarts.isBroken) {
      if (!this.#restarts.mayTryAgain)
        throw new EngineFailure('unavailable', this.status().reason ?? 'No engine could be started.');
      this.#forgive();
    }

    const timeLimit = options.timeLimit ?? this.#options.timeLimit ?? defaultTimeLimit;
    const pending = new PendingJob(this.#nextId, job, label, timeLimit, options.onProgress);
    this.#nextId += 1;
    const onAbort = (): void => {
      this.#abandon(pending, cancelled());
    };
    signal?.addEventListener('abort', onAbort);
    this.#jobs.add(pending);
    this.#pump();
    try {
      return await pending.result;
    } finally {
      signal?.removeEventListener('abort', onAbort);
    }
  }

  status(): EngineStatus {
    return this.#notifier.status;
  }

  onStatus(listener: (status: EngineStatus) => void): () => void {
    return this.#notifier.listen(listener);
  }

  restart(): void {
    if (this.#disposed) return;
    this.#quarantine.clear();
    this.#forgive();
    this.#jobs.requeue();
    this.#discard('restarted on request');
    this.#setStatus({ state: 'stopped' });
    this.#pump();
  }

  async dispose(): Promise<void> {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#restarts.cancel();
    clearTimeout(this.#idleTimer);
    const current = this.#process;
    this.#forgetProcess();
    this.#jobs.failAll(new EngineFailure('cancelled', 'The engine was shut down.'));
    if (current !== undefined) {
      current.ref();
      current.kill('shut down', 'killed');
      await current.gone;
    }
    this.#setStatus({ state: 'stopped' });
    this.#notifier.clear();
  }

  // Jobs

  /** Starts the next job, or the process that it needs. */
  #pump(): void {
    if (this.#jobs.active !== undefined || this.#disposed) return;
    clearTimeout(this.#idleTimer);
    if (this.#jobs.next === undefined) {
      this.#rest();
      return;
    }
    if (this.#process === undefined) {
      this.prepare();
      return;
    }
    this.#process.ref();
    if (this.#ready === undefined) return;

    const { id, job } = this.#jobs.begin((late) => {
      const message = `No part of the computation ended within ${late.timeLimit / 1000} s.`;
      this.#abandon(late, new EngineFailure('time-limit', message));
    });
    this.#process.send({ type: 'run', id, job });
    this.#setStatus({ state: 'busy', ...this.#ready, ...this.#pid() });
  }

  /** Notes that there is nothing to do. */
  #rest(): void {
    if (this.#process === undefined) {
      if (!this.#restarts.isBroken) this.#setStatus({ state: 'stopped', ...this.#reason() });
      return;
    }
    this.#process.unref();
    this.#idleTimer = setTimeout(() => {
      this.#discard(`idle for ${this.#timings.idle / 60_000} minutes`);
      this.#setStatus({ state: 'stopped' });
    }, this.#timings.idle).unref();
    if (this.#ready !== undefined) this.#setStatus({ state: 'idle', ...this.#ready, ...this.#pid() });
  }

  /** Gives the caller its failure at once, and makes the process stop working on it. */
  #abandon(pending: PendingJob, failure: EngineFailure): void {
    pending.fail(failure);
    if (this.#jobs.remove(pending)) {
      this.#pump();
    } else if (this.#jobs.active === pending) {
      this.#process?.send({ type: 'cancel', id: pending.id });
      this.#jobs.limit(this.#timings.grace, () => {
        this.#jobs.finish();
        this.#discard('did not stop when asked to');
        this.#pump();
      });
    }
  }

  // The process

  #spawn(): void {
    this.#setStatus({ state: this.#restarts.isFirst ? 'starting' : 'restarting', ...this.#reason() });
    const started: EngineProcess = new EngineProcess({
      modulePath: this.#options.modulePath,
      execPath: this.#options.execPath ?? process.execPath,
      silenceLimit: this.#timings.silence,
      log: (line) => {
        this.#log(line);
      },
      // Messages of a process that has been given up are ignored.
      onReply: (reply) => {
        if (this.#process === started) this.#onReply(reply);
      },
      onExit: (reason, death) => {
        if (this.#process === started) this.#onExit(reason, this.#blame(death));
      },
    });
    this.#process = started;
    this.#memoryLimit = this.#options.memoryLimit ?? defaultMemoryLimit();
    this.#resident = 0;
    this.#trying = undefined;
    this.#startTimer = setTimeout(() => {
      started.kill(`was not ready after ${this.#timings.start / 1000} s`, 'own');
    }, this.#timings.start);
    this.#log(`engine process ${started.pid ?? '(none)'} started`);
    started.send({
      type: 'start',
      candidates: this.#candidates.list(),
      threads: this.#threads(),
      cudaPath: this.#options.cudaPath ?? '',
      memoryLimit: this.#memoryLimit,
    });
    this.#pump();
  }

  #onReply(reply: Reply): void {
    switch (reply.type) {
      case 'trying':
        this.#trying = reply.engine;
        break;
      case 'ready': {
        clearTimeout(this.#startTimer);
        if (this.#trying !== undefined) this.#candidates.loaded(this.#trying);
        const reason = [...this.#candidates.notes(), ...reply.notes].join('; ');
        this.#ready = { info: reply.info, ...(reason === '' ? {} : { reason }) };
        this.#log(`${reply.info.version}, threads: ${reply.info.threads}${reason && ` (${reason})`}`);
        this.#pump();
        break;
      }
      case 'failed':
        this.#giveUp([...this.#candidates.notes(), ...reply.notes].join('; '));
        break;
      case 'alive':
        this.#checkMemory(reply.rss);
        break;
      case 'log':
        this.#log(reply.line);
        break;
      case 'progress': {
        const { active } = this.#jobs;
        if (active?.id !== reply.id) break;
        this.#jobs.progressed();
        this.#notifier.guard(() => {
          active.progress(reply.done, reply.total);
        });
        break;
      }
      case 'result':
      case 'error':
        this.#onAnswer(reply);
        break;
    }
  }

  #onAnswer(reply: Extract<Reply, { type: 'result' | 'error' }>): void {
    if (this.#jobs.active?.id !== reply.id) return;
    const active = this.#jobs.finish()!;
    this.#restarts.worked();
    this.#quarantine.acquit(active.label);
    if (reply.type === 'result') active.succeed(reply.result);
    else active.fail(new EngineFailure(reply.reason, reply.message, reply.isOfWeights));
    this.#pump();
  }

  /** Blames the process for a kill where it took more than half its memory: a system without memory kills the one that takes most. */
  #blame(death: Death): Death {
    return death === 'killed' && this.#resident > this.#memoryLimit / 2 ? 'own' : death;
  }

  #checkMemory(rss: number): void {
    this.#resident = rss;
    if (rss <= this.#memoryLimit) return;
    const message = `The computation needs more than ${formatBytes(this.#memoryLimit)} of memory.`;
    this.#jobs.finish()?.fail(new EngineFailure('out-of-memory', message));
    this.#discard(`took ${formatBytes(rss)}`);
    this.#pump();
  }

  /** Handles the end of a process that the supervisor had not given up. */
  #onExit(reason: string, death: Death): void {
    const wasReady = this.#ready !== undefined;
    this.#forgetProcess();
    const isHopeless = this.#restarts.died(death, wasReady);
    this.#log(`engine process ${reason}`);
    this.#setStatus({ state: 'restarting', reason: `The engine process ${reason}.` });

    const active = this.#jobs.finish();
    if (active?.settled === false) this.#retry(active, death);
    if (!wasReady && this.#trying !== undefined) this.#candidates.diedLoading(this.#trying, death);
    if (isHopeless)
      this.#giveUp(
        `The engine process ${reason}${isForeign(death) ? ', as were those before it: something on this machine ends it' : ''}.`,
      );
    else this.#pump();
  }

  /** Runs the job under which the process died again on a fresh one, unless that has happened too often. */
  #retry(active: PendingJob, death: Death): void {
    this.#quarantine.add(active.label, death);
    if (this.#quarantine.isGuilty(active.label)) active.fail(quarantined(active.label));
    else this.#jobs.retry(active);
  }

  /** Gives the engine up: all jobs fail, also those that come until the longest pause is over. */
  #giveUp(reason: string): void {
    this.#restarts.giveUp();
    this.#discard(reason);
    this.#setStatus({ state: 'failed', reason });
    this.#jobs.failAll(new EngineFailure('unavailable', reason));
  }

  /** Ends the process by decision; its death counts against nothing. */
  #discard(reason: string): void {
    const current = this.#process;
    this.#forgetProcess();
    if (current === undefined) return;
    this.#log(`engine process ${current.pid ?? '(none)'} ended: ${reason}`);
    current.kill(reason, 'killed');
  }

  #forgetProcess(): void {
    clearTimeout(this.#startTimer);
    this.#process = undefined;
    this.#ready = undefined;
  }

  #forgive(): void {
    this.#restarts.forgive();
    this.#candidates.clear();
  }

  // Details

  #threads(): number {
    const { threads = 0 } = this.#options;
    return threads > 0 ? threads : Math.min(maxThreads, availableParallelism());
  }

  #pid(): { readonly pid?: number } {
    const pid = this.#process?.pid;
    return pid === undefined ? {} : { pid };
  }

  /** Keeps the last reason until there is another. */
  #reason(): { readonly reason?: string } {
    const { reason } = this.status();
    return reason === undefined ? {} : { reason };
  }

  #setStatus(status: EngineStatus): void {
    this.#notifier.set(status);
  }

  #log(line: string): void {
    this.#options.log?.(line);
  }
}

function cancelled(): EngineFailure {
  return new EngineFailure('cancelled', 'Cancelled.');
}
