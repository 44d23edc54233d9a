import type { TensorJob } from '../engine.ts';
import type { EngineSetup } from './protocol.ts';

/** Data that the worker gets when it starts. */
export interface WorkerData {
  /** Id of the job to stop, one integer in shared memory: a worker that computes reads no messages. */
  readonly cancelled: SharedArrayBuffer;
}

/** From the main thread to the worker. */
export type WorkerRequest =
  /** Once, before any job. */
  | { readonly type: 'start'; readonly setup: EngineSetup }
  | { readonly type: 'run'; readonly id: number; readonly job: TensorJob };
