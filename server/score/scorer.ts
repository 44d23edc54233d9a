import type { FailureReason } from '../base/failure-reasons.ts';
import { EngineFailure, type EngineClient } from '../engine/engine.ts';
import type { Interruption } from '../engine/interruption.ts';
import { estimateFrom, type FisherEstimate } from '../fisher/estimate.ts';
import { FisherFailure } from '../fisher/failure.ts';
import type { SampledJacobian } from '../fisher/jacobian.ts';
import { alternativesText, lighterSettings } from '../fisher/lighter.ts';
import { planJacobian, type JacobianPlan } from '../fisher/plan.ts';
import { sampleJacobian } from '../fisher/sample.ts';
import type { Network } from '../network/network.ts';
import { totals } from '../network/totals.ts';
import type { ExpectedEngine } from './store/engine-memory.ts';
import { networkHash, sameEngine, scoreKey, seedKey } from './key.ts';
import { isPossibleDraw } from './possible.ts';
import { refusal } from './settings.ts';
import { openStore, type Store } from '../store/store.ts';
import { scoreKind } from './store/score-kind.ts';
import { summarise } from './summary.ts';
import type {
  Score,
  ScoreFailure,
  ScoreOutcome,
  ScoreSettings,
  SeedFailure,
  SeedOutcome,
  SeedScore,
} from './types.ts';

export interface ScoreOptions {
  readonly signal?: AbortSignal;
  /** Share of the work done, 0 … 1. */
  readonly onProgress?: (done: number) => void;
  /** The score of the first `done` draws of `total`; also after the last. */
  readonly onSeed?: (partial: Score, done: number, total: number) => void;
  /** Lets others run between draws (`Turn`), and in the middle of one, which is then made again. */
  readonly interruption?: Interruption;
  /** Computes every draw whatever the store knows; the results are stored. */
  readonly anew?: boolean;
}

/** How often a score starts again because the engine was replaced by another one under way. */
const maxEngineChanges = 3;

/**
 * Scores networks. A score is a pure function of network, settings and engine (name, device, version), made of independent
 * draws; each draw is kept in the store under its content address.
 */
export class Scorer {
  readonly #engine: EngineClient;
  readonly #store: Store<SeedOutcome>;
  readonly #expected: ExpectedEngine | undefined;

  /** @param expected finds stored results before an engine runs; without it they are found while one does. */
  constructor(
    engine: EngineClient,
    store: Store<SeedOutcome> = openStore(scoreKind),
    expected?: ExpectedEngine,
  ) {
    this.#engine = engine;
    this.#store = store;
    this.#expected = expected;
  }

  /** Never rejects for reasons of the network, the settings or the engine: those are named states of the outcome. */
  async score(network: Network, settings: ScoreSettings, options: ScoreOptions = {}): Promise<ScoreOutcome> {
    const scoring = new Scoring(network, settings);
    const refused = refusal(settings, network.classes);
    if (refused !== undefined) {
      return scoring.failure('settings', refused);
    }
    let draws: SeedScore[] = [];
    let engineChanges = 0;
    while (draws.length < settings.seeds) {
      if (draws.length > 0) {
        await options.interruption?.giveWay();
      }
      if (options.signal?.aborted === true) {
        return scoring.failure('cancelled', 'Cancelled.');
      }
      try {
        const outcome = await this.#draw(
          scoring,
          settings.seed + draws.length,
          (done) => {
            options.onProgress?.((draws.length + done) / settings.seeds);
          },
          options,
        );
        if (!('entropy' in outcome)) {
          return scoring.failure(outcome.reason, outcome.message);
        }
        const [first] = draws;
        if (first !== undefined && !sameEngine(first.engine, outcome.engine)) {
          if (++engineChanges > maxEngineChanges) {
            return scoring.failure('unavailable', 'The engine keeps changing. Choose one in the settings.');
          }
          // Draws of different engines are not averaged.
          draws = [];
          continue;
        }
        draws.push(outcome);
      } catch (error) {
        if (error instanceof EngineFailure) {
          return scoring.failure(error.reason, explain(error, settings));
        }
        throw error;
      }
      options.onSeed?.(scoring.score(draws), draws.length, settings.seeds);
    }
    return scoring.score(draws);
  }

  /** The outcome when the store has every draw of it: undo and redo need no engine, and no turn. */
  async stored(network: Network, settings: ScoreSettings): Promise<ScoreOutcome | undefined> {
    const scoring = new Scoring(network, settings);
    const refused = refusal(settings, network.classes);
    if (refused !== undefined) {
      return scoring.failure('settings', refused);
    }
    const draws: SeedScore[] = [];
    for (let draw = 0; draw < settings.seeds; draw++) {
      const outcome = await this.#lookUp(scoring, settings.seed + draw);
      if (outcome === undefined) {
        return undefined;
      }
      if (!('entropy' in outcome)) {
        return scoring.failure(outcome.reason, outcome.message);
      }
      draws.push(outcome);
    }
    return scoring.score(draws);
  }

  /** Results belong to the engine that made them: to the one that runs, or else to the one that is expected to. */
  async #lookUp(scoring: Scoring, seed: number): Promise<SeedOutcome | undefined> {
    const engine = this.#engine.status().info ?? (await this.#expected?.recall());
    if (engine === undefined) return undefined;
    const { network, settings, hash } = scoring;
    const found = await this.#store.get(seedKey(hash, settings, seed, engine));
    return found !== undefined && isPossibleDraw(found, seed, { network, settings, engine })
      ? found
      : undefined;
  }

  async #draw(
    scoring: Scoring,
    seed: number,
    onProgress: (done: number) => void,
    { signal, interruption, anew = false }: ScoreOptions,
  ): Promise<SeedOutcome> {
    const known = anew ? undefined : await this.#lookUp(scoring, seed);
    if (known !== undefined) {
      return known;
    }
    const { network, settings, hash } = scoring;
    const started = performance.now();
    this.#engine.prepare();
    try {
      const { jacobian, engine } = await sampleJacobian(this.#engine, network, settings, seed, {
        plan: scoring.plan(),
        onProgress,
        label: `${network.name} ${hash.slice(0, 12)}`,
        ...(signal === undefined ? {} : { signal }),
        ...(interruption === undefined ? {} : { interruption }),
      });
      await this.#expected?.learn(engine);
      const outcome = await evaluate(jacobian, settings, seed, (estimate) => ({
        seed,
        entropy: estimate.entropy,
        entropies: estimate.spectra.map((spectrum) => spectrum.entropy),
        eigenvalues: estimate.eigenvalues,
        deciles: estimate.deciles,
        diagonal: estimate.diagonal,
        trace: estimate.trace,
        resolution: estimate.resolution,
        engine,
        milliseconds: performance.now() - started,
      }));
      await this.#store.set(seedKey(hash, settings, seed, engine), outcome);
      return outcome;
    } catch (error) {
      return seedFailure(seed, error);
    }
  }
}

