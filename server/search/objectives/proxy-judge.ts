import { own } from '../../base/own.ts';
import { proxyNamed } from '../../proxies/index.ts';
import { rankSum } from '../../proxies/rank-sum.ts';
import type { ScoreOptions } from '../../score/scorer.ts';
import type { ScoreSettings } from '../../score/types.ts';
import { meanDifference, rankedDifference, type Difference } from '../paired.ts';
import { opinionOf, SecondOpinions, voteOf, type MeasuresProxies, type Opinion } from '../second-opinion.ts';
import type { Sized, Variant } from '../variants.ts';
import { withOpinion, type Verdict } from '../what-if.ts';
import { looked, type Judge, type JudgeOptions, type Screened } from './judge.ts';
import { objectiveName, type Objective } from './objective.ts';
import { votersOf } from './voters.ts';

/** Seeds that choose what is looked at again: they decide nothing, so that they need no error. */
const screeningSeeds = 2;

/** What proxies have for a network: for each name a value a seed, or why there is none. */
type Measured = ReadonlyMap<string, readonly number[] | string>;

/**
 * By an aggregate, whose ranks are those among the network and the neighbours that are looked at, or by a single other score:
 * docs/whatif.md#by-another-score.
 */
export class ProxyJudge implements Judge {
  readonly #measurer: MeasuresProxies;
  readonly #settings: ScoreSettings;
  readonly #base: Sized;
  readonly #objective: Exclude<Objective, { kind: 'vkdnw' }>;
  /** Proxies that are measured. */
  readonly #names: readonly string[];

  constructor(
    measurer: MeasuresProxies,
    settings: ScoreSettings,
    base: Sized,
    objective: Exclude<Objective, { kind: 'vkdnw' }>,
  ) {
    this.#measurer = measurer;
    this.#settings = settings;
    this.#base = base;
    this.#objective = objective;
    this.#names = objective.kind === 'proxy' ? [objective.proxy.name] : objective.aggregate.parts;
  }

  async screen(variants: readonly Variant[], options: JudgeOptions): Promise<Screened | string | undefined> {
    const seeds = this.#seeds(this.#settings.seed, screeningSeeds);
    const measured = await this.#all(variants, seeds, options);
    if (measured === undefined) return undefined;
    const names = this.#usable(measured[0]!);
    if (typeof names === 'string') return names;
    const preferred = this.#differences(measured, names, seeds.length)
      .map((differences, index) => ({ delta: meanDifference(differences).mean, index }))
      .filter(({ delta }) => delta > 0)
      .sort((a, b) => b.delta - a.delta)
      .slice(0, looked);
    return { preferred: preferred.map(({ index }) => index) };
  }

