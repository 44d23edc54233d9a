import * as v from 'valibot';
import { engineReasons, type EngineFailureReason } from '../../base/failure-reasons.ts';
import type { EngineInfo, TensorJob, TensorJobResult } from '../engine.ts';
import { engineInfo } from '../info-schema.ts';
import { engineNames } from '../registry.ts';
import type { EngineName } from '../registry.ts';
import { tensorJobSchema } from './job-schema.ts';

/**
 * What the client and the engine process say to each other. One job runs at a time; jobs are numbered by the client.
 * Both ends check everything that arrives.
 */

/** What an engine is started with. */
export interface EngineSetup {
  readonly candidates: readonly EngineName[];
  readonly threads: number;
  /** Folder with an installation of tfjs-node-gpu; empty: whatever Node.js finds. */
  readonly cudaPath: string;
  /** Bytes that a job may take by counting. */
  readonly memoryLimit: number;
}

/** From the client to the process. */
export type Request =
  /** First message: load the first of these engines that works. */
  | ({ readonly type: 'start' } & EngineSetup)
  | { readonly type: 'run'; readonly id: number; readonly job: TensorJob }
  /** Stop before the next chunk; answered by an `error` unless the job is done first. */
  | { readonly type: 'cancel'; readonly id: number };

/** From the computing thread; passed on to the client as it is. */
export type WorkerReply =
  /** Loading this engine begins. If the process dies now, the engine is to blame. */
  | { readonly type: 'trying'; readonly engine: EngineName }
  /** `notes`: why engines before this one in the list are not used. */
  | { readonly type: 'ready'; readonly info: EngineInfo; readonly notes: readonly string[] }
  /** No engine could be started. */
  | { readonly type: 'failed'; readonly notes: readonly string[] }
  | { readonly type: 'progress'; readonly id: number; readonly done: number; readonly total: number }
  | { readonly type: 'result'; readonly id: number; readonly result: TensorJobResult }
  | {
      readonly type: 'error';
      readonly id: number;
      readonly reason: EngineFailureReason;
      readonly message: string;
      readonly isOfWeights: boolean;
    };

/** From the process to the client. */
export type Reply =
  | WorkerReply
  /** Sent at a steady rate, also while a job runs. `rss`: resident bytes. */
  | { readonly type: 'alive'; readonly rss: number }
  /** A message the process did not understand. */
  | { readonly type: 'log'; readonly line: string };

const id = v.pipe(v.number(), v.integer());
const engineName = v.picklist(engineNames);

const tensorArray = v.pipe(
  v.object({ shape: v.array(id), data: v.instance(Float32Array) }),
  v.check(
    ({ shape, data }) => data.length === shape.reduce((product, extent) => product * extent, 1),
    'shape and data disagree',
  ),
);

export const requestSchema = v.variant('type', [
  v.object({
    type: v.literal('start'),
    candidates: v.array(engineName),
    threads: id,
    cudaPath: v.string(),
    memoryLimit: v.number(),
  }),
  v.object({ type: v.literal('run'), id, job: tensorJobSchema }),
  v.object({ type: v.literal('cancel'), id }),
]) satisfies v.GenericSchema<unknown, Request>;

export const replySchema = v.variant('type', [
  v.object({ type: v.literal('trying'), engine: engineName }),
  v.object({ type: v.literal('ready'), info: engineInfo, notes: v.array(v.string()) }),
  v.object({ type: v.literal('failed'), notes: v.array(v.string()) }),
  v.object({ type: v.literal('alive'), rss: v.number() }),
  v.object({ type: v.literal('progress'), id, done: v.number(), total: v.number() }),
  v.object({
    type: v.literal('result'),
    id,
    result: v.object({
      outputs: v.record(v.string(), tensorArray),
      engine: engineInfo,
      milliseconds: v.object({ build: v.number(), run: v.number() }),
    }),
  }),
  v.object({
    type: v.literal('error'),
    id,
    reason: v.picklist(engineReasons),
    message: v.string(),
    isOfWeights: v.boolean(),
  }),
  v.object({ type: v.literal('log'), line: v.string() }),
]) satisfies v.GenericSchema<unknown, Reply>;
