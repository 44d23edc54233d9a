// What scores are worth for each kind of comparison, from a journal of `space-scores.ts`: server/worth/measured.json. Argument: the journal.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { kendallTauB } from '../../server/evaluation/kendall.ts';
import { once, pair, type Pairs } from '../../server/evaluation/pairs.ts';
import { aggregateValues, withWorst } from '../../server/proxies/aggregate-values.ts';
import { namedAggregates } from '../../server/proxies/aggregates.ts';
import { proxyNamed } from '../../server/proxies/index.ts';
import { formatSettings, namedSettings } from '../../server/score/settings.ts';
import { integerStream } from '../../server/tensor/random.ts';
import type { ComparisonKind } from '../../server/worth/worth.ts';
import { readJournal } from './member-groups.ts';
import { columnsOf, entropies, type MeasuredMember, type SpaceColumn } from './space-columns.ts';

const resamples = 1000;

/** Chosen on half of the networks, so that the others alone say what it is worth. */
const chosenOnHalf: readonly string[] = ['robust_agg'];

interface Kind {
  readonly space: string;
  readonly title: string;
  readonly source: string;
  readonly metrics: readonly string[];
  /** Groups that a member must have. */
  readonly needs: readonly string[];
}

const spaceMetrics = ['vkdnw', 'vkdnw_single', 'macs', 'params', 'layers', 'synflow', 'expressivity'];
const aggregateNames = namedAggregates
  .map(({ name }) => name)
  .filter((name) => ['vkdnw_agg', ...chosenOnHalf].includes(name));

const kinds: Readonly<Record<ComparisonKind, Kind>> = {
  ops: {
    space: 'nas-bench-201',
    title: 'NAS-Bench-201',
    source: 'random members of NAS-Bench-201 without unreachable operations',
    metrics: [...spaceMetrics, ...aggregateNames],
    needs: ['logits', 'features', 'eval/first/0'],
  },
  width: {
    space: 'nats-size',
    title: 'NATS-Bench size',
    source: "random members of a half of NATS-Bench's size space, trained for 90 epochs",
    metrics: [...spaceMetrics, ...aggregateNames],
    needs: ['logits', 'features', 'eval/first/0'],
  },
  depth: {
    space: 'nasbench-macro',
    title: 'NASBench-Macro',
    source: 'random members of a half of NASBench-Macro',
    metrics: [...spaceMetrics, ...aggregateNames],
    needs: ['logits', 'features', 'eval/first/0'],
  },
  family: {
    space: 'zoo',
    title: 'zoo',
    source:
      'the smaller networks of examples/zoo for 224 × 224 against their published top-1, which were trained differently',
    metrics: ['vkdnw', 'vkdnw_single', 'macs', 'params', 'layers'],
    needs: ['counts', 'eval/first/0'],
  },
};

const dataSetTitles: Readonly<Record<string, string>> = {
  cifar10: 'CIFAR-10',
  cifar100: 'CIFAR-100',
  'imagenet16-120': 'ImageNet16-120',
  imagenet: 'ImageNet',
};

interface Tau {
  readonly tau: number;
  readonly low: number;
  readonly high: number;
}

const [journal = 'space-scores.jsonl'] = process.argv.slice(2);
const all = columnsOf(journal);
const written = Object.fromEntries(
  Object.entries(kinds).map(([name, kind]) => [name, recordOf(kind)] as const),
);
const [first] = readJournal(journal).filter(({ engine }) => engine !== undefined);
const file = join(import.meta.dirname, '../../server/worth/measured.json');
const known = JSON.parse(readFileSync(file, 'utf8')) as { readonly kinds: Record<string, unknown> };
writeFileSync(
  file,
  `${JSON.stringify(
    {
      engine: first?.engine,
      version: first?.version,
      command:
        'node bench/evaluation/space-scores.ts ../shared/data JOURNAL; node bench/evaluation/worth-file.ts JOURNAL',
      kinds: Object.fromEntries(
        Object.entries(written).map(([name, record]) => [name, record ?? known.kinds[name]]),
      ),
    },
    undefined,
    2,
  )}\n`,
);

