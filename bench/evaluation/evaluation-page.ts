// node bench/evaluation/evaluation-page.ts FOLDER [PUBLISHED.csv TABLE.csv]
// writes the measured tables of docs/evaluation.md from what `archlens evaluate --values` wrote for each data set:
// FOLDER/cifar10*.csv and so on: of each kind (scores, settings that are compared, --learn) the one with the most columns.
// PUBLISHED.csv has scores of others by `index`, TABLE.csv the `genotype` of each index.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { formatInteger } from '../../server/base/quantities.ts';
import {
  evaluateColumns,
  type EvaluatedScore,
  type ScoreColumn,
} from '../../server/evaluation/evaluation.ts';
import { dataSets, type DataSet } from '../../server/evaluation/benchmark.ts';
import { defaultMetricOptions, type MetricName } from '../../server/evaluation/metrics.ts';
import { kendallTauB } from '../../server/evaluation/kendall.ts';
import { once, pair } from '../../server/evaluation/pairs.ts';
import { metricText, networksOf } from '../../server/evaluation/report.ts';
import { spearmanRho } from '../../server/evaluation/spearman.ts';
import { missingColumn } from '../../server/evaluation/benchmark-scores.ts';
import { columnIndex, numbersOf, parseTable, type Table } from '../../server/evaluation/table.ts';
import { nasBench201 } from '../../server/network/nasbench201.ts';
import { isProxy, proxyNamed } from '../../server/proxies/index.ts';
import { settingNames } from '../../server/score/settings.ts';
import { writeSection } from '../page.ts';
import { publishedTable } from './published-table.ts';
import { costUnit, pairedDifferences, settingCost, type Difference } from './compared-settings.ts';

const shownDataSets = [
  { name: 'cifar10', title: 'CIFAR-10' },
  { name: 'cifar100', title: 'CIFAR-100' },
  { name: 'imagenet16-120', title: 'ImageNet16-120' },
] as const;

/** Networks that the cost of a setting is the mean of. */
const costNetworks = 20;

/** By the name here, that in the published file. */
const publishedNames = { naswot: 'nwot', macs: 'flops' } as Readonly<Record<string, string>>;

interface Measured {
  readonly title: string;
  /** Column of the published rows. */
  readonly dataSet: number;
  readonly table: Table;
  readonly scores: readonly EvaluatedScore[];
  /** What is to be said of the settings that are compared. */
  readonly settings: readonly string[];
}

function read(path: string): Table {
  return parseTable(readFileSync(path, 'utf8'), path);
}

function measuredOf(folder: string): readonly Measured[] {
  return shownDataSets.flatMap(({ name, title }, dataSet) => {
    const tables = readdirSync(folder)
      .filter((file) => file.endsWith('.csv') && (file === `${name}.csv` || file.startsWith(`${name}-`)))
      .map((file) => read(join(folder, file)))
      .sort((a, b) => b.columns.length - a.columns.length);
    return kinds.flatMap(({ kind, about }) => {
      const table = tables.find((each) => kindOf(each) === kind);
      return table === undefined ? [] : [measured(`${title}${about}`, dataSet, name, table)];
    });
  });
}

function measured(title: string, dataSet: number, name: DataSet, table: Table): Measured {
  const scores = scoresOf(table);
  const targets = [...numbersOf(table, table.columns[1]!, []).targets];
  return {
    title,
    dataSet,
    table,
    scores,
    settings: [...costLines(table, name), ...differenceLines(scores, targets)],
  };
}

const kinds = [
  { kind: 'scores', about: '' },
  { kind: 'settings', about: ', settings of VKDNW' },
  { kind: 'learned', about: ', learned ranking' },
] as const;

function kindOf({ columns }: Table): (typeof kinds)[number]['kind'] {
  if (columns.some((column) => column.startsWith('forest'))) return 'learned';
  return columns.some((column) => column.includes('@')) ? 'settings' : 'scores';
}

function scoresOf(table: Table): readonly EvaluatedScore[] {
  const [, target, ...others] = table.columns;
  const names = others.filter((name) => name !== missingColumn);
  const { targets, columns } = numbersOf(table, target!, names);
  const judged = names.map((name, index): ScoreColumn => ({
    name,
    better: isProxy(name) ? proxyNamed(name).better : 'higher',
    values: columns[index]!,
  }));
  return evaluateColumns(judged, targets, defaultMetricOptions);
}

