import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bestOfTop } from '../../server/evaluation/best-of-top.ts';
import { bootstrap } from '../../server/evaluation/bootstrap.ts';
import { evaluateColumns } from '../../server/evaluation/evaluation.ts';
import { kendallTauB } from '../../server/evaluation/kendall.ts';
import { defaultMetricOptions, evaluate, metrics } from '../../server/evaluation/metrics.ts';
import { ndcg } from '../../server/evaluation/ndcg.ts';
import { once, pair } from '../../server/evaluation/pairs.ts';
import { precisionAt } from '../../server/evaluation/precision.ts';
import { networksOf, rowTitle } from '../../server/evaluation/report.ts';
import { spearmanRho } from '../../server/evaluation/spearman.ts';
import { numbersOf, parseTable } from '../../server/evaluation/table.ts';
import { benchmarkTables, publishedData } from '../support/benchmark.ts';

interface Case {
  readonly scores: readonly number[];
  readonly targets: readonly number[];
  readonly k: number;
  readonly depth: number;
  readonly tau: number;
  readonly rho: number;
  readonly ndcg: number;
  readonly precision: number;
  readonly best: number;
}

function fixture(name: string): unknown {
  return JSON.parse(readFileSync(join(import.meta.dirname, 'fixtures', name), 'utf8'));
}

const { cases } = fixture('metrics.json') as { readonly cases: readonly Case[] };

describe('metrics, ties included', () => {
  it.each(cases)('are those of SciPy to 1e-9: $scores.length networks', (expected) => {
    const pairs = pair(expected.scores, expected.targets);
    const counts = once(pairs);
    expect(kendallTauB(pairs, counts)).toBeCloseTo(expected.tau, 9);
    expect(spearmanRho(pairs, counts)).toBeCloseTo(expected.rho, 9);
    expect(ndcg(pairs, counts, expected.depth)).toBeCloseTo(expected.ndcg, 9);
    expect(precisionAt(pairs, counts, expected.k)).toBeCloseTo(expected.precision, 9);
    expect(bestOfTop(pairs, counts, expected.k)).toBeCloseTo(expected.best, 9);
  });

  it('of rows that count several times are those of rows that are repeated', () => {
    const row = fc.record({
      score: fc.integer({ min: 0, max: 5 }),
      target: fc.integer({ min: 0, max: 99 }),
      count: fc.integer({ min: 0, max: 3 }),
    });
    fc.assert(
      fc.property(
        fc.array(row, { minLength: 3, maxLength: 20 }),
        fc.integer({ min: 1, max: 8 }),
        (rows, k) => {
          const repeated = rows.flatMap((each) => new Array<typeof each>(each.count).fill(each));
          fc.pre(repeated.length > 0);
          const weighted = pair(
            rows.map(({ score }) => score),
            rows.map(({ target }) => target),
          );
          const long = pair(
            repeated.map(({ score }) => score),
            repeated.map(({ target }) => target),
          );
          for (const { of } of metrics(repeated.length, { depth: k, top: k })) {
            const expected = of(long, once(long));
            const actual = of(
              weighted,
              Int32Array.from(rows, ({ count }) => count),
            );
            if (expected === undefined) expect(actual).toBeUndefined();
            else expect(actual).toBeCloseTo(expected, 9);
          }
        },
      ),
    );
  });

  it('do not depend on the order of the rows, nor on the scale of the scores', () => {
    const [first] = cases;
    const base = evaluate(pair(first!.scores, first!.targets), { ...defaultMetricOptions, resamples: 0 });
    const back = pair(
      [...first!.scores].reverse().map((score) => Math.exp(score) - 7),
      [...first!.targets].reverse(),
    );
    for (const [index, { value }] of evaluate(back, { ...defaultMetricOptions, resamples: 0 }).entries())
      expect(value).toBeCloseTo(base[index]!.value!, 12);
  });

  it('are perfect for the targets themselves', () => {
    const pairs = pair([10, 50, 90, 95], [10, 50, 90, 95]);
    const values = evaluate(pairs, { depth: 1000, top: 2, resamples: 0, seed: 0 });
    expect(values.map(({ title, value }) => [title, value])).toEqual([
      ['Kendall tau-b', 1],
      ['Spearman rho', 1],
      ['nDCG@4', 1],
      ['precision@2', 1],
      ['best of top 2', 95],
    ]);
  });

  it('are not defined where nothing varies, or gains are negative', () => {
    const flat = pair([1, 1, 1], [70, 80, 90]);
    expect([kendallTauB(flat, once(flat)), spearmanRho(flat, once(flat))]).toEqual([undefined, undefined]);
    const negative = pair([1, 2, 3], [-1, 2, 3]);
    expect(ndcg(negative, once(negative), 2)).toBeUndefined();
    const none = pair([1, 2], [0, 0]);
    expect(ndcg(none, once(none), 2)).toBeUndefined();
  });

  it('do not overflow for targets that are no percentages, and keep the digits of fractions', () => {
    const large = pair([1, 2, 3], [5000, 4000, 4999]);
    expect(ndcg(large, once(large), 3)).toBeCloseTo((0.5 + 1 / Math.log2(4)) / (1 + 0.5 / Math.log2(3)), 12);
    const small = pair([2, 1], [1e-12, 2e-12]);
    expect(ndcg(small, once(small), 1)).toBeCloseTo(0.5, 9);
  });

  it('refuses columns of different length, and what is not finite', () => {
    expect(() => pair([1], [1, 2])).toThrow('1 scores and 2 targets');
    expect(() => pair([NaN], [1])).toThrow('finite');
  });
});

