// What scores are worth for each kind of comparison, from a journal of `space-scores.ts`: server/worth/measured.json. Argument: the journal.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { namedAggregates } from '../../server/proxies/aggregates.ts';
import { formatSettings, namedSettings } from '../../server/score/settings.ts';
import type { ComparisonKind } from '../../server/worth/worth.ts';
import { readJournal } from './member-groups.ts';
import { columnsOf, entropies } from './space-columns.ts';
import {
  aggregateScores,
  estimate,
  meanStatistic,
  scoresOf,
  tauStatistic,
  wholeColumns,
  type Statistic,
} from './space-statistics.ts';

/** Chosen on some of the networks, so that the others alone say what it is worth. */
const chosenOnSome: readonly string[] = ['robust_agg'];

interface Kind {
  readonly space: string;
  /** Where the space has others that are not asked for. */
  readonly dataSet?: string;
  readonly title: string;
  readonly source: string;
  readonly metrics: readonly string[];
  /** Groups that a member must have. */
  readonly needs: readonly string[];
}

const spaceMetrics = ['vkdnw', 'vkdnw_single', 'macs', 'params', 'layers'];

/** On fewer networks nothing is said. */
const fewest = 20;
const aggregateNames = namedAggregates
  .map(({ name }) => name)
  .filter((name) => ['vkdnw_agg', ...chosenOnSome].includes(name));

const kinds: Readonly<Record<ComparisonKind, Kind>> = {
  ops: {
    space: 'nas-bench-201',
    title: 'NAS-Bench-201',
    source: 'random members of NAS-Bench-201 without unreachable operations',
    metrics: [...spaceMetrics, ...aggregateNames],
    needs: ['counts', 'maps', 'activations', 'jacov', 'eval/first/0'],
  },
  width: {
    space: 'nats-size',
    title: 'NATS-Bench size',
    source: "random members of a half of NATS-Bench's size space, trained for 90 epochs",
    metrics: [...spaceMetrics, ...aggregateNames],
    needs: ['counts', 'maps', 'activations', 'jacov', 'eval/first/0'],
  },
  depth: {
    space: 'nasbench-macro',
    title: 'NASBench-Macro',
    source: 'random members of a half of NASBench-Macro',
    metrics: [...spaceMetrics, ...aggregateNames],
    needs: ['counts', 'maps', 'activations', 'jacov', 'eval/first/0'],
  },
  family: {
    space: 'zoo',
    dataSet: 'imagenet-64',
    title: 'zoo',
    source:
      'the smaller networks of examples/zoo, on images of 64 × 64, against their published top-1 at 224 × 224; they were trained by different recipes',
    metrics: [...spaceMetrics, ...aggregateNames],
    needs: ['counts', 'maps', 'activations', 'jacov', 'eval/first/0'],
  },
};

const dataSetTitles: Readonly<Record<string, string>> = {
  cifar10: 'CIFAR-10',
  cifar100: 'CIFAR-100',
  'imagenet16-120': 'ImageNet16-120',
  'imagenet-64': 'ImageNet',
};

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
function recordOf({ space, dataSet: only, title, source, metrics: asked, needs }: Kind) {
  const wanted = all.filter(({ dataSet }) => only === undefined || dataSet === only);
  const columns = wholeColumns(wanted, space, needs);
  const [one] = columns;
  if (one === undefined || one.members.length < fewest) return undefined;
  const seeds = Math.min(...columns.map(({ members }) => entropies(members, 'eval/first').seeds));
  // Every metric on the networks of its own: all, or those that took no part in its choice.
  const places = (metric: string): readonly number[] =>
    [...one.members.keys()].filter(
      (place) => !chosenOnSome.includes(metric) || one.members[place]!.part === 'report',
    );
  const metrics = asked.filter((metric) => places(metric).length >= fewest);
  const statisticsOf = (metric: string, rows: readonly number[]): readonly Statistic[] =>
    columns.map(({ members }) => {
      const compared = rows.map((row) => members[row]!);
      const aggregate = namedAggregates.find(({ name }) => name === metric);
      const scores =
        aggregate === undefined ? scoresOf(compared, metric) : aggregateScores(compared, aggregate);
      return tauStatistic(scores, compared);
    });
  const measured = metrics.map((metric) => {
    const rows = places(metric);
    const each = statisticsOf(metric, rows);
    return {
      metric,
      ...estimate(meanStatistic(each), rows.length),
      columns: each.map((statistic) => ({ ...estimate(statistic, rows.length), networks: rows.length })),
    };
  });
  const ahead = (metric: string) =>
    metrics
      .filter((other) => other !== metric)
      .map((other) => {
        const rows = places(metric).filter((place) => places(other).includes(place));
        const [of, less] = [other, metric].map((each) => meanStatistic(statisticsOf(each, rows)));
        return { metric: other, ...estimate((counts) => of!(counts) - less!(counts), rows.length) };
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
