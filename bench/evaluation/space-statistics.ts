import { kendallTauB } from '../../server/evaluation/kendall.ts';
import { once, pair } from '../../server/evaluation/pairs.ts';
import { aggregateValues, withWorst } from '../../server/proxies/aggregate-values.ts';
import type { ProxyAggregate } from '../../server/proxies/aggregates.ts';
import { proxyNamed } from '../../server/proxies/index.ts';
import { integerStream } from '../../server/tensor/random.ts';
import type { Tau } from '../../server/worth/worth.ts';
import { entropies, type MeasuredMember, type SpaceColumn } from './space-columns.ts';

const resamples = 1000;

/** A statistic of networks, each of which counts as often as a resample has it. */
export type Statistic = (counts?: Int32Array) => number;

/** The columns of a space with the members that have some groups in all of them, in one order. */
export function wholeColumns(
  all: readonly SpaceColumn[],
  space: string,
  needs: readonly string[],
): readonly SpaceColumn[] {
  const columns = all.filter((column) => column.space === space);
  const whole = columns.map(
    ({ members }) =>
      new Map(
        members
          .filter(({ groups }) => needs.every((group) => groups.has(group)))
          .map((member) => [member.genotype, member]),
      ),
  );
  const [first, ...others] = whole;
  const shared = [...(first?.keys() ?? [])].filter((genotype) => others.every((each) => each.has(genotype)));
  return columns.map((column, index) => ({
    ...column,
    members: shared.map((genotype) => whole[index]!.get(genotype)!),
  }));
}

/** Kendall's tau-b of scores with accuracy; of a score that is the same for all, 0. */
export function tauStatistic(
  scores: readonly number[],
  members: readonly Pick<MeasuredMember, 'accuracy'>[],
): Statistic {
  const pairs = pair(
    scores,
    members.map(({ accuracy }) => accuracy),
  );
  return (counts = once(pairs)) => kendallTauB(pairs, counts) ?? 0;
}

/** Kendall's tau-b over the pairs of networks that are in one group; ties of scores count as neither. */
export function withinStatistic(
  scores: readonly number[],
  members: readonly Pick<MeasuredMember, 'accuracy'>[],
  groupOf: (row: number) => unknown,
): Statistic {
  const pairs = [...members.keys()].flatMap((a) =>
    [...members.keys()]
      .slice(a + 1)
      .filter((b) => groupOf(a) === groupOf(b) && members[a]!.accuracy !== members[b]!.accuracy)
      .map((b) => ({
        a,
        b,
        agrees: Math.sign((scores[a]! - scores[b]!) * (members[a]!.accuracy - members[b]!.accuracy)),
      })),
  );
  return (counts) => {
    let [sum, count] = [0, 0];
    for (const { a, b, agrees } of pairs) {
      const times = counts === undefined ? 1 : counts[a]! * counts[b]!;
      sum += times * agrees;
      count += times;
    }
    return count === 0 ? 0 : sum / count;
  };
}

/** A statistic with its interval, of so many networks. */
export function estimate(statistic: Statistic, size: number): Tau {
  return interval(statistic(), resampled(size, statistic));
}

/** The same resamples for all that have as many networks. */
export function resampled<T>(size: number, statistic: (counts: Int32Array) => T): readonly T[] {
  const draw = integerStream(0, 'bootstrap');
  return Array.from({ length: resamples }, () => {
    const counts = new Int32Array(size);
    for (let place = 0; place < size; place += 1) counts[draw(size)]! += 1;
    return statistic(counts);
  });
}

/** A value with the percentiles of its resamples, at four decimals. */
export function interval(value: number, samples: readonly number[]): Tau {
  const sorted = samples.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.round(share * (sorted.length - 1))]!;
  const short = (number: number): number => Number(number.toFixed(4));
  return { tau: short(value), low: short(at(0.025)), high: short(at(0.975)) };
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The mean of statistics of the same networks: of one metric over data sets. */
export function meanStatistic(statistics: readonly Statistic[]): Statistic {
  return (counts) => mean(statistics.map((statistic) => statistic(counts)));
}

/**
 * Scores of members, more is better; a network without a value is the worst.
 *
 * @param metric a proxy, or `vkdnw@calibrated/spread`
 */
export function scoresOf(members: readonly MeasuredMember[], metric: string): readonly number[] {
  const [base = metric] = metric.split('@');
  return withWorst({ name: base, better: 'higher' }, valuesOf(members, metric));
}

/** What an aggregate makes of members. */
export function aggregateScores(
  members: readonly MeasuredMember[],
  { parts, rule }: Pick<ProxyAggregate, 'parts' | 'rule'>,
): readonly number[] {
  const values = aggregateValues(parts.map(proxyNamed), ({ name }) => valuesOf(members, name), rule);
  return withWorst({ name: 'aggregate', better: 'higher' }, values);
}

function valuesOf(members: readonly MeasuredMember[], metric: string): readonly (number | undefined)[] {
  const [base, setting = 'eval/first'] = metric.split('@');
  if (base !== 'vkdnw' && base !== 'vkdnw_single') return members.map(({ values }) => values.get(metric));
  const { values } = entropies(members, setting);
  if (base === 'vkdnw') return values;
  return values.map((value, row) => {
    const layers = members[row]!.values.get('layers');
    return value === undefined || layers === undefined ? undefined : value + layers;
  });
}