/** What the settings among the rows cost, where there are any. */
function costLines({ columns, rows }: Table, dataSet: DataSet): string[] {
  const settings = settingNames.filter((setting) => columns.some((name) => name.endsWith(`@${setting}`)));
  if (settings.length === 0) return [];
  const networks = rows
    .filter((_, row) => row % Math.ceil(rows.length / costNetworks) === 0)
    .map(({ cells }) => nasBench201(cells[0]!, dataSets[dataSet]));
  const costs = settings.map((setting) => `\`${setting}\` ${settingCost(networks, setting).toFixed(1)}`);
  return [
    `Multiply-accumulates of a score of VKDNW, in forward passes of ${costUnit} samples (the mean of ${networks.length} of these networks): ${costs.join(', ')}.`,
    'The normalised softmax costs nothing.',
    '',
  ];
}

/** The other settings less the paper's, on the same networks. */
export function differenceLines(scores: readonly EvaluatedScore[], targets: readonly number[]): string[] {
  return scores.flatMap(({ name, values }) => {
    const [, score, setting] = /^(.+)@(.+)$/.exec(name) ?? [];
    const paper = scores.find((other) => other.name === `${score}@paper`);
    if (paper === undefined || setting === 'paper') return [];
    const [tau, rho] = pairedDifferences(values, paper.values, targets).map(differenceText);
    return [`\`${name}\` less \`${paper.name}\` on the same networks: tau ${tau}, rho ${rho}.`, ''];
  });
}

function differenceText({ value, interval }: Difference): string {
  if (value === undefined) return 'not defined';
  return `${signed(value)}${interval === undefined ? '' : ` [${signed(interval.low)}, ${signed(interval.high)}]`}`;
}

function metric({ metrics }: EvaluatedScore, name: MetricName): string {
  return metricText(metrics.find((value) => value.name === name)!);
}

const three = ['tau', 'rho', 'ndcg'] as const;

export function resultLines({ title, dataSet, table, scores, settings }: Measured): string[] {
  const shown = scores.filter(({ name }) => !name.includes('−'));
  const size = table.rows.length;
  return [
    `### ${title}, ${formatInteger(size)} networks`,
    '',
    `| score | tau-b | rho | nDCG@${Math.min(1000, size)} | the paper on all 9,445: tau, rho, nDCG@1000 | tau, rho less the paper's |`,
    '| --- | --- | --- | --- | --- | --- |',
    ...shown.map((score) => {
      const published = publishedTable.get(score.name.replace(/@.*/, ''))?.[dataSet];
      const cells = three.map((name) => metric(score, name));
      const networks = networksOf(score);
      const on = networks < size ? `, ${formatInteger(networks)} networks` : '';
      return `| \`${score.name}\`${on} | ${cells.join(' | ')} | ${published?.map(short).join(' ') ?? ''} | ${published === undefined ? '' : differences(score, published)} |`;
    }),
    '',
    ...settings,
    ...ablationLines(title, scores),
  ];
}

function ablationLines(title: string, scores: readonly EvaluatedScore[]): string[] {
  const lines = scores.flatMap((score) => {
    const [, left] = /^vkdnw_agg − (.+)$/.exec(score.name) ?? [];
    return left === undefined
      ? []
      : [`| \`${left}\` | ${three.map((name) => metric(score, name)).join(' | ')} |`];
  });
  if (lines.length === 0) return [];
  return [
    `Ablation of \`vkdnw_agg\`, ${title}:`,
    '',
    '| without | tau-b | rho | nDCG |',
    '| --- | --- | --- | --- |',
    ...lines,
    '',
  ];
}

function differences({ metrics }: EvaluatedScore, [tau, rho]: readonly number[]): string {
  const value = (name: MetricName): number => metrics.find((each) => each.name === name)?.value ?? NaN;
  return [signed(value('tau') - tau!), signed(value('rho') - rho!)].join(' ');
}

function signed(difference: number): string {
  const text = short(difference);
  return /^−?\.000$/.test(text) ? '.000' : `${difference > 0 ? '+' : ''}${text}`;
}

