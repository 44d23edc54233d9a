import { formatCorrelation, formatInteger } from '../../server/base/quantities.ts';
import { namedAggregates } from '../../server/proxies/aggregates.ts';
import { spearman } from '../statistics.ts';
import { rowOf, tableHead, tauText } from './markdown-tables.ts';
import type { MeasuredMember, SpaceColumn } from './space-columns.ts';
import {
  aggregateScores,
  estimate,
  scoresOf,
  tauStatistic,
  wholeColumns,
  withinStatistic,
} from './space-statistics.ts';
import { zooFamilies } from './zoo-members.ts';

interface Shown {
  readonly title: string;
  readonly dataSet: string;
  readonly metrics: readonly string[];
  /** Groups that the networks must have. */
  readonly needs: readonly string[];
}

const aggregates = ['vkdnw_agg', 'robust_agg'];

const spectral = ['vkdnw', 'vkdnw_single', 'vkdnw@calibrated/first', 'vkdnw_single@calibrated/first'];

const tables: readonly Shown[] = [
  {
    title: 'All networks, 224 × 224',
    dataSet: 'imagenet',
    metrics: ['params', 'macs', 'layers'],
    needs: ['free'],
  },
  {
    title: 'Smaller ones, on images of 64 × 64',
    dataSet: 'imagenet-64',
    metrics: [
      ...['params', 'macs', 'layers', 'l2_norm', 'synflow', 'jacov', 'naswot'],
      ...['expressivity', 'progressivity', 'trainability', ...spectral, ...aggregates],
    ],
    needs: ['counts', 'maps', 'jacov', 'activations', 'eval/first/0', 'calibrated/first/0'],
  },
];

/** What is said of the zoo: tau with published top-1, families together and apart. */
export function zooLines(all: readonly SpaceColumn[]): string[] {
  const families = zooFamilies();
  return [
    'Networks of [examples/zoo](zoo.md) for 224 × 224 images and 1,000 classes against their published top-1. They were trained by different',
    'recipes, newer ones by better ones: so this asks what a score says across families, and nothing else. _Apart_ are the pairs of networks',
    'of one family (a file of the zoo) alone. VKDNW with N 64, M 16, four draws, one where norms are calibrated; a network without a number is the worst. In brackets 95 %',
    'intervals of the bootstrap over networks. An aggregate has the ranks of these networks; where one lacks a part it is the worst by that part.',
    '',
    ...tables.flatMap((shown) => tableLines(shown, all, families)),
    ...agreementLines(all),
  ];
}

function tableLines(
  { title, dataSet, metrics, needs }: Shown,
  all: readonly SpaceColumn[],
  families: ReadonlyMap<string, string>,
): string[] {
  const [column] = wholeColumns(
    all.filter((each) => each.dataSet === dataSet),
    'zoo',
    needs,
  );
  if (column === undefined || column.members.length < 10) return [];
  const { members } = column;
  const familyOf = (row: number): string | undefined => families.get(members[row]!.genotype);
  const several = new Set([...members.keys()].map(familyOf)).size;
  return [
    `### ${title}: ${formatInteger(members.length)} networks, ${formatInteger(several)} families`,
    '',
    ...tableHead(['score', 'together', 'families apart', 'without a number']),
    ...metrics.map((metric) => {
      const aggregate = namedAggregates.find(({ name }) => name === metric);
      const scores =
        aggregate === undefined ? scoresOf(members, metric) : aggregateScores(members, aggregate);
      return rowOf([
        `\`${metric}\``,
        tauText(estimate(tauStatistic(scores, members), members.length)),
        tauText(estimate(withinStatistic(scores, members, familyOf), members.length)),
        String(missing(members, aggregate?.parts ?? [metric])),
      ]);
    }),
    '',
  ];
}

/** Networks that lack one of the metrics. */
function missing(members: readonly MeasuredMember[], metrics: readonly string[]): number {
  return members.filter(({ values, draws }) =>
    metrics.some((metric) => {
      const [base = metric, setting = 'eval/first'] = metric.split('@');
      return base.startsWith('vkdnw') ? !draws.has(`${setting}/0`) : !values.has(base);
    }),
  ).length;
}

/** Whether entropies of smaller images are those of the published size. */
function agreementLines(all: readonly SpaceColumn[]): string[] {
  const group = 'eval/first/0';
  const [large, small] = ['imagenet', 'imagenet-64'].map((name) =>
    all.find(({ dataSet }) => dataSet === name),
  );
  const smaller = new Map(small?.members.map(({ genotype, draws }) => [genotype, draws.get(group)?.entropy]));
  const pairs = (large?.members ?? []).flatMap(({ genotype, draws }) => {
    const [at224, at64] = [draws.get(group)?.entropy, smaller.get(genotype)];
    return at224 === undefined || at64 === undefined ? [] : [[at224, at64] as const];
  });
  if (pairs.length < 5) return [];
  const rho = spearman(
    pairs.map(([at224]) => at224),
    pairs.map(([, at64]) => at64),
  );
  return [
    `On the ${pairs.length} smallest networks VKDNW at 224 × 224 and at 64 × 64 has a Spearman correlation of ${formatCorrelation(rho ?? 0)} (same seed).`,
    '',
  ];
}
