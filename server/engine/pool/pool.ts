import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { formatSpeed } from '../../base/quantities.ts';
import type { EngineFailureReason } from '../../base/failure-reasons.ts';
import { EngineFailure } from '../engine.ts';
import type {
  EngineClient,
  EngineClientOptions,
  EngineStatus,
  RunOptions,
  TensorJob,
  TensorJobResult,
} from '../engine.ts';
import { mayHaveGpu } from '../gpu-devices.ts';
import { labelOf } from '../process/pending-job.ts';
import { StatusNotifier } from '../process/status-notifier.ts';
import { createEngineClient } from '../process/supervisor.ts';
import type { Timings } from '../process/timings.ts';
import { engineNames, engineTraits, gpuEngines } from '../registry.ts';
import type { EngineName } from '../registry.ts';
import { Member } from './member.ts';
import { impossible } from './report.ts';
import type { EngineReport } from './report.ts';
import { split } from './split.ts';

export interface EnginePoolOptions extends EngineClientOptions {
  /** GPU engines that `auto` considers; default: those of this system, where it may have a GPU. */
  readonly gpus?: readonly EngineName[];
}

/** Milliseconds from the first result to the search for GPUs, so that nothing competes with the first score. */
const defaultPatience = 1500;
/** How many times faster than the processor a GPU must be to take over. */
const worthwhile = 1.2;
/** Most jobs that are remembered as too much for an engine. */
const mostLabels = 1000;

const system = `${process.platform}-${process.arch}`;

export function createEnginePool(
  options: EnginePoolOptions,
  timings: Partial<Timings> & { readonly patience?: number } = {},
): EnginePool {
  return new EnginePool(options, timings);
}

/**
 * All engines of the machine as one. `auto` computes on the processor at once; GPU engines are tested in processes of
 * their own after the first result, and the fastest takes over when it is right and faster. A GPU that fails under a job
 * gets the job once more in smaller chunks, then the next engine takes it: another GPU engine that has proved itself where the
 * first is lost, else the processor. The result says which engine made it.
 */
export class EnginePool implements EngineClient {
  readonly #options: EnginePoolOptions;
  readonly #patience: number;
  readonly #notifier: StatusNotifier;
  readonly #members = new Map<EngineName, Member>();
  /** Client of the processor's engine: the first that works. */
  readonly #base: EngineClient;
  /** The GPU engine in use, if one is. */
  #gpu: Member | undefined;
  /** Why the GPU engine that was in use is no longer. */
  #note: string | undefined;
  /** Labels of jobs that an engine could not do, though it does others. */
  readonly #tooMuch = new Map<EngineName, Set<string>>();
  readonly #disposing = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #considered = false;
  /** Measurement of the processor's speed that is under way; a job interrupts it. */
  #comparing: AbortController | undefined;
  #testing: Promise<void> = Promise.resolve();