/** @returns undefined where the journal has too few of the networks */
function recordOf({ space, title, source, metrics, needs }: Kind) {
  const columns = wholeColumns(space, needs);
  const [one] = columns;
  if (one === undefined || one.members.length < 20) return undefined;
  const seeds = Math.min(...columns.map(({ members }) => entropies(members, 'eval/first').seeds));
  // Every metric on the networks of its own: all, or those that took no part in its choice.
  const places = (metric: string): readonly number[] =>
    [...one.members.keys()].filter(
      (place) => !chosenOnHalf.includes(metric) || one.members[place]!.half === 1,
    );
  const tausOf = (metric: string, rows: readonly number[]) =>
    columns.map(({ members }) =>
      tauOver(
        members.filter((_, place) => rows.includes(place)),
        metric,
      ),
    );
  const measured = metrics.map((metric) => {
    const rows = places(metric);
    const each = tausOf(metric, rows);
    const samples = resampled(rows.length, (counts) => each.map((tau) => tau(counts)));
    const values = each.map((tau) => tau(undefined));
    return {
      metric,
      ...tauOf(mean(values), samples.map(mean)),
      columns: values.map((value, column) => ({
        ...tauOf(
          value,
          samples.map((sample) => sample[column]!),
        ),
        networks: rows.length,
      })),
    };
  });
  const ahead = (metric: string) =>
    metrics
      .filter((other) => other !== metric)
      .map((other) => {
        const rows = places(metric).filter((place) => places(other).includes(place));
        const [of, less] = [tausOf(other, rows), tausOf(metric, rows)];
        const difference = (counts?: Int32Array): number =>
          mean(of.map((tau, column) => tau(counts) - less[column]!(counts)));
        return {
          metric: other,
          ...tauOf(
            difference(),
            resampled(rows.length, (counts) => difference(counts)),
          ),
        };
      })
      .filter(({ low }) => low > 0)
      .toSorted((a, b) => b.tau - a.tau);
  return {
    spaces: columns.map(({ dataSet }) => ({ space: title, dataSet: dataSetTitles[dataSet]! })),
    setting: formatSettings({ ...namedSettings.settled, seeds }),
    source,
    metrics: Object.fromEntries(measured.map(({ metric, ...worth }) => [metric, worth])),
    ahead: Object.fromEntries(metrics.map((metric) => [metric, ahead(metric)])),
  };
}

/** The columns of a space with the members that are whole in all of them, in one order. */
function wholeColumns(space: string, needs: readonly string[]): readonly SpaceColumn[] {
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

/** Tau of a metric among members, each as often as a resample has it. */
function tauOver(members: readonly MeasuredMember[], metric: string): (counts?: Int32Array) => number {
  const pairs: Pairs = pair(
    scoresOf(members, metric),
    members.map(({ accuracy }) => accuracy),
  );
  return (counts = once(pairs)) => kendallTauB(pairs, counts) ?? 0;
}

/** More is better; a network without a value is the worst. */
function scoresOf(members: readonly MeasuredMember[], metric: string): readonly number[] {
  const aggregate = namedAggregates.find(({ name }) => name === metric);
  if (aggregate !== undefined) {
    const parts = aggregate.parts.map(proxyNamed);
    const values = aggregateValues(parts, ({ name }) => valuesOf(members, name), aggregate.rule);
    return values.map((value) => value ?? -Infinity).map((value) => Math.max(value, -1e9));
  }
  return withWorst({ name: metric, better: 'higher' }, valuesOf(members, metric));
}

function valuesOf(members: readonly MeasuredMember[], name: string): readonly (number | undefined)[] {
  if (name !== 'vkdnw' && name !== 'vkdnw_single') return members.map(({ values }) => values.get(name));
  const { values } = entropies(members, 'eval/first');
  return name === 'vkdnw'
    ? values
    : values.map((value, row) => {
        const layers = members[row]!.values.get('layers');
        return value === undefined || layers === undefined ? undefined : value + layers;
      });
}

/** The same resamples for all that have as many networks. */
function resampled<T>(size: number, statistic: (counts: Int32Array) => T): readonly T[] {
  const draw = integerStream(0, 'bootstrap');
  return Array.from({ length: resamples }, () => {
    const counts = new Int32Array(size);
    for (let place = 0; place < size; place += 1) counts[draw(size)]! += 1;
    return statistic(counts);
  });
}

function tauOf(tau: number, samples: readonly number[]): Tau {
  const sorted = samples.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.round(share * (sorted.length - 1))]!;
  const short = (value: number): number => Number(value.toFixed(4));
  return { tau: short(tau), low: short(at(0.025)), high: short(at(0.975)) };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
