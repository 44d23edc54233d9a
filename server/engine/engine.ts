import type { EngineFailureReason } from '../base/failure-reasons.ts';
import type { Program, Source } from '../tensor/ir.ts';
import type { EngineChoice } from './registry.ts';

export type { EngineChoice } from './registry.ts';

/** Values of a program input for all samples: axis 0 is `chunks × batch`. */
export interface Binding {
  readonly shape: readonly number[];
  readonly source: Source;
}

/**
 * One run of a tensor program over `chunks × program.batch` samples. Plain JSON: can be hashed, queued, sent.
 */
export interface TensorJob {
  readonly program: Program;
  readonly chunks: number;
  readonly bindings: Readonly<Record<string, Binding>>;
  /** Seed of every drawn source (see `server/tensor/random.ts`). */
  readonly seed: number;
  /** Bytes of intermediate values up to which a chunk runs whole, and not in stages; 512 MB unless it is said. */
  readonly whole?: number;
}

/** A result of a job: float32 values, row-major. */
export interface TensorArray {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

export interface TensorJobResult {
  readonly outputs: Readonly<Record<string, TensorArray>>;
  readonly engine: EngineInfo;
  /** Wall time in the engine process: drawing, building, optimising, running. */
  readonly milliseconds: { readonly build: number; readonly run: number };
}

/** Which engine computed something, on what: results of engines that differ in name, device or version are not mixed. */
export interface EngineInfo {
  /** As in `registry.ts`: `onnx-cpu`. */
  readonly name: string;
  readonly device: string;
  /** Library and version, part of the cache key: `onnxruntime-node 1.30.0`. */
  readonly version: string;
  readonly threads: number;
}

/** A job gave no result: a state with a name, never a number (docs/architecture.md#invariants, 5). */
export class EngineFailure extends Error {
  readonly reason: EngineFailureReason;
  /** Of `out-of-memory`: most of it is for weights, so that less of anything else would not help. */
  readonly isOfWeights: boolean;
  constructor(reason: EngineFailureReason, message: string, isOfWeights = false) {
    super(message);
    this.name = 'EngineFailure';
    this.reason = reason;
    this.isOfWeights = isOfWeights;
  }
}

export interface RunOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
  /** Milliseconds until the first chunk, and from each to the next; default from the client's configuration. */
  readonly timeLimit?: number;
  /** Names the job for quarantine and logs: the network with the start of its hash. Default: a hash of the job. */
  readonly label?: string;
}

/** Runs tensor programs in a background process. Restarts it when it dies; `run` rejects with `EngineFailure`. */
export interface EngineClient {
  /** Starts the process and loads the engine, where none runs yet; the caller can plan its job meanwhile. */
  prepare(): void;
  run(job: TensorJob, options?: RunOptions): Promise<TensorJobResult>;
  /** State of the engine: what runs now, or why nothing does. */
  status(): EngineStatus;
  onStatus(listener: (status: EngineStatus) => void): () => void;
  /** Kills the process; the next run starts a new one, and quarantines are lifted. */
  restart(): void;
  dispose(): Promise<void>;
}

/** What an engine is doing; `reason`, for people: what went wrong last. */
export interface EngineStatus {
  readonly state: 'stopped' | 'starting' | 'idle' | 'busy' | 'restarting' | 'failed';
  readonly info?: EngineInfo;
  readonly reason?: string;
  readonly pid?: number;
}

export interface EngineClientOptions {
  readonly choice: EngineChoice;
  /** Path of the bundled engine process (dist/engine.cjs). */
  readonly modulePath: string;
  /** Node executable; default `process.execPath`. */
  readonly execPath?: string;
  /** 0: one per core, at most 4 by default. */
  readonly threads?: number;
  /** Milliseconds without progress after which a job fails with `time-limit`; default 5 minutes. */
  readonly timeLimit?: number;
  /**
   * Bytes that the process may take; default: by what is free when it starts. A job that would take more by counting is refused with
   * `out-of-memory`; where one takes more all the same, the process is restarted.
   */
  readonly memoryLimit?: number;
  /** Folder with an installation of tfjs-node-gpu; default: whatever Node.js finds. */
  readonly cudaPath?: string;
  readonly log?: (line: string) => void;
}