  constructor(options: EnginePoolOptions, timings: Partial<Timings> & { readonly patience?: number }) {
    this.#options = options;
    this.#patience = timings.patience ?? defaultPatience;
    this.#notifier = new StatusNotifier((line) => {
      this.#log(line);
    });
    const start = (choice: EngineClientOptions['choice']): EngineClient => {
      const client = createEngineClient({ ...options, choice }, timings);
      client.onStatus(() => {
        this.#tell();
      });
      return client;
    };
    for (const name of engineNames) this.#members.set(name, new Member(name, () => start(name)));
    this.#gpu = this.#chosenGpu();
    const { choice } = options;
    this.#base = start(choice !== 'auto' && engineTraits[choice].processor === 'CPU' ? choice : 'auto');
  }

  prepare(): void {
    if (!this.#disposing.signal.aborted) this.#clientInUse().prepare();
  }

  async run(job: TensorJob, options: RunOptions = {}): Promise<TensorJobResult> {
    const label = options.label ?? labelOf(job);
    let member = this.#disposing.signal.aborted ? undefined : this.#gpu;
    while (member !== undefined && this.#tooMuch.get(member.name)?.has(label) !== true) {
      const result = await this.#runOnGpu(member, job, { ...options, label });
      if (result !== undefined) return result;
      // After the loss of a GPU another one may be in use.
      member = this.#gpu === member ? undefined : this.#gpu;
    }
    this.#comparing?.abort();
    const result = await this.#base.run(job, { ...options, label });
    this.#members.get(result.engine.name as EngineName)?.worked(result.engine);
    this.#consider();
    return result;
  }

  status(): EngineStatus {
    return this.#notifier.status;
  }

  onStatus(listener: (status: EngineStatus) => void): () => void {
    return this.#notifier.listen(listener);
  }

  restart(): void {
    this.#tooMuch.clear();
    this.#note = undefined;
    this.#gpu = this.#chosenGpu();
    this.#considered = false;
    this.#base.restart();
    for (const member of this.#members.values()) member.forget();
    this.#tell();
  }

  async dispose(): Promise<void> {
    this.#disposing.abort();
    clearTimeout(this.#timer);
    await Promise.all([this.#base.dispose(), ...[...this.#members.values()].map((member) => member.rest())]);
    await this.#testing;
    this.#notifier.clear();
  }

  /** What is known of every engine, without starting any. */
  reports(): readonly EngineReport[] {
    const inUse = this.#nameInUse();
    return [...this.#members.values()].map((member) => {
      const reason = impossible(member.name, system);
      return reason === undefined
        ? member.report(member.name === inUse)
        : { name: member.name, title: engineTraits[member.name].title, state: 'unavailable', reason };
    });
  }

  /**
   * Tests every engine that can be here and has not been tested, then takes the best if that is left to it.
   *
   * @param onChange told as soon as more is known
   * @param only this one, even if it was tested
   */
  async survey(
    onChange: (reports: readonly EngineReport[]) => void = () => undefined,
    only?: EngineName,
  ): Promise<readonly EngineReport[]> {
    const possible = [...this.#members.values()].filter(({ name }) => impossible(name, system) === undefined);
    if (only !== undefined && only !== this.#nameInUse()) this.#members.get(only)?.forget();
    for (const member of possible) {
      if (only !== undefined && member.name !== only) continue;
      await this.#test(member, this.#disposing.signal, () => {
        onChange(this.reports());
      });
    }
    if (this.#options.choice === 'auto') this.#adopt(possible);
    await this.#restOthers();
    onChange(this.reports());
    return this.reports();
  }

  // A GPU's job

  /** @returns undefined when the next engine should do it */
  async #runOnGpu(
    member: Member,
    job: TensorJob,
    options: RunOptions & { readonly label: string },
  ): Promise<TensorJobResult | undefined> {
    let part = job;
    let losses = 0;
    for (;;) {
      try {
        const result = await member.client.run(part, options);
        member.worked(result.engine);
        return result;
      } catch (error) {
        if (!(error instanceof EngineFailure) || !isOfEngine(error.reason)) throw error;
        // An engine that was asked for by name and never ran is an error, not passed over.
        if (error.reason === 'unavailable' && !member.hasWorked) throw error;
        if (error.reason === 'device-lost') losses += 1;
        const smaller = isOfSize(error.reason) && losses < 2 ? split(part) : undefined;
        // Only a new process frees the memory of a GPU, and can use a lost one again.
        if (isOfSize(error.reason)) member.client.restart();
        if (smaller === undefined) {
          this.#takeOver(member, error, options.label);
          return undefined;
        }
        this.#log(
          `${member.name}: ${error.message} Tried again in chunks of ${smaller.program.batch} instead of ${part.program.batch} samples.`,
        );
        part = smaller;
      }
    }
  }

  #takeOver(member: Member, { reason, message }: EngineFailure, label: string): void {
    const isGone = reason === 'device-lost' || reason === 'unavailable';
    if (isGone) {
      member.lose(message);
      if (this.#gpu === member)
        this.#gpu = this.#options.choice === 'auto' ? this.#bestGpu([...this.#members.values()]) : undefined;
      this.#note = `${member.name}: ${message} ${this.#successor()} took over.`;
    } else {
      const labels = this.#tooMuch.get(member.name) ?? new Set();
      if (labels.size >= mostLabels) labels.clear();
      this.#tooMuch.set(member.name, labels.add(label));
    }
    this.#log(
      `${member.name}: ${message} ${isGone ? `${this.#successor()} takes over from now on` : `The processor takes over ${label}`}.`,
    );
    this.#tell();
  }

  #successor(): string {
    return this.#gpu?.name ?? 'The processor';
  }

  // Which engine is best

  /** Looks for GPUs once, some time after the first result. */
  #consider(): void {
    if (this.#considered || this.#options.choice !== 'auto' || this.#disposing.signal.aborted) return;
    this.#considered = true;
    const names = this.#options.gpus ?? (mayHaveGpu() ? gpuEngines(system) : []);
    if (names.length === 0) return;
    this.#timer = setTimeout(() => {
      void this.#chooseGpu(names.map((name) => this.#members.get(name)!));
    }, this.#patience).unref();
  }

  async #chooseGpu(gpus: readonly Member[]): Promise<void> {
    const { signal } = this.#disposing;
    for (const member of gpus) await this.#test(member, signal);
    const cpu = this.#members.get(this.#base.status().info?.name as EngineName);
    // Without a processor's engine that works there is nothing to compare.
    if (gpus.some(({ gflops }) => gflops !== undefined) && cpu !== undefined) {
      while (!signal.aborted && cpu.gflops === undefined && cpu.state !== 'unavailable') {
        await this.#idle();
        this.#comparing = new AbortController();
        await this.#test(cpu, AbortSignal.any([signal, this.#comparing.signal]));
      }
      this.#adopt([...gpus, cpu]);
    }
    await this.#restOthers();
  }

  /** Takes the fastest GPU engine, where it is worth it. */
  #adopt(members: readonly Member[]): void {
    const gpu = this.#bestGpu(members);
    if (gpu === undefined || gpu === this.#gpu) return;
    const cpu = processorOf(members);
    this.#log(
      `${gpu.name} takes over: ${formatSpeed(speed(gpu))} GFLOP/s${cpu === undefined ? '' : `, ${cpu.name} ${formatSpeed(speed(cpu))}`}.`,
    );
    this.#gpu = gpu;
    this.#note = undefined;
    this.#tell();
  }

  /** The fastest GPU engine that is not lost, where it is worth the change. */
  #bestGpu(members: readonly Member[]): Member | undefined {
    const [gpu] = members
      .filter(({ isGpu, gflops, state }) => isGpu && gflops !== undefined && state !== 'lost')
      .sort((a, b) => speed(b) - speed(a));
    const cpu = processorOf(members);
    if (gpu === undefined || cpu === undefined) return gpu;
    // Only engines that have passed their tests.
    return cpu.gflops !== undefined && speed(gpu) >= worthwhile * cpu.gflops ? gpu : undefined;
  }

  /** Runs one test at a time, because two would slow each other down. @param onStart told when it has begun */
  #test(member: Member, signal: AbortSignal, onStart?: () => void): Promise<void> {
    const run = async (): Promise<void> => {
      if (signal.aborted) return;
      const isBase = this.#base.status().info?.name === member.name || member.name === this.#options.choice;
      const testing = member.test(signal, isBase && !member.isGpu ? this.#base : member.client);
      onStart?.();
      await testing;
      if (member.state === 'unavailable') this.#log(`${member.name}: ${member.report(false).reason ?? ''}`);
    };
    // A test that fails must not stop those that follow.
    this.#testing = this.#testing.then(run).catch((error: unknown) => {
      this.#log(`${member.name} could not be tested: ${String(error)}`);
    });
    return this.#testing;
  }

  /** Ends the processes of engines that were tested and are not used. */
  async #restOthers(): Promise<void> {
    const others = [...this.#members.values()].filter((member) => member !== this.#gpu);
    await Promise.all(others.map((member) => member.rest()));
  }

  /** Waits until the processor has nothing to do. */
  async #idle(): Promise<void> {
    while (this.#base.status().state === 'busy' && !this.#disposing.signal.aborted)
      await sleep(this.#patience / 4, undefined, { ref: false });
  }

  /** A GPU engine that was asked for by name. */
  #chosenGpu(): Member | undefined {
    const { choice } = this.#options;
    const chosen = choice === 'auto' ? undefined : this.#members.get(choice);
    return chosen?.isGpu === true ? chosen : undefined;
  }

  // What is told

  /** The engine that gets the next job. */
  #nameInUse(): string | undefined {
    const { choice } = this.#options;
    const running = this.#clientInUse().status().info?.name;
    const [ready] = [...this.#members.values()].filter(({ isGpu, state }) => !isGpu && state === 'ready');
    return running ?? this.#gpu?.name ?? (choice === 'auto' ? ready?.name : choice);
  }

  #clientInUse(): EngineClient {
    return this.#gpu?.client ?? this.#base;
  }

  #tell(): void {
    if (this.#disposing.signal.aborted) return;
    const status = this.#clientInUse().status();
    const reason = [this.#note, status.reason].filter((part) => part !== undefined).join(' ');
    const told = { ...status, ...(reason === '' ? {} : { reason }) };
    if (JSON.stringify(told) !== JSON.stringify(this.#notifier.status)) this.#notifier.set(told);
  }

  #log(line: string): void {
    this.#options.log?.(line);
  }
}

function speed({ gflops = 0 }: Member): number {
  return gflops;
}

/** The processor's engine that `auto` takes: the first that works. */
function processorOf(members: readonly Member[]): Member | undefined {
  return members.find(({ isGpu, state }) => !isGpu && state !== 'unavailable');
}

/** Whether another engine may be able to do the job. */
function isOfEngine(reason: EngineFailureReason): boolean {
  return reason !== 'cancelled' && reason !== 'time-limit';
}

/** Whether smaller chunks may help. Kernels that run too long are a common cause of a lost GPU. */
function isOfSize(reason: EngineFailureReason): boolean {
  return reason === 'out-of-memory' || reason === 'device-lost';
}