/** The float64 part of a draw. A failure that lies in the network becomes an outcome, which is stored too. */
async function evaluate(
  jacobian: SampledJacobian,
  settings: ScoreSettings,
  seed: number,
  result: (estimate: FisherEstimate) => SeedScore,
): Promise<SeedOutcome> {
  try {
    return result(await estimateFrom(jacobian, settings));
  } catch (error) {
    return seedFailure(seed, error);
  }
}

/** Named states of the network become outcomes; everything else goes on as an error. */
function seedFailure(seed: number, error: unknown): SeedFailure {
  if (error instanceof FisherFailure) {
    return { seed, reason: error.reason, message: error.message };
  }
  throw error;
}

/** What all draws of a score share. */
class Scoring {
  readonly network: Network;
  readonly settings: ScoreSettings;
  readonly hash: string;
  readonly #totals;
  #plan: JacobianPlan | undefined;

  constructor(network: Network, settings: ScoreSettings) {
    this.network = network;
    this.settings = settings;
    this.hash = networkHash(network);
    this.#totals = totals(network);
  }

  /** Made when the first draw is not in the store, and kept for the others. @throws FisherFailure */
  plan(): JacobianPlan {
    this.#plan ??= planJacobian(this.network, this.settings);
    return this.#plan;
  }

  score(draws: readonly SeedScore[]): Score {
    // The score of some of the draws is the score of settings that ask for so many.
    const settings = { ...this.settings, seeds: draws.length };
    const key = scoreKey(this.hash, settings, draws[0]!.engine);
    return summarise(this.network, this.#totals, settings, draws, key);
  }

  failure(reason: FailureReason, message: string): ScoreFailure {
    const key = scoreKey(this.hash, this.settings, undefined);
    return { state: 'failed', reason, message, ...this.#totals, settings: this.settings, key };
  }
}

/** What helps where memory is there. */
const moreMemory = 'Allow more (`archlens.engine.memoryLimit`, `--memory-limit`)';

function explain({ reason, message: said, isOfWeights }: EngineFailure, settings: ScoreSettings): string {
  // Messages of native code may lack a full stop.
  const message = /[.!?…]$/.test(said) ? said : `${said}.`;
  const lighter = lighterSettings(settings);
  switch (reason) {
    case 'out-of-memory':
      return isOfWeights
        ? `${message} ${moreMemory}.`
        : `${message} ${moreMemory}, or use ${alternativesText([...lighter.estimator, ...lighter.indexSets, 'a smaller input'])}.`;
    case 'time-limit':
      return `${message} Use ${alternativesText([...lighter.estimator, ...lighter.samples, 'a higher time limit'])}.`;
    case 'device-lost':
    case 'cancelled':
    case 'unsupported':
    case 'unavailable':
    case 'quarantined':
    case 'internal':
      return message;
  }
}
