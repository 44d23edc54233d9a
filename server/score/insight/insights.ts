import { createHash } from 'node:crypto';
import manifest from '../../../package.json' with { type: 'json' };
import { EngineFailure, type EngineClient, type EngineInfo } from '../../engine/engine.ts';
import { FisherFailure } from '../../fisher/failure.ts';
import type { Network } from '../../network/network.ts';
import { insightSampling, type InsightSampling } from './insight-sampling.ts';
import {
  measureInsight,
  summariseSpectra,
  type InsightMeasurement,
  type MeasureOptions,
} from './insight-measurement.ts';
import { describeOps } from './insight-ops.ts';
import { openStore, type Store } from '../../store/store.ts';
import { insightKind } from '../store/insight-kind.ts';
import type { Insight, InsightOutcome } from './insight.ts';
import { networkHash, scoreKey } from '../key.ts';
import { isPossibleMeasurement } from '../possible.ts';
import type { Score } from '../types.ts';

/** Raised whenever the same inputs give another insight than before. */
const insightVersion = 1;

/**
 * Measures what every op contributes to a score (docs/contributions.md). It never changes the score; it takes a second set
 * of passes over more weights, so it runs only when asked for.
 */
export class Insights {
  readonly #engine: EngineClient;
  readonly #store: Store<InsightMeasurement>;

  constructor(engine: EngineClient, store: Store<InsightMeasurement> = openStore(insightKind)) {
    this.#engine = engine;
    this.#store = store;
  }

  /** Never rejects for reasons of the network or the engine: those are named states of the outcome. */
  async insight(
    network: Network,
    score: Score,
    options: Partial<MeasureOptions> = {},
  ): Promise<InsightOutcome> {
    const { signal } = options;
    const hash = networkHash(network);
    const sampling = samplingOf(network, score);
    try {
      const known = await this.#known(network, score, sampling, hash);
      if (known !== undefined) return assemble(network, score, sampling, known, hash);
      const measurement = await measureInsight(this.#engine, network, sampling, {
        label: `inside ${network.name} ${hash.slice(0, 12)}`,
        ...options,
        pause: async () => {
          signal?.throwIfAborted();
          await options.pause?.();
        },
      });
      await this.#store.set(keyOf(hash, sampling, measurement.engine), measurement);
      return assemble(network, score, sampling, measurement, hash);
    } catch (error) {
      if (signal?.aborted === true) return { state: 'failed', reason: 'cancelled', message: 'Cancelled.' };
      if (error instanceof FisherFailure || error instanceof EngineFailure) {
        return { state: 'failed', reason: error.reason, message: error.message };
      }
      throw error;
    }
  }

  /** What is in the store: needs no engine. */
  async stored(network: Network, score: Score): Promise<Insight | undefined> {
    const hash = networkHash(network);
    const sampling = samplingOf(network, score);
    const known = await this.#known(network, score, sampling, hash);
    return known === undefined ? undefined : assemble(network, score, sampling, known, hash);
  }

  async #known(
    network: Network,
    { engine }: Score,
    sampling: InsightSampling,
    hash: string,
  ): Promise<InsightMeasurement | undefined> {
    const known = await this.#store.get(keyOf(hash, sampling, engine));
    const { settings } = sampling;
    return known !== undefined && isPossibleMeasurement(known, { network, settings, engine })
      ? known
      : undefined;
  }
}

function samplingOf({ nodes, classes }: Network, { settings }: Score): InsightSampling {
  const tensors = nodes.reduce((count, { params }) => count + params.length, 0);
  const ops = nodes.filter(({ params }) => params.length > 0).length;
  return insightSampling(settings, { tensors, ops, classes });
}

function assemble(
  network: Network,
  score: Score,
  { settings: sampling }: InsightSampling,
  measurement: InsightMeasurement,
  hash: string,
): Insight {
  const { whole, logits, engine, milliseconds } = measurement;
  const ops = describeOps(network, measurement, sampling.indexSets);
  return {
    state: 'ok',
    scored: summariseSpectra(score.seeds),
    ...(whole === undefined ? {} : { whole }),
    ops,
    logits,
    sampled: {
      tensors: ops.reduce((count, { tensors }) => count + tensors, 0),
      weights: ops.reduce((count, { weights }) => count + weights, 0),
    },
    settings: score.settings,
    sampling,
    engine,
    version: manifest.version,
    milliseconds,
    key: keyOf(hash, { settings: sampling }, engine),
  };
}

function keyOf(hash: string, { settings }: Pick<InsightSampling, 'settings'>, engine: EngineInfo): string {
  return createHash('sha256')
    .update(JSON.stringify(['insight', insightVersion, scoreKey(hash, settings, engine)]))
    .digest('hex');
}
