import { failureText } from '../../base/failure-reasons.ts';
import type { ScoreOptions } from '../../score/scorer.ts';
import type { Score, ScoreSettings } from '../../score/types.ts';
import { SecondOpinions, type MeasuresProxies } from '../second-opinion.ts';
import type { Sized, Variant } from '../variants.ts';
import { byVerdict, Comparison, standingOf, withOpinion } from '../what-if.ts';
import type { ScoresNetworks, Verdict } from '../what-if.ts';
import { looked, type Judge, type JudgeOptions, type Screened } from './judge.ts';

/** By VKDNW_single, and the parts of the robust aggregate as second opinion. */
export class VkdnwJudge implements Judge {
  readonly #scorer: ScoresNetworks & MeasuresProxies;
  readonly #settings: ScoreSettings;
  readonly #base: Sized;
  #outcome: Score | undefined;

  constructor(scorer: ScoresNetworks & MeasuresProxies, settings: ScoreSettings, base: Sized) {
    this.#scorer = scorer;
    this.#settings = settings;
    this.#base = base;
  }

  async screen(variants: readonly Variant[], options: JudgeOptions): Promise<Screened | string | undefined> {
    const comparison = new Comparison(this.#scorer, this.#settings, this.#base);
    const outcome = await comparison.base(options);
    if (outcome.state === 'failed') return `${failureText(outcome.reason)}: ${outcome.message}`;
    this.#outcome = outcome;
    const verdicts: Verdict[] = [];
    options.onTried?.(0, variants.length);
    for (const variant of variants) {
      const verdict = await comparison.verdict(variant, options);
      if (options.signal?.aborted === true) return undefined;
      verdicts.push(verdict);
      options.onTried?.(verdicts.length, variants.length);
      await options.interruption?.giveWay();
    }
    const preferred = verdicts
      .map((verdict, index) => ({ verdict, index }))
      .filter(({ verdict }) => standingOf(verdict) === 'unasked')
      .sort((a, b) => byVerdict(a.verdict, b.verdict))
      .slice(0, looked);
    return { preferred: preferred.map(({ index }) => index), verdicts };
  }

  check(
    chosen: readonly Variant[],
    options: ScoreOptions,
  ): Promise<(index: number) => Promise<Verdict | undefined>> {
    const settings = { ...this.#settings, seed: freshSeed(this.#outcome!) };
    const fresh = new Comparison(this.#scorer, settings, this.#base);
    const opinions = new SecondOpinions(this.#scorer, settings, this.#base);
    return Promise.resolve(async (index) => {
      const variant = chosen[index]!;
      const again = await fresh.verdict(variant, options);
      if (options.signal?.aborted === true) return undefined;
      return await withOpinion(opinions, variant, again, options);
    });
  }
}

/** The first seed that had no part in the score. */
function freshSeed({ settings }: Score): number {
  return settings.seed + settings.seeds;
}
