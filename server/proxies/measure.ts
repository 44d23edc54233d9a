import { isLasting } from '../base/failure-reasons.ts';
import {
  EngineFailure,
  type EngineClient,
  type EngineInfo,
  type TensorArray,
  type TensorJob,
} from '../engine/engine.ts';
import { runInterruptibly, type Interruption } from '../engine/interruption.ts';
import type { Network } from '../network/network.ts';
import type { Scorer } from '../score/scorer.ts';
import type { Score, ScoreSettings } from '../score/types.ts';
import { ProxyFailure, type Proxy, type ProxyContext } from './proxy.ts';
import { withSamples, type Samples } from './samples.ts';

/** What proxies are computed with. */
export interface Making {
  readonly scorer: Scorer;
  readonly engine: EngineClient;
  /** The settings of VKDNW; the other proxies take their seeds from them. */
  readonly settings: ScoreSettings;
  /** What the networks see instead of noise. */
  readonly samples?: Samples;
  readonly signal: AbortSignal;
  /** Lets more urgent jobs go first. */
  readonly interruption?: Interruption;
}

/** Values of proxies for one network, and why some have none. */
export interface ProxyResults {
  readonly values: Readonly<Record<string, number>>;
  /** By proxy, why it has no value, and never will. */
  readonly failed: Readonly<Record<string, string>>;
  /** Failures that another try may not have. */
  readonly passing: Readonly<Record<string, string>>;
}

/** Computes proxies of a network one after another. Failures are named, one proxy's does not stop the others. */
export async function measureProxies(
  proxies: readonly Proxy[],
  context: ProxyContext,
): Promise<ProxyResults> {
  const values = new Map<string, number>();
  const failed = new Map<string, string>();
  const passing = new Map<string, string>();
  for (const proxy of proxies) {
    const { name } = proxy;
    try {
      values.set(name, await proxy.measure(context));
    } catch (error) {
      if (!(error instanceof ProxyFailure)) throw error;
      (isLasting(error.reason) ? failed : passing).set(name, `${error.reason}: ${error.message}`);
    }
  }
  return {
    values: Object.fromEntries(values),
    failed: Object.fromEntries(failed),
    passing: Object.fromEntries(passing),
  };
}

/** What the proxies of one network share. */
export class MeasuringContext implements ProxyContext {
  readonly network: Network;
  readonly seeds: readonly number[];
  /** What computed, for people: `onnx-cpu (onnxruntime-node 1.30.0, cpu)`. */
  engine: string | undefined;
  readonly #making: Making;
  readonly #scores = new Map<string, Promise<Score>>();

  constructor(network: Network, making: Making) {
    const { seed, seeds } = making.settings;
    this.network = network;
    this.seeds = Array.from({ length: seeds }, (_, draw) => seed + draw);
    this.#making = making;
  }

  score(settings: ScoreSettings = this.#making.settings): Promise<Score> {
    const key = JSON.stringify(settings);
    let score = this.#scores.get(key);
    if (score === undefined) this.#scores.set(key, (score = this.#makeScore(settings)));
    return score;
  }

  async run(job: TensorJob): Promise<Readonly<Record<string, TensorArray>>> {
    const { engine: client, samples, signal, interruption } = this.#making;
    const given = samples === undefined ? job : withSamples(job, samples);
    try {
      const { outputs, engine } = await runInterruptibly(client, given, { signal }, interruption);
      this.#used(engine);
      return outputs;
    } catch (error) {
      if (!(error instanceof EngineFailure)) throw error;
      throw new ProxyFailure(error.reason, error.message);
    }
  }

  async #makeScore(settings: ScoreSettings): Promise<Score> {
    const { scorer, signal, interruption } = this.#making;
    const outcome = await scorer.score(this.network, settings, {
      signal,
      ...(interruption === undefined ? {} : { interruption }),
    });
    if (outcome.state === 'failed') throw new ProxyFailure(outcome.reason, outcome.message);
    this.#used(outcome.engine);
    return outcome;
  }

  #used({ name, version, device }: EngineInfo): void {
    this.engine = `${name} (${version}, ${device})`;
  }
}
