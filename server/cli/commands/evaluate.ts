import { basename } from 'node:path';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { csv } from '../../base/csv.ts';
import { readText } from '../../base/read-file.ts';
import { requireWritable, writeWhole } from '../../base/write-file.ts';
import { dataSets, filterRows, type DataSet } from '../../evaluation/benchmark.ts';
import {
  evaluateColumns,
  fewestNetworks,
  type Evaluation,
  type ScoreColumn,
} from '../../evaluation/evaluation.ts';
import { JournalError } from '../../evaluation/journal.ts';
import { defaultMetricOptions, type MetricOptions } from '../../evaluation/metrics.ts';
import { missingColumn, type BenchmarkScores } from '../../evaluation/benchmark-scores.ts';
import { evaluationCsv, evaluationJson, networksOf } from '../../evaluation/report.ts';
import { formatMessage } from '../../evaluation/stream.ts';
import {
  missingNotes,
  mostTableBytes,
  numbersOf,
  parseTable,
  TableError,
  type Table,
} from '../../evaluation/table.ts';
import { evaluationFile } from '../../plot/evaluation-figure.ts';
import { defaultProxies } from '../../proxies/index.ts';
import { columnsOf } from '../column-options.ts';
import { evaluationLines } from '../reports/evaluation-report.ts';
import { cancelNote, scoreBenchmark } from '../evaluate-benchmark.ts';
import { readImages } from '../images.ts';
import { print, printData } from '../output.ts';
import { addSettingOptions, settingsOf, type ScoreFlags } from '../score-options.ts';
import { sayCancelled, UsageError } from '../terminal.ts';

interface Condition {
  readonly column: string;
  readonly text: string;
}

interface Flags extends ScoreFlags {
  readonly scores?: string;
  readonly benchmark?: string;
  readonly target: string;
  readonly score: readonly string[];
  readonly lower: readonly string[];
  readonly where: readonly Condition[];
  readonly genotype: string;
  readonly dataset: DataSet;
  readonly sample?: number;
  readonly proxies: readonly string[];
  readonly aggregate?: readonly string[];
  readonly ablation?: string;
  readonly learn?: number;
  readonly images?: string;
  readonly journal?: string;
  readonly processes?: number;
  readonly top: number;
  readonly depth: number;
  readonly resamples: number;
  readonly csv?: boolean;
  readonly svg?: string;
  readonly stream?: boolean;
  readonly values?: string;
}

export function registerEvaluate(program: Command): void {
  const { depth, top, resamples } = defaultMetricOptions;
  addSettingOptions(
    program
      .command('evaluate')
      .description('measure how well scores predict accuracy: of a table, or of the networks of a benchmark')
      .option('--scores <file>', 'CSV table that holds scores and accuracies')
      .addOption(list('--score <columns...>', 'with --scores: columns to judge'))
      .addOption(list('--lower <columns...>', 'with --scores: columns of which less is better'))
      .option('--benchmark <file>', 'CSV table of networks and accuracies, which are scored now')
      .addOption(
        new Option('--space <name>', 'with --benchmark: what its genotypes are of')
          .choices(['nas-bench-201'])
          .default('nas-bench-201'),
      )
      .option('--genotype <column>', 'with --benchmark: column of the genotypes', 'genotype')
      .addOption(
        new Option('--dataset <name>', 'with --benchmark: decides input and classes')
          .choices(Object.keys(dataSets))
          .default('cifar10'),
      )
      .addOption(whole('--sample <n>', 'with --benchmark: so many rows at random, chosen by --seed', 1))
      .addOption(
        new Option(
          '--proxies <names...>',
          'with --benchmark: what to compute; archlens proxies lists them',
        ).default(
          defaultProxies.map(({ name }) => name),
          'those of vkdnw_agg and the cheap ones',
        ),
      )
      .addOption(
        new Option(
          '--aggregate <names...>',
          'with --benchmark: sums of ranks: vkdnw_agg, az_nas, te_nas, robust_agg, or your own, for instance vkdnw_single+macs',
        ).default(undefined, 'the named ones of the proxies that are computed'),
      )
      .option('--ablation <aggregate>', 'with --benchmark: without each of its parts, and its best pairs')
      .addOption(
        whole(
          '--learn <n>',
          'with --benchmark: also train random forests on n networks, and test on the others',
          3,
        ),
      )
      .option(
        '--images <path>',
        'with --benchmark: what proxies see instead of noise: a folder of PNG or JPEG files, a .npy or a CIFAR-10 .bin file',
      )
      .option('--journal <file>', 'with --benchmark: kept while it runs; the same command goes on from it')
      .addOption(
        whole(
          '--processes <n>',
          'with --benchmark: networks computed at the same time, a thread each',
          1,
        ).default(undefined, 'one per core; with a GPU one'),
      )
      .option('--values <file>', 'with --benchmark: write the scores of all networks as CSV')
      .requiredOption('--target <column>', 'column of the accuracies, in percent')
      .addOption(
        new Option(
          '--where <conditions...>',
          'only rows with this text in a column, for instance reachable=1',
        )
          .argParser(addCondition)
          .default([], 'all rows'),
      )
      .addOption(whole('--top <k>', 'of the precision, and of the best among the top', 1).default(top))
      .addOption(whole('--depth <p>', 'of nDCG', 1).default(depth))
      .addOption(whole('--resamples <n>', 'of the bootstrap; 0: no intervals', 0).default(resamples))
      .option('--json', 'print JSON')
      .option('--csv', 'print comma-separated values')
      .addOption(new Option('--stream', 'print progress and the evaluation as JSON lines').hideHelp())
      .option('--svg <file>', 'draw scores against the target, and the metrics'),
  ).action(evaluate);
}

