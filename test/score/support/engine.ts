import { join } from 'node:path';
import { createEngineClient } from '../../../server/engine/process/supervisor.ts';
import type {
  EngineChoice,
  EngineClient,
  EngineStatus,
  RunOptions,
  TensorJob,
  TensorJobResult,
} from '../../../server/engine/engine.ts';

/** The real engine process, run from its source, that counts the jobs it is given. */
export class CountingEngine implements EngineClient {
  runs = 0;
  readonly #client: EngineClient;

  constructor(choice: EngineChoice = 'onnx-cpu') {
    const modulePath = join(import.meta.dirname, '../../../server/engine/process/main.ts');
    this.#client = createEngineClient({ choice, modulePath, threads: 1 });
  }

  prepare(): void {
    this.#client.prepare();
  }

  run(job: TensorJob, options?: RunOptions): Promise<TensorJobResult> {
    this.runs++;
    return this.#client.run(job, options);
  }

  status(): EngineStatus {
    return this.#client.status();
  }

  onStatus(listener: (status: EngineStatus) => void): () => void {
    return this.#client.onStatus(listener);
  }

  restart(): void {
    this.#client.restart();
  }

  dispose(): Promise<void> {
    return this.#client.dispose();
  }
}