  async check(
    chosen: readonly Variant[],
    options: ScoreOptions,
  ): Promise<(index: number) => Promise<Verdict | undefined>> {
    const { seed, seeds: count } = this.#settings;
    const seeds = this.#seeds(seed + screeningSeeds, count);
    const measured = chosen.length === 0 ? undefined : await this.#all(chosen, seeds, options);
    if (measured === undefined) return () => Promise.resolve(undefined);
    const names = this.#usable(measured[0]!);
    if (typeof names === 'string')
      return () => Promise.resolve({ state: 'failed', reason: 'unavailable', message: names });
    const by = objectiveName(this.#objective);
    const differences = this.#differences(measured, names, seeds.length).map((each) => this.#summed(each));
    const opinions = new SecondOpinions(
      this.#measurer,
      { ...this.#settings, seed: seeds[0]! },
      this.#base,
      votersOf(this.#objective).names,
    );
    return async (index) => {
      const values = measured[index + 1]!;
      const missing = names.flatMap((name) => {
        const value = values.get(name)!;
        return typeof value === 'string' ? [`${name}: ${value}`] : [];
      });
      if (missing.length === names.length)
        return { state: 'failed', reason: 'unavailable', message: missing.join('; ') };
      const verdict: Verdict = { state: 'scored', by, difference: differences[index]! };
      if (this.#objective.kind === 'aggregate')
        return verdict.difference.withinNoise || verdict.difference.delta <= 0
          ? verdict
          : { ...verdict, opinion: this.#partsOpinion(measured[0]!, values) };
      return await withOpinion(opinions, chosen[index]!, verdict, options);
    };
  }

  #seeds(first: number, count: number): readonly number[] {
    return Array.from({ length: count }, (_, index) => first + index);
  }

  /** Of the base, and of every neighbour behind it; undefined when cancelled. */
  async #all(
    variants: readonly Variant[],
    seeds: readonly number[],
    options: JudgeOptions,
  ): Promise<readonly Measured[] | undefined> {
    const measured: Measured[] = [];
    try {
      for (const [index, sized] of [this.#base, ...variants].entries()) {
        options.onTried?.(Math.max(0, index - 1), variants.length);
        measured.push(await this.#measure(sized, seeds, options));
        if (options.signal?.aborted === true) return undefined;
        await options.interruption?.giveWay();
      }
    } catch (error) {
      if (options.signal?.aborted === true) return undefined;
      throw error;
    }
    options.onTried?.(variants.length, variants.length);
    return measured;
  }

  async #measure({ network }: Sized, seeds: readonly number[], options: ScoreOptions): Promise<Measured> {
    const measured = new Map<string, number[] | string>();
    for (const name of this.#names) {
      const isCount = proxyNamed(name).inputs === 'none';
      const values: number[] = [];
      let failure: string | undefined;
      for (const seed of isCount ? seeds.slice(0, 1) : seeds) {
        const settings = { ...this.#settings, seed, seeds: 1 };
        const result = await this.#measurer.proxies(network, [name], settings, options);
        options.signal?.throwIfAborted();
        const value = own(result.values, name);
        if (value === undefined) {
          failure = own(result.failed, name) ?? 'it has no value';
          break;
        }
        values.push(value);
      }
      measured.set(name, failure ?? (isCount ? seeds.map(() => values[0]!) : values));
    }
    return measured;
  }

  /** The proxies that the network itself has a value of: what it lacks compares nothing. A text where too few are left. */
  #usable(base: Measured): readonly string[] | string {
    const names = this.#names.filter((name) => typeof base.get(name) !== 'string');
    if (names.length >= Math.min(2, this.#names.length)) return names;
    const lacking = this.#names.filter((name) => !names.includes(name));
    const reasons = lacking.map((name) => `${name}: ${base.get(name) as string}`);
    return `${objectiveName(this.#objective)} cannot compare it: ${reasons.join('; ')}`;
  }

  /** Neighbour − base, for every neighbour and seed: of the sums of ranks, or of the values. */
  #differences(
    measured: readonly Measured[],
    names: readonly string[],
    seeds: number,
  ): readonly (readonly number[])[] {
    const objective = this.#objective;
    const bySeed = Array.from({ length: seeds }, (_, draw) => {
      const parts = new Map(names.map((name) => [name, measured.map((each) => signed(name, each, draw))]));
      return objective.kind === 'proxy'
        ? parts.get(objective.proxy.name)!
        : rankSum(parts, objective.aggregate.rule);
    });
    return measured.slice(1).map((_, index) => bySeed.map((sums) => sums[index + 1]! - sums[0]!));
  }

  #summed(differences: readonly number[]): Difference {
    if (this.#objective.kind === 'aggregate') return rankedDifference(differences);
    const { mean: delta, error, margin } = meanDifference(differences);
    const seeds = differences.length;
    if (error === undefined || margin === undefined) return { delta, seeds, withinNoise: true };
    return { delta, seeds, error, margin, withinNoise: Math.abs(delta) <= margin };
  }

  /** What each part says by itself, by the same seeds: one that carries the sum alone is not enough. */
  #partsOpinion(base: Measured, values: Measured): Opinion {
    const votes = this.#names.map((name) => {
      const [before, after] = [base.get(name)!, values.get(name)!];
      if (typeof before === 'string') return voteOf(name, [], before);
      if (typeof after === 'string') return voteOf(name, [], after);
      return voteOf(
        name,
        after.map((value, draw) => value - before[draw]!),
        '',
      );
    });
    return { ...opinionOf(votes), ofParts: true };
  }
}

/** More is better; without a value it is the worst. */
function signed(name: string, measured: Measured, draw: number): number {
  const values = measured.get(name)!;
  if (typeof values === 'string') return -Infinity;
  return proxyNamed(name).better === 'higher' ? values[draw]! : -values[draw]!;
}