describe('the bootstrap', () => {
  const { scores, targets } = cases[2]!;

  it('gives the same intervals for the same seed, others for another, around the value', () => {
    const pairs = pair(scores, targets);
    const options = { ...defaultMetricOptions, resamples: 200 };
    const [tau] = evaluate(pairs, options);
    expect(evaluate(pairs, options)[0]).toEqual(tau);
    expect(evaluate(pairs, { ...options, seed: 1 })[0]!.interval).not.toEqual(tau!.interval);
    expect(tau!.interval!.low).toBeLessThan(tau!.value!);
    expect(tau!.interval!.high).toBeGreaterThan(tau!.value!);
  });

  it('of a mean is as wide as its standard error says', () => {
    const values = Array.from({ length: 400 }, (_, index) => (index * 37) % 100);
    const pairs = pair(values, values);
    const mean = ({ target }: typeof pairs, counts: Int32Array): number =>
      target.values.reduce((sum, value, row) => sum + (value * counts[row]!) / 400, 0);
    const [interval] = bootstrap(pairs, [mean], { resamples: 2000, seed: 3 });
    const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - 49.5) ** 2 / 400, 0));
    expect((interval!.high - interval!.low) / ((2 * 1.96 * deviation) / 20)).toBeCloseTo(1, 1);
  });

  it('sees the same resamples for a score that some networks have no value of', () => {
    const pairs = pair([1, 2, 3, 4], [10, 20, 30, 40]);
    const few = pair([2, 4], [20, 40]);
    const drawn: (readonly number[])[] = [];
    const left: (readonly number[])[] = [];
    const options = { resamples: 50, seed: 1 };
    bootstrap(pairs, [(_, counts) => drawn.push([...counts])], options);
    bootstrap(few, [(_, counts) => left.push([...counts])], options, { size: 4, rows: [1, 3] });
    // One in sixteen has none of the two.
    expect(left.length).toBeLessThan(50);
    expect(left).toEqual(drawn.map((counts) => [counts[1], counts[3]]).filter(([a, b]) => a! + b! > 0));
  });

  it('gives no interval where a metric is not defined', () => {
    const [, , gain] = evaluate(pair([1, 2, 3], [-1, -2, -3]), { ...defaultMetricOptions, resamples: 10 });
    expect(gain).toMatchObject({ value: null, interval: null });
  });
});

describe('columns', () => {
  const options = { ...defaultMetricOptions, resamples: 20 };
  const targets = [60, 70, 80, 90];

  it('are judged on the networks they have values for, under the titles of all networks', () => {
    const [whole, gaps, flat] = evaluateColumns(
      [
        { name: 'whole', better: 'higher', values: [1, 2, 3, 4] },
        { name: 'gaps', better: 'lower', values: [3, undefined, 2, 1] },
        { name: 'few', better: 'higher', values: [1, undefined, undefined, 2] },
      ],
      targets,
      options,
    );
    expect(gaps!.metrics.map(({ title }) => title)).toEqual(whole!.metrics.map(({ title }) => title));
    for (const [index, { value }] of gaps!.metrics.entries())
      expect(value).toBeCloseTo(whole!.metrics[index]!.value!, 12);
    expect(gaps!.values).toEqual([3, null, 2, 1]);
    expect([whole!, gaps!, flat!].map(networksOf)).toEqual([4, 3, 2]);
    expect(flat!.metrics.every(({ value, interval }) => value === null && interval === null)).toBe(true);
    const evaluation = { source: 't.csv', target: 'a', targets, names: [], scores: [], options, notes: [] };
    expect([whole!, gaps!].map((score) => rowTitle(score, evaluation))).toEqual([
      'whole',
      'gaps (less is better, 3 networks)',
    ]);
  });
});

type Expected = Readonly<Record<string, readonly [tau: number, rho: number, gain: number]>>;
const { values, sample } = fixture('published.json') as {
  readonly values: Expected;
  readonly sample: Expected;
};
const [committed, whole] = benchmarkTables;

const published = [
  {
    scores: join(import.meta.dirname, 'fixtures', 'published.csv'),
    table: committed!.file,
    expected: sample,
  },
  ...(whole === undefined
    ? []
    : [
        {
          scores: join(publishedData, 'nb201_published_proxies_cifar10.csv'),
          table: whole.file,
          expected: values,
        },
      ]),
].map((each) => ({ ...each, networks: each.expected === values ? 9445 : 1000 }));

describe('published proxies', () => {
  it.each(published)(
    'correlate with the accuracy of $networks networks as SciPy says, to 1e-9',
    ({ scores, table, expected, networks }) => {
      const read = (file: string, target: string, columns: readonly string[]) =>
        numbersOf(parseTable(readFileSync(file, 'utf8'), file), target, columns);
      const names = Object.keys(expected);
      const { columns, targets: indices } = read(scores, 'index', names);
      const benchmark = read(table, 'cifar10_test_acc', ['index']);
      const accuracies = new Map(
        benchmark.columns[0]!.map((index, row) => [index!, benchmark.targets[row]!] as const),
      );
      const targets = indices.map((index) => accuracies.get(index)!);
      expect(targets).toHaveLength(networks);
      for (const [index, name] of names.entries()) {
        const column = columns[index]!.map((value) => value!);
        const found = evaluate(pair(column, targets), { ...defaultMetricOptions, resamples: 0 });
        for (const [place, value] of expected[name]!.entries())
          expect(found[place]!.value, `${name} ${found[place]!.title}`).toBeCloseTo(value, 9);
      }
    },
  );
});
