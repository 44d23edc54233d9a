// node bench/evaluation-page.ts FOLDER [PUBLISHED.csv TABLE.csv]
// writes the measured tables of docs/evaluation.md from what `archlens evaluate --values` wrote for each data set:
// FOLDER/cifar10*.csv and so on, of several the one with the most columns. PUBLISHED.csv has scores of others by `index`,
// TABLE.csv the `genotype` of each index.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { evaluateColumns, type EvaluatedScore, type ScoreColumn } from '../server/evaluation/evaluation.ts';
import { defaultMetricOptions, type MetricName } from '../server/evaluation/metrics.ts';
import { once, pair } from '../server/evaluation/pairs.ts';
import { metricText } from '../server/evaluation/report.ts';
import { spearmanRho } from '../server/evaluation/spearman.ts';
import { columnIndex, numbersOf, parseTable, type Table } from '../server/evaluation/table.ts';
import { isProxy, proxyNamed } from '../server/proxies/index.ts';
import { writeSection } from './page.ts';
import { publishedTable } from './published-table.ts';

const dataSets = [
  { name: 'cifar10', title: 'CIFAR-10' },
  { name: 'cifar100', title: 'CIFAR-100' },
  { name: 'imagenet16-120', title: 'ImageNet16-120' },
] as const;

/** By the name here, that in the published file. */
const publishedNames = { naswot: 'nwot', macs: 'flops' } as Readonly<Record<string, string>>;

interface Measured {
  readonly title: string;
  /** Column of the published rows. */
  readonly dataSet: number;
  readonly table: Table;
  readonly scores: readonly EvaluatedScore[];
}

function read(path: string): Table {
  return parseTable(readFileSync(path, 'utf8'), path);
}

function measuredOf(folder: string): readonly Measured[] {
  return dataSets.flatMap(({ name, title }, dataSet) => {
    const tables = readdirSync(folder)
      .filter((file) => file.endsWith('.csv') && (file === `${name}.csv` || file.startsWith(`${name}-`)))
      .map((file) => read(join(folder, file)))
      .sort((a, b) => b.columns.length - a.columns.length);
    const [table] = tables;
    return table === undefined ? [] : [{ title, dataSet, table, scores: scoresOf(table) }];
  });
}

function scoresOf(table: Table): readonly EvaluatedScore[] {
  const [, target, ...names] = table.columns;
  const { columns } = numbersOf(table, [target!, ...names]);
  const judged = names.map((name, index): ScoreColumn => ({
    name,
    better: isProxy(name) ? proxyNamed(name).better : 'higher',
    values: columns[index + 1]!,
  }));
  return evaluateColumns(judged, columns[0]!, defaultMetricOptions);
}

function metric({ metrics }: EvaluatedScore, name: MetricName): string {
  return metricText(metrics.find((value) => value.name === name)!);
}

const three = ['tau', 'rho', 'ndcg'] as const;

export function resultLines({ title, dataSet, table, scores }: Measured): string[] {
  const shown = scores.filter(({ name }) => !name.includes('−'));
  const size = table.rows.length;
  return [
    `### ${title}, ${size.toLocaleString('en')} networks`,
    '',
    `| score | tau-b | rho | nDCG@${Math.min(1000, size)} | the paper on all 9,445: tau, rho, nDCG@1000 | tau, rho less the paper's |`,
    '| --- | --- | --- | --- | --- | --- |',
    ...shown.map((score) => {
      const published = publishedTable.get(score.name.replace(/@.*/, ''))?.[dataSet];
      const cells = three.map((name) => metric(score, name));
      return `| \`${score.name}\` | ${cells.join(' | ')} | ${published?.map(short).join(' ') ?? ''} | ${published === undefined ? '' : differences(score, published)} |`;
    }),
    '',
    `Ablation of \`vkdnw_agg\`, ${title}:`,
    '',
    '| without | tau-b | rho | nDCG |',
    '| --- | --- | --- | --- |',
    ...scores.flatMap((score) => {
      const [, left] = /^vkdnw_agg − (.+)$/.exec(score.name) ?? [];
      return left === undefined
        ? []
        : [`| \`${left}\` | ${three.map((name) => metric(score, name)).join(' | ')} |`];
    }),
    '',
  ];
}

function differences({ metrics }: EvaluatedScore, [tau, rho]: readonly number[]): string {
  const value = (name: MetricName): number => metrics.find((each) => each.name === name)?.value ?? NaN;
  return [value('tau') - tau!, value('rho') - rho!].map((by) => (by > 0 ? '+' : '') + short(by)).join(' ');
}

function short(value: number): string {
  return value
    .toFixed(3)
    .replace(/^(-?)0\./, '$1.')
    .replace('-', '−');
}

/** Rank correlation with scores that others have published, on the networks both have. */
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
    const [values, others]: [number[], number[]] = [[], []];
    for (const { cells } of own.rows) {
      const row = rows.get(indices.get(cells[columnIndex(own, 'genotype')]!) ?? '');
      const value = cells[columnIndex(own, name)]!;
      const other = row?.cells[columnIndex(published, there)];
      if (value === '' || other === undefined || !Number.isFinite(Number(other)) || other === '') continue;
      values.push(Number(value));
      others.push(Number(other));
    }
    if (values.length < 3) return [];
    const pairs = pair(values, others);
    const rho = spearmanRho(pairs, once(pairs));
    return [`| \`${name}\` | ${rho === undefined ? 'not defined' : short(rho)} | ${values.length} |`];
  });
  return ['| score | Spearman | networks |', '| --- | --- | --- |', ...lines, ''];
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
          'NAS-Bench-Suite-Zero computed them on images, here it is random input and labels.',
          '',
          ...agreementLines(cifar10.table, read(published), read(benchmark)),
        ];
  writeSection('docs/evaluation.md', 'Measured', [
    'NAS-Bench-201 networks without unreachable operations, a random sample, random input and labels, one draw. The paper has images where a',
    'score looks at them, and the mean of five draws. In brackets 95 % intervals of the bootstrap. nDCG is of the best 1,000 of all 9,445 in the',
    'paper and of the whole sample here: these two do not compare. Names with `@` are under that setting, those without under `live`.',
    '',
    '```',
    'archlens evaluate --benchmark nb201.csv --dataset cifar10 --target cifar10_test_acc --where reachable=1 --sample 1000',
    '                  --setting live --proxies NAME… --ablation vkdnw_agg --journal cifar10.journal --values measured/cifar10.csv',
    'node bench/evaluation-page.ts measured nb201_published_proxies_cifar10.csv nb201.csv',
    '```',
    '',
    'Likewise with the other data sets and their targets; the second line writes this section.',
    '',
    ...measured.flatMap(resultLines),
    ...agreement,
  ]);
}
