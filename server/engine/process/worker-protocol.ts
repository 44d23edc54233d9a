import type { TensorJob } from '../engine.ts';
import type { EngineSetup } from './protocol.ts';

/** What the main thread gives the worker at its start. */
export interface WorkerSetup extends EngineSetup {
  /** One integer in shared memory: the id of the job to stop. A worker that computes reads no messages. */
  readonly cancelled: SharedArrayBuffer;
}

/** The only message to the worker. */
export interface WorkerRun {
  readonly id: number;
  readonly job: TensorJob;
}