function list(flags: string, description: string): Option {
  return new Option(flags, description).default([], 'none');
}

function whole(flags: string, description: string, least: number): Option {
  return new Option(flags, description).argParser((text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < least || value > 1e6)
      throw new InvalidArgumentError(
        `'${text}' is not possible; use a whole number from ${least} to 1000000.`,
      );
    return value;
  });
}

function addCondition(text: string, before: readonly Condition[] | undefined): Condition[] {
  const [, column, value] = /^([^=]+)=(.*)$/.exec(text) ?? [];
  if (column === undefined || value === undefined)
    throw new InvalidArgumentError(
      `'${text}' is not a condition; write COLUMN=TEXT, for instance reachable=1.`,
    );
  return [...(before ?? []), { column, text: value }];
}

async function evaluate(flags: Flags): Promise<void> {
  if (flags.csv === true && flags.json === true) throw new UsageError('--csv and --json exclude each other.');
  const files = [flags.svg, flags.values].filter((file) => file !== undefined);
  for (const file of files) requireWritable(file);
  try {
    const result = await resultOf(flags);
    if (result === undefined) {
      sayCancelled(cancelNote(flags.journal));
      return;
    }
    const { evaluation, scores } = result;
    if (flags.stream === true) printData(formatMessage({ kind: 'evaluation', evaluation }));
    else if (flags.json === true) printData(evaluationJson(evaluation));
    else if (flags.csv === true) printData(evaluationCsv(evaluation));
    else print(`${evaluationLines(evaluation).join('\n')}\n`);
    // Behind what is printed, which a full disk does not take away.
    if (flags.svg !== undefined) writeWhole(flags.svg, evaluationFile(evaluation));
    if (flags.values !== undefined && scores !== undefined)
      writeWhole(flags.values, valuesCsv(scores, flags.target));
  } catch (error) {
    if (error instanceof TableError || error instanceof JournalError) throw new UsageError(error.message);
    throw error;
  }
}

interface Result {
  readonly evaluation: Evaluation;
  /** Of the networks of a benchmark. */
  readonly scores?: BenchmarkScores;
}

/** @returns undefined when the user interrupted it */
async function resultOf(flags: Flags): Promise<Result | undefined> {
  const options: MetricOptions = { ...flags, seed: flags.seed ?? defaultMetricOptions.seed };
  if (flags.scores !== undefined && flags.benchmark === undefined)
    return { evaluation: ofScores(flags.scores, flags, options) };
  if (flags.benchmark !== undefined && flags.scores === undefined)
    return await ofBenchmark(flags.benchmark, flags, options);
  throw new UsageError(
    'Say what to evaluate: --scores FILE for scores that a table holds, or --benchmark FILE for networks to be scored.',
  );
}

