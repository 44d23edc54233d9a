import { EngineFailure } from '../engine.ts';
import type { EngineClient, EngineInfo } from '../engine.ts';
import { engineTraits } from '../registry.ts';
import type { EngineName } from '../registry.ts';
import { measureSpeed } from './probe.ts';
import type { EngineReport, EngineState } from './report.ts';

/** One engine with a process of its own, and its state, speed and failures. */
export class Member {
  readonly name: EngineName;
  readonly #start: () => EngineClient;
  #client: EngineClient | undefined;
  #state: EngineState = 'untested';
  #info: EngineInfo | undefined;
  #gflops: number | undefined;
  #reason: string | undefined;

  /** @param start makes a client; the process starts with its first job */
  constructor(name: EngineName, start: () => EngineClient) {
    this.name = name;
    this.#start = start;
  }

  get isGpu(): boolean {
    return engineTraits[this.name].processor === 'GPU';
  }

  get state(): EngineState {
    return this.#state;
  }

  get gflops(): number | undefined {
    return this.#gflops;
  }

  get client(): EngineClient {
    this.#client ??= this.#start();
    return this.#client;
  }

  /** True once a job has succeeded; later failures are reported. */
  get hasWorked(): boolean {
    return this.#info !== undefined;
  }

  worked(info: EngineInfo): void {
    this.#info = info;
    if (this.#state === 'untested') this.#state = 'ready';
  }

  lose(reason: string): void {
    this.#state = 'lost';
    this.#reason = reason;
  }

  /**
   * Loads the engine, which runs its self-test, and measures its speed, unless that has been done.
   *
   * @param client runs this engine; default: the member's own
   */
  async test(signal: AbortSignal, client: EngineClient = this.client): Promise<void> {
    if (this.#gflops !== undefined || this.#state === 'lost' || this.#state === 'unavailable') return;
    const before = this.#state;
    this.#state = 'testing';
    try {
      this.#gflops = await measureSpeed(client, signal);
      this.#info = client.status().info ?? this.#info;
      this.#state = 'ready';
    } catch (error) {
      const isCancelled = error instanceof EngineFailure && error.reason === 'cancelled';
      this.#state = isCancelled ? before : 'unavailable';
      const message = error instanceof Error ? error.message : String(error);
      if (!isCancelled) this.#reason = withoutName(message, this.name);
    }
  }

  /** Ends the process; speed and state stay known. */
  async rest(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    await client?.dispose();
  }

  /** Forgets state, speed and failures, as when the user restarts the engine. */
  forget(): void {
    this.#state = 'untested';
    this.#gflops = undefined;
    this.#reason = undefined;
    this.#info = undefined;
    this.#client?.restart();
  }

  report(isInUse: boolean): EngineReport {
    return {
      name: this.name,
      title: engineTraits[this.name].title,
      state: isInUse && this.#state !== 'testing' ? 'in-use' : this.#state,
      ...(this.#info === undefined ? {} : { device: this.#info.device, version: this.#info.version }),
      ...(this.#gflops === undefined ? {} : { gflops: this.#gflops }),
      ...(this.#reason === undefined ? {} : { reason: this.#reason }),
    };
  }
}

/** Reasons of an engine process begin with the engine's name. */
function withoutName(reason: string, name: EngineName): string {
  return reason.startsWith(`${name}: `) ? reason.slice(name.length + 2) : reason;
}
