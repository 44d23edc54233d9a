import type { TensorJob } from '../engine.ts';
import type { EngineSetup } from './protocol.ts';

/** What the worker has from its start. */
export interface WorkerData {
  /** One integer in shared memory: the id of the job to stop. A worker that computes reads no messages. */
  readonly cancelled: SharedArrayBuffer;
}

/** What the main thread says to the worker. */
export type WorkerRequest =
  /** Once, before any job. */
  | { readonly type: 'start'; readonly setup: EngineSetup }
  | { readonly type: 'run'; readonly id: number; readonly job: TensorJob };