function ofScores(path: string, flags: Flags, options: MetricOptions): Evaluation {
  const names = [...new Set([...flags.score, ...flags.lower])];
  if (names.length === 0) throw new UsageError('Name the columns to judge with --score COLUMN.');
  const table = filterRows(readTable(path), flags.where);
  const { rows, targets, columns, missing } = numbersOf(table, flags.target, names);
  const genotype = table.columns.indexOf(flags.genotype);
  const called = rows.map((row) => {
    const { cells, line } = table.rows[row]!;
    const name = cells[genotype]?.trim() ?? '';
    return name === '' ? `line ${line}` : name;
  });
  const judged = names.map((name, index): ScoreColumn => ({
    name,
    better: flags.lower.includes(name) ? 'lower' : 'higher',
    values: columns[index]!,
  }));
  return finish(path, judged, { targets, names: called }, missingNotes(missing), flags, options);
}

async function ofBenchmark(path: string, flags: Flags, options: MetricOptions): Promise<Result | undefined> {
  const columns = columnsOf(flags);
  const scores = await scoreBenchmark({
    table: readTable(path),
    genotype: flags.genotype,
    target: flags.target,
    dataSet: flags.dataset,
    where: flags.where,
    ...(flags.sample === undefined ? {} : { sample: flags.sample }),
    ...columns,
    ...(flags.images === undefined
      ? {}
      : { samples: readImages(flags.images, dataSets[flags.dataset].input) }),
    ...(flags.learn === undefined ? {} : { learn: flags.learn }),
    ...(flags.journal === undefined ? {} : { journal: flags.journal }),
    ...(flags.processes === undefined ? {} : { processes: flags.processes }),
    settings: settingsOf(flags),
    flags,
    ...(flags.stream === true ? { onProgress: streamProgress } : {}),
  });
  if (scores === undefined) return undefined;
  const networks = {
    targets: scores.rows.map(({ target }) => target),
    names: scores.rows.map(({ genotype }) => genotype),
  };
  const evaluation = finish(path, scores.columns, networks, scores.notes, flags, options);
  return { evaluation: { ...evaluation, provenance: scores.provenance }, scores };
}

function streamProgress(done: number, text: string): void {
  printData(formatMessage({ kind: 'progress', done, text }));
}

/** With the column `missing`, why some cells are empty, where some are. */
function valuesCsv({ rows, columns }: BenchmarkScores, target: string): string {
  const missing = rows.map(({ failed = new Map<string, string>() }) =>
    Array.from(failed, ([name, why]) => `${name}: ${why}`).join('; '),
  );
  const withMissing = missing.some((text) => text !== '');
  return csv([
    ['genotype', target, ...columns.map(({ name }) => name), ...(withMissing ? [missingColumn] : [])],
    ...rows.map((row, index) => [
      row.genotype,
      row.target,
      ...columns.map(({ values }) => values[index]),
      ...(withMissing ? [missing[index]] : []),
    ]),
  ]);
}

function finish(
  path: string,
  columns: readonly ScoreColumn[],
  { targets, names }: { readonly targets: ArrayLike<number>; readonly names: readonly string[] },
  notes: readonly string[],
  { target }: Flags,
  options: MetricOptions,
): Evaluation {
  const scores = evaluateColumns(columns, targets, options);
  const most = Math.max(...scores.map(networksOf));
  if (most < fewestNetworks)
    throw new UsageError(
      [
        `Only ${most} row${most === 1 ? '' : 's'} of ${path} can be used; at least ${fewestNetworks} are needed.`,
        ...notes,
      ].join('\n'),
    );
  const all = Array.from(targets);
  const looksLikeShares = all.every((value) => value >= 0 && value <= 1);
  return {
    source: basename(path),
    target,
    targets: all,
    names,
    scores,
    options: { depth: options.depth, top: options.top, resamples: options.resamples, seed: options.seed },
    notes: looksLikeShares
      ? [...notes, `All of ${target} lie between 0 and 1: nDCG wants percent, its gain is 2^accuracy − 1.`]
      : notes,
  };
}

function readTable(path: string): Table {
  return parseTable(readText(path, mostTableBytes, 'kept'), path);
}