function short(value: number): string {
  return value
    .toFixed(3)
    .replace(/^(-?)0\./, '$1.')
    .replace('-', '−');
}

/** Rank correlation with scores that others have published, and what both predict of the networks both have. */
export function agreementLines(own: Table, published: Table, benchmark: Table): string[] {
  const indices = new Map(
    benchmark.rows.map(({ cells }) => [
      cells[columnIndex(benchmark, 'genotype')]!,
      cells[columnIndex(benchmark, 'index')]!,
    ]),
  );
  const rows = new Map(
    published.rows.map((row): [string, typeof row] => [row.cells[columnIndex(published, 'index')]!, row]),
  );
  const lines = own.columns.flatMap((name) => {
    const there = publishedNames[name] ?? name;
    if (!isProxy(name) || !published.columns.includes(there)) return [];
    const [values, others, targets]: [number[], number[], number[]] = [[], [], []];
    for (const { cells } of own.rows) {
      const row = rows.get(indices.get(cells[columnIndex(own, 'genotype')]!) ?? '');
      const value = cells[columnIndex(own, name)]!;
      const other = row?.cells[columnIndex(published, there)];
      if (value === '' || other === undefined || !Number.isFinite(Number(other)) || other === '') continue;
      values.push(Number(value));
      others.push(Number(other));
      targets.push(Number(cells[1]));
    }
    if (values.length < 3) return [];
    const cells = [
      correlations(values, others)[1]!,
      correlations(values, targets),
      correlations(others, targets),
    ];
    return [`| \`${name}\` | ${cells.flat().join(' | ')} | ${values.length} |`];
  });
  return [
    '| score | Spearman of both | tau here | rho here | tau published | rho published | networks |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    ...lines,
    '',
  ];
}

/** Kendall tau-b and Spearman rho of two columns. */
function correlations(scores: readonly number[], targets: readonly number[]): readonly string[] {
  const pairs = pair(scores, targets);
  return [kendallTauB, spearmanRho].map((of) => {
    const value = of(pairs, once(pairs));
    return value === undefined ? 'not defined' : short(value);
  });
}

if (import.meta.main) {
  const [folder, published, benchmark] = process.argv.slice(2);
  if (folder === undefined) throw new Error('Name the folder of the values.');
  const measured = measuredOf(folder);
  const [cifar10] = measured;
  const agreement =
    published === undefined || benchmark === undefined || cifar10?.dataSet !== 0
      ? []
      : [
          '### Agreement with published scores, CIFAR-10',
          '',
          'NAS-Bench-Suite-Zero computed them on images, here it is random input and labels. Tau and rho are against accuracy, of the scores',
          'here and of theirs, on the same networks.',
          '',
          ...agreementLines(cifar10.table, read(published), read(benchmark)),
        ];
  writeSection('docs/evaluation.md', 'Measured', [
    'NAS-Bench-201 networks without unreachable operations, a random sample, random input and labels, one draw. The paper has images where a',
    'score looks at them, and the mean of five draws. In brackets 95 % intervals of the bootstrap. nDCG is of the best 1,000 of all 9,445 in the',
    'paper and of the whole sample here: these two do not compare. Names with `@` are under that setting, those without of one draw of 32 samples.',
    '',
    '```',
    'archlens evaluate --benchmark nb201.csv --dataset cifar10 --target cifar10_test_acc --where reachable=1 --sample 1000 --seed 1',
    '                  --samples 32 --seeds 1 --proxies NAME… --ablation vkdnw_agg --journal cifar10.journal --values measured/cifar10.csv',
    'node bench/evaluation/evaluation-page.ts measured nb201_published_proxies_cifar10.csv nb201.csv',
    '```',
    '',
    'Likewise with the other data sets and their targets; the last line writes this section. Settings of VKDNW are compared on fewer networks,',
    'with `--proxies vkdnw_single@paper vkdnw_single@live vkdnw_single@settled vkdnw_single@settled-normalised`: a sample of as many as the',
    'title says, with `--seed 1` too. Learned rankings are of a larger sample, with `--learn 1024`: all of their rows are judged on the',
    'networks that were not learned from.',
    '',
    ...measured.flatMap(resultLines),
    ...agreement,
  ]);
}
