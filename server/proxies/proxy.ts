import type { ProxyFailureReason } from '../base/failure-reasons.ts';
import type { TensorArray, TensorJob } from '../engine/engine.ts';
import type { Network } from '../network/network.ts';
import type { Score, ScoreSettings } from '../score/types.ts';

/** What a proxy may ask for. Passes that several proxies need are made once. */
export interface ProxyContext {
  readonly network: Network;
  /** Seeds of the draws that are averaged: weights and samples are drawn anew from each. */
  readonly seeds: readonly number[];
  /** The VKDNW score, under the settings of the run where no others are given. @throws ProxyFailure */
  score(settings?: ScoreSettings): Promise<Score>;
  /** Runs a tensor program on the engine. @throws ProxyFailure */
  run(job: TensorJob): Promise<Readonly<Record<string, TensorArray>>>;
}

/** A number that predicts accuracy without training. One file each, which says its paper, equation and cost. */
export interface Proxy {
  /** As `--proxies` and tables name it: `vkdnw_single`. */
  readonly name: string;
  /** For people. */
  readonly title: string;
  /** Authors, venue and year of the paper, or `a count`. */
  readonly source: string;
  readonly better: 'higher' | 'lower';
  /**
   * What the network sees: `none` for counts, only its `weights` as they are drawn, an input of `ones`, or `random` samples
   * N(0, 1), in whose place a run may put images (`withSamples`).
   */
  readonly inputs: 'none' | 'weights' | 'ones' | 'random';
  /** How batch norms behave; `setting`: as the setting of the score has it; `none`: they take no part. */
  readonly norm: 'eval' | 'batch' | 'setting' | 'none';
  /** For people: `free`, or the passes it takes for one draw. */
  readonly cost: string;
  /** The value, the mean over the seeds of the context. @throws ProxyFailure where there is none */
  measure(context: ProxyContext): number | Promise<number>;
}

/** A proxy that has no value for a network: a named state, never a number. */
export class ProxyFailure extends Error {
  readonly reason: ProxyFailureReason;

  constructor(reason: ProxyFailureReason, message: string) {
    super(message);
    this.name = 'ProxyFailure';
    this.reason = reason;
  }
}

/** The mean over the draws of a context, one after another. */
export async function overSeeds(
  { seeds }: ProxyContext,
  measure: (seed: number) => number | Promise<number>,
): Promise<number> {
  let sum = 0;
  for (const seed of seeds) sum += await measure(seed);
  return sum / seeds.length;
}
