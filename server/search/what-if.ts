import type { Network } from '../network/network.ts';
import { sameEngine } from '../score/key.ts';
import type { Score, ScoreOutcome, ScoreSettings } from '../score/types.ts';
import type { ScoreOptions } from '../score/scorer.ts';
import type { FailureReason } from '../base/failure-reasons.ts';
import type { ScoreMark } from '../score/marks.ts';
import {
  isImprovement,
  pairedDifference,
  type Confidence,
  type Difference,
  type PairedDifference,
} from './paired.ts';
import type { Opinion, SecondOpinions } from './second-opinion.ts';
import type { Sized, Variant } from './variants.ts';

/** Fewer seeds leave an interval too wide to tell anything: t(0.975, 1) is 12.7, t(0.975, 3) is 3.2. */
const leastSeeds = 4;

/** Whoever scores. */
export interface ScoresNetworks {
  score(network: Network, settings: ScoreSettings, options?: ScoreOptions): Promise<ScoreOutcome>;
}

/** What is known of a neighbour once it was scored. A plain value. */
export type Verdict =
  | {
      readonly state: 'scored';
      /** What was compared; absent: VKDNW_single. */
      readonly by?: string;
      readonly difference: Difference & Partial<Pick<PairedDifference, 'layers' | 'entropy'>>;
      /** VKDNW_single of the neighbour, where that was compared. */
      readonly single?: number;
      /** What takes something from its number. */
      readonly marks?: readonly ScoreMark[];
      /** Of the other scores; asked for where VKDNW says that it is better. */
      readonly opinion?: Opinion;
    }
  /** It has no score. */
  | { readonly state: 'failed'; readonly reason: FailureReason; readonly message: string };

export type ScoredVerdict = Extract<Verdict, { state: 'scored' }>;

/**
 * `better`: beyond noise, and the other scores agree. `unconfirmed`: beyond noise, and they do not. `unasked`: beyond noise, and nobody
 * has asked them.
 */
export type Standing = 'better' | 'unasked' | 'unconfirmed' | 'within noise' | 'worse' | 'failed';

export function standingOf(verdict: Verdict): Standing {
  if (verdict.state === 'failed') return 'failed';
  const { difference, opinion } = verdict;
  if (difference.withinNoise) return 'within noise';
  if (!isImprovement(difference)) return 'worse';
  if (opinion === undefined) return 'unasked';
  return opinion.verdict === 'for' ? 'better' : 'unconfirmed';
}

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

  /** @param confidence of the interval of the difference */
  async verdict(
    { network, totals }: Sized,
    options: ScoreOptions = {},
    confidence?: Confidence,
  ): Promise<Verdict> {
    const base = await this.base(options);
    if (base.state === 'failed') return { state: 'failed', reason: base.reason, message: base.message };
    const outcome = await this.#scorer.score(network, this.#settings, options);
    if (outcome.state === 'failed')
      return { state: 'failed', reason: outcome.reason, message: outcome.message };
    if (!sameEngine(base.engine, outcome.engine)) {
      // Scores of different engines are not compared: the next one starts from the base again.
      this.#score = undefined;
      const message = 'Another engine took over meanwhile. Try again.';
      return { state: 'failed', reason: 'unavailable', message };
    }
    const layers = totals.layers - this.#base.totals.layers;
    const difference = pairedDifference(base.seeds, outcome.seeds, layers, confidence);
    const { single, marks } = outcome;
    return { state: 'scored', difference, single, ...(marks === undefined ? {} : { marks }) };
  }
}

export interface CompareOptions extends ScoreOptions {
  /** Told of every verdict, and again once the other scores have been asked about it. */
  readonly onVerdict: (index: number, verdict: Verdict) => void;
  /** Told before the other scores are asked about one of those that VKDNW prefers. */
  readonly onOpinion?: (asked: number, total: number) => void;
}

/**
 * One neighbour after the other; then the other scores of those that are better beyond noise, the best first. Ends early when
 * cancelled.
 *
 * @returns the verdicts there are, by index
 */
export async function compareVariants(
  comparison: Comparison,
  opinions: SecondOpinions,
  variants: readonly Variant[],
  { onVerdict, onOpinion, ...options }: CompareOptions,
): Promise<readonly Verdict[]> {
  const verdicts: Verdict[] = [];
  for (const [index, variant] of variants.entries()) {
    const verdict = await comparison.verdict(variant, options);
    if (options.signal?.aborted === true) return verdicts;
    verdicts.push(verdict);
    onVerdict(index, verdict);
    await options.interruption?.giveWay();
  }
  const preferred = verdicts
    .flatMap((verdict, index) => (standingOf(verdict) === 'unasked' ? [{ verdict, index }] : []))
    .sort((a, b) => byVerdict(a.verdict, b.verdict));
  for (const [asked, { verdict, index }] of preferred.entries()) {
    onOpinion?.(asked, preferred.length);
    const confirmed = await withOpinion(opinions, variants[index]!, verdict, options);
    if (confirmed === undefined) return verdicts;
    verdicts[index] = confirmed;
    onVerdict(index, confirmed);
    await options.interruption?.giveWay();
  }
  return verdicts;
}

/** The verdict with what the other scores say; undefined when cancelled. */
export async function withOpinion(
  opinions: SecondOpinions,
  variant: Sized,
  verdict: Verdict,
  options: ScoreOptions,
): Promise<Verdict | undefined> {
  if (standingOf(verdict) !== 'unasked') return verdict;
  try {
    const opinion = await opinions.of(variant, options);
    return { ...(verdict as ScoredVerdict), opinion };
  } catch (error) {
    if (options.signal?.aborted === true) return undefined;
    throw error;
  }
}

const order: readonly Standing[] = ['better', 'unasked', 'unconfirmed', 'within noise', 'worse', 'failed'];

/** Those that are better first, then those within noise, then what has no score; within each the best first. */
export function byVerdict(a: Verdict | undefined, b: Verdict | undefined): number {
  return groupOf(a) - groupOf(b) || deltaOf(b) - deltaOf(a);
}

function groupOf(verdict: Verdict | undefined): number {
  return verdict === undefined ? order.length : order.indexOf(standingOf(verdict));
}

function deltaOf(verdict: Verdict | undefined): number {
  return verdict?.state === 'scored' ? verdict.difference.delta : 0;
}
