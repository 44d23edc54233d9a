import { isAbsolute, join } from 'node:path';
import type {
  EngineClient,
  EngineClientOptions,
  EngineStatus,
  RunOptions,
  TensorJob,
  TensorJobResult,
} from '../engine/engine.ts';
import { createEnginePool } from '../engine/pool/pool.ts';
import type { EnginePool } from '../engine/pool/pool.ts';
import type { EngineReport } from '../engine/pool/report.ts';
import type { EngineName } from '../engine/registry.ts';
import type { EngineSource } from '../score/store/engine-memory.ts';
import type { EngineSettings } from '../protocol/settings.ts';

/** An engine client that is replaced by another when the settings change; its users need not know. */
export class EngineHost implements EngineClient {
  readonly #log: (line: string) => void;
  readonly #listeners = new Set<(status: EngineStatus) => void>();
  #settings: EngineSettings;
  #client: EnginePool;

  constructor(settings: EngineSettings, log: (line: string) => void) {
    this.#log = log;
    this.#settings = settings;
    this.#client = this.#create();
  }

  /** Takes the engine that the settings ask for. Jobs of the one before fail as cancelled. @returns whether it is another */
  configure(settings: EngineSettings): boolean {
    if (JSON.stringify(settings) === JSON.stringify(this.#settings)) return false;
    this.#settings = settings;
    const before = this.#client;
    this.#client = this.#create();
    before.dispose().catch((error: unknown) => {
      this.#log(`The engine could not be shut down: ${String(error)}`);
    });
    this.#tell(this.#client.status());
    return true;
  }

  /** What decides which engine runs. */
  source(): EngineSource {
    return { choice: this.#settings.choice, modulePath: engineModule() };
  }

  prepare(): void {
    this.#client.prepare();
  }

  run(job: TensorJob, options?: RunOptions): Promise<TensorJobResult> {
    return this.#client.run(job, options);
  }

  status(): EngineStatus {
    return this.#client.status();
  }

  onStatus(listener: (status: EngineStatus) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  /** What is known of all engines. */
  reports(): readonly EngineReport[] {
    return this.#client.reports();
  }

  /** Tests the engines that have not been tested, or only one, anew. */
  async survey(
    onChange: (reports: readonly EngineReport[]) => void,
    only?: EngineName,
  ): Promise<readonly EngineReport[]> {
    for (;;) {
      const client = this.#client;
      const reports = await client.survey(onChange, only);
      // Otherwise the settings have changed meanwhile, and with them the engines.
      if (client === this.#client) return reports;
    }
  }

  restart(): void {
    this.#client.restart();
  }

  dispose(): Promise<void> {
    return this.#client.dispose();
  }

  #create(): EnginePool {
    const client = createEnginePool(clientOptions(this.#settings, this.#log));
    client.onStatus((status) => {
      if (client === this.#client) this.#tell(status);
    });
    return client;
  }

  #tell(status: EngineStatus): void {
    for (const listener of this.#listeners) listener(status);
  }
}

function clientOptions(settings: EngineSettings, log: (line: string) => void): EngineClientOptions {
  const { choice, threads, timeLimit, memoryLimit, nodePath, cudaPath } = settings;
  // Relative paths would be looked up in the workspace.
  const usable = nodePath !== '' && isAbsolute(nodePath);
  if (nodePath !== '' && !usable) log(`archlens.engine.nodePath is not an absolute path: ${nodePath}`);
  if (cudaPath !== '' && !isAbsolute(cudaPath))
    log(`archlens.engine.cudaPath is not an absolute path: ${cudaPath}`);
  return {
    choice,
    modulePath: engineModule(),
    threads,
    timeLimit,
    ...(memoryLimit === 0 ? {} : { memoryLimit }),
    log,
    ...(usable ? { execPath: nodePath } : {}),
    ...(isAbsolute(cudaPath) ? { cudaPath } : {}),
  };
}

/** The engine process beside this file: bundled, or in the sources. */
function engineModule(): string {
  return import.meta.filename.endsWith('.ts')
    ? join(import.meta.dirname, '..', 'engine', 'process', 'main.ts')
    : join(import.meta.dirname, 'engine.cjs');
}
