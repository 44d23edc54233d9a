import { bestOfTop } from './best-of-top.ts';
import { bootstrap, type BootstrapOptions, type Interval, type Sample } from './bootstrap.ts';
import { kendallTauB } from './kendall.ts';
import { ndcg } from './ndcg.ts';
import { once, type Counts, type Pairs } from './pairs.ts';
import { precisionAt } from './precision.ts';
import { spearmanRho } from './spearman.ts';

export type MetricName = 'tau' | 'rho' | 'ndcg' | 'precision' | 'best';

/** A number that says how well scores predict targets; more is better. */
export interface Metric {
  readonly name: MetricName;
  /** `nDCG@1000` */
  readonly title: string;
  readonly of: (pairs: Pairs, counts: Counts) => number | undefined;
}

export interface MetricOptions extends BootstrapOptions {
  /** P of nDCG. */
  readonly depth: number;
  /** k of the precision and of the best among the top. */
  readonly top: number;
}

/** P as the paper has it, k as many as one would train; resamples enough for two digits of an interval. */
export const defaultMetricOptions: MetricOptions = { depth: 1000, top: 10, resamples: 1000, seed: 0 };

/** A metric of a sample; null where it is not defined. */
export interface MetricValue {
  readonly name: MetricName;
  readonly title: string;
  readonly value: number | null;
  /** 95 % by the bootstrap. */
  readonly interval: Interval | null;
}

/** @param size networks in the sample: P and k are at most that */
export function metrics(
  size: number,
  { depth, top }: Pick<MetricOptions, 'depth' | 'top'>,
): readonly Metric[] {
  const [p, k] = [Math.min(depth, size), Math.min(top, size)];
  return [
    { name: 'tau', title: 'Kendall tau-b', of: kendallTauB },
    { name: 'rho', title: 'Spearman rho', of: spearmanRho },
    { name: 'ndcg', title: `nDCG@${p}`, of: (pairs, counts) => ndcg(pairs, counts, p) },
    { name: 'precision', title: `precision@${k}`, of: (pairs, counts) => precisionAt(pairs, counts, k) },
    { name: 'best', title: `best of top ${k}`, of: (pairs, counts) => bestOfTop(pairs, counts, k) },
  ];
}

/**
 * All metrics with their confidence intervals.
 *
 * @param sample the networks that the pairs are of; absent: no others
 */
export function evaluate(
  pairs: Pairs,
  options: MetricOptions = defaultMetricOptions,
  sample?: Sample,
): readonly MetricValue[] {
  const all = metrics(sample?.size ?? pairs.size, options);
  const counts = once(pairs);
  const intervals = bootstrap(
    pairs,
    all.map(({ of }) => of),
    options,
    sample,
  );
  return all.map(({ name, title, of }, index) => ({
    name,
    title,
    value: of(pairs, counts) ?? null,
    interval: intervals[index] ?? null,
  }));
}
