import type { Network } from '../network/network.ts';
import { sameEngine } from '../score/key.ts';
import type { Score, ScoreOutcome, ScoreSettings } from '../score/types.ts';
import type { ScoreOptions } from '../score/scorer.ts';
import { pairedDifference, type PairedDifference } from './paired.ts';
import type { Sized, Variant } from './variants.ts';

/** Fewer seeds leave an interval too wide to tell anything: t(0.975, 1) is 12.7, t(0.975, 3) is 3.2. */
const leastSeeds = 4;

/** Whoever scores. */
export interface ScoresNetworks {
  score(network: Network, settings: ScoreSettings, options?: ScoreOptions): Promise<ScoreOutcome>;
}

/** What is known of a neighbour once it was scored. */
export type Verdict =
  | { readonly state: 'scored'; readonly difference: PairedDifference; readonly single: number }
  /** It has no score. */
  | { readonly state: 'failed'; readonly message: string };

/** Settings for base and neighbours: those given, with seeds enough to tell a difference from noise. */
export function whatIfSettings(settings: ScoreSettings): ScoreSettings {
  return { ...settings, seeds: Math.max(settings.seeds, leastSeeds) };
}

/** Compares neighbours with one network, with equal settings and seeds. */
export class Comparison {
  readonly #scorer: ScoresNetworks;
  readonly #settings: ScoreSettings;
  readonly #base: Sized;
  #score: Score | undefined;

  constructor(scorer: ScoresNetworks, settings: ScoreSettings, base: Sized) {
    this.#scorer = scorer;
    this.#settings = settings;
    this.#base = base;
  }

  /** The score of the base, computed when it is first asked for. */
  async base(options: ScoreOptions = {}): Promise<ScoreOutcome> {
    if (this.#score !== undefined) return this.#score;
    const outcome = await this.#scorer.score(this.#base.network, this.#settings, options);
    if (outcome.state === 'ok') this.#score = outcome;
    return outcome;
  }

  async verdict({ network, totals }: Sized, options: ScoreOptions = {}): Promise<Verdict> {
    const base = await this.base(options);
    if (base.state === 'failed') return { state: 'failed', message: base.message };
    const outcome = await this.#scorer.score(network, this.#settings, options);
    if (outcome.state === 'failed') return { state: 'failed', message: outcome.message };
    if (!sameEngine(base.engine, outcome.engine)) {
      // Scores of different engines are not compared: the next one starts from the base again.
      this.#score = undefined;
      const message = 'Another engine took over meanwhile. Try again.';
      return { state: 'failed', message };
    }
    const layers = totals.layers - this.#base.totals.layers;
    const difference = pairedDifference(base.seeds, outcome.seeds, layers);
    return { state: 'scored', difference, single: outcome.single };
  }
}

/** One neighbour after the other. Ends early when cancelled. @returns the verdicts there are, by index */
export async function compareVariants(
  comparison: Comparison,
  variants: readonly Variant[],
  options: ScoreOptions,
  onVerdict: (index: number, verdict: Verdict) => void,
): Promise<readonly Verdict[]> {
  const verdicts: Verdict[] = [];
  for (const [index, variant] of variants.entries()) {
    const verdict = await comparison.verdict(variant, options);
    if (options.signal?.aborted === true) break;
    verdicts.push(verdict);
    onVerdict(index, verdict);
    await options.interruption?.giveWay();
  }
  return verdicts;
}

/** Beyond noise the best first, then those within it, then what has no score. */
export function byVerdict(a: Verdict | undefined, b: Verdict | undefined): number {
  return groupOf(a) - groupOf(b) || deltaOf(b) - deltaOf(a);
}

/** 0: better, 1: within noise, 2: worse, 3: no score. */
function groupOf(verdict: Verdict | undefined): number {
  if (verdict?.state !== 'scored') return 3;
  const { withinNoise, delta } = verdict.difference;
  return withinNoise ? 1 : delta > 0 ? 0 : 2;
}

function deltaOf(verdict: Verdict | undefined): number {
  return verdict?.state === 'scored' ? verdict.difference.delta : 0;
}
