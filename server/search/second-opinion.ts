import { namedAggregates } from '../proxies/aggregates.ts';
import { proxyNamed } from '../proxies/index.ts';
import type { EntryProxies } from '../ranking/entry.ts';
import type { Network } from '../network/network.ts';
import type { ScoreOptions } from '../score/scorer.ts';
import type { ScoreSettings } from '../score/types.ts';
import { own } from '../base/own.ts';
import { meanDifference } from './paired.ts';
import type { Sized } from './variants.ts';

/** Whoever computes other scores. */
export interface MeasuresProxies {
  proxies(
    network: Network,
    names: readonly string[],
    settings: ScoreSettings,
    options?: Pick<ScoreOptions, 'signal' | 'interruption'>,
  ): Promise<EntryProxies>;
}

/** What one of the other scores says of a change. */
export interface Vote {
  /** Of the proxy. */
  readonly name: string;
  /** `equal`: within its own noise; `none`: it has no value for one of the two networks. */
  readonly says: 'better' | 'worse' | 'equal' | 'none';
  /** After − before, mean over the seeds, in the unit of the proxy, and half of its 95 % interval; absent for `none`. */
  readonly difference?: number;
  readonly margin?: number;
  /** Of `none`. */
  readonly reason?: string;
}

/** What the other scores say of a change: docs/whatif.md#the-second-opinion. A plain value. */
export interface Opinion {
  readonly votes: readonly Vote[];
  /** The votes are those of the parts of the aggregate that was compared, not of other scores. */
  readonly ofParts?: true;
  readonly better: number;
  readonly worse: number;
  /** `for`: more are better than worse, and two at least. `weak`: one is, and none is worse. `none`: not even half of them have a value. */
  readonly verdict: 'for' | 'weak' | 'against' | 'divided' | 'none';
  /** For people: engine, seeds, version. */
  readonly made?: string;
}

/** Milliseconds that the other scores of one pair of networks may take; those not reached by then have no vote. */
const longest = 120_000;

/** The other scores that a step is held against: the parts of the aggregate that holds whatever changes, VKDNW not being among them. */
export const opinionProxies: readonly string[] = namedAggregates.find(
  ({ name }) => name === 'robust_agg',
)!.parts;

/** Scores that must prefer a step: a larger network pleases a count by itself. */
export const leastVotes = 2;

/** Other scores of neighbours of one network, by the same seeds. */
export class SecondOpinions {
  readonly #measurer: MeasuresProxies;
  readonly #settings: ScoreSettings;
  readonly #base: Sized;
  readonly #names: readonly string[];
  /** Values of the base by proxy and seed. */
  readonly #known = new Map<string, EntryProxies>();

  /** @param names of the proxies that are asked */
  constructor(
    measurer: MeasuresProxies,
    settings: ScoreSettings,
    base: Sized,
    names: readonly string[] = opinionProxies,
  ) {
    this.#names = names;
    this.#measurer = measurer;
    this.#settings = settings;
    this.#base = base;
  }

  /** Never rejects but when cancelled: what has no value has no vote. */
  async of({ network }: Sized, options: ScoreOptions = {}): Promise<Opinion> {
    const end = performance.now() + longest;
    const votes: Vote[] = [];
    const made = new Set<string>();
    for (const name of this.#names) {
      const vote = await this.#vote(name, network, end, options);
      votes.push(vote.vote);
      // Of a count there is nothing to say.
      if (proxyNamed(name).inputs !== 'none' && vote.made !== undefined) made.add(vote.made);
    }
    return { ...opinionOf(votes), ...(made.size === 0 ? {} : { made: [...made].join('; ') }) };
  }

  async #vote(
    name: string,
    network: Network,
    end: number,
    options: ScoreOptions,
  ): Promise<{ readonly vote: Vote; readonly made?: string }> {
    const { inputs } = proxyNamed(name);
    const differences: number[] = [];
    const seeds = inputs === 'none' ? 2 : this.#settings.seeds;
    let made: string | undefined;
    let reason = `it takes longer than ${longest / 60_000} min`;
    for (let draw = 0; draw < seeds; draw += 1) {
      const left = end - performance.now();
      if (left <= 0) break;
      const settings = { ...this.#settings, seed: this.#settings.seed + draw, seeds: 1 };
      const signal = AbortSignal.any([
        AbortSignal.timeout(Math.ceil(left)),
        ...(options.signal === undefined ? [] : [options.signal]),
      ]);
      const ask = { ...options, signal };
      const before = await this.#baseValue(name, settings, ask);
      options.signal?.throwIfAborted();
      const after =
        own(before.failed, name) === undefined
          ? await this.#measurer.proxies(network, [name], settings, ask)
          : undefined;
      options.signal?.throwIfAborted();
      const failure = own(before.failed, name) ?? own(after?.failed ?? {}, name);
      if (failure !== undefined || after === undefined) {
        if (performance.now() < end) reason = failure ?? reason;
        break;
      }
      differences.push(own(after.values, name)! - own(before.values, name)!);
      made = `${differences.length} seeds from ${this.#settings.seed} on, one by one · ${after.made}`;
    }
    const vote = voteOf(name, differences, reason);
    return made === undefined || vote.says === 'none' ? { vote } : { vote, made };
  }

  async #baseValue(name: string, settings: ScoreSettings, options: ScoreOptions): Promise<EntryProxies> {
    const key = `${name} ${settings.seed}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const measured = await this.#measurer.proxies(this.#base.network, [name], settings, options);
    if (own(measured.values, name) !== undefined) this.#known.set(key, measured);
    return measured;
  }
}

/**
 * What one score says of a change.
 *
 * @param differences after − before for each seed, in its unit
 * @param reason why there are not more of them
 */
export function voteOf(name: string, differences: readonly number[], reason: string): Vote {
  // One difference has no error.
  if (differences.length < 2) return { name, says: 'none', reason };
  const { mean: difference, margin = 0 } = meanDifference(differences);
  const isBetter = difference > 0 === (proxyNamed(name).better === 'higher');
  const says = Math.abs(difference) <= margin ? 'equal' : isBetter ? 'better' : 'worse';
  return { name, says, difference, margin };
}

/**
 * The aggregate of log-ranks over two networks: of each score that tells them apart the better one has rank 2, the other rank 1, so that
 * its ln 2 counts for the one or the other, and the aggregate is higher for the network that more of the scores prefer. One of them is not
 * enough.
 */
export function opinionOf(votes: readonly Vote[]): Omit<Opinion, 'made'> {
  const count = (says: Vote['says']): number => votes.filter((vote) => vote.says === says).length;
  const better = count('better');
  const worse = count('worse');
  const isNone = 2 * count('none') > votes.length;
  return { votes, better, worse, verdict: isNone ? 'none' : verdictOf(better, worse) };
}

function verdictOf(better: number, worse: number): Opinion['verdict'] {
  if (better <= worse) return better < worse ? 'against' : 'divided';
  return better < leastVotes ? 'weak' : 'for';
}
