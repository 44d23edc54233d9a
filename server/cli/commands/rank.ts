import process from 'node:process';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { exitCode } from '../../base/exit-codes.ts';
import { familyOf } from '../../network/family.ts';
import type { Proxy } from '../../proxies/proxy.ts';
import { columnOf } from '../../proxies/column-spec.ts';
import { sortColumns, type ExtraColumn, type SortColumn } from '../../ranking/columns.ts';
import { rankingCsv } from '../../ranking/csv.ts';
import type { RankingEntry } from '../../ranking/entry.ts';
import { competes, parseBudget } from '../../ranking/filter.ts';
import { rankEntries } from '../../ranking/ranking.ts';
import { missingOf } from '../../ranking/reasons.ts';
import { parseTask, taskOf, tasksOf } from '../../ranking/task.ts';
import type { ScoreSettings } from '../../score/types.ts';
import { columnsOf } from '../column-options.ts';
import { expandPaths, Files } from '../files.ts';
import { print, printData, say } from '../output.ts';
import { rankingLines } from '../reports/rank-report.ts';
import { formatObjects, recordOf } from '../reports/record.ts';
import { allModels, noModel, scoreModels, type Target } from '../score-models.ts';
import { addScoreOptions, settingsOf, type ScoreFlags } from '../score-options.ts';
import type { ScoredModel } from '../scored-model.ts';
import { keptNote } from '../scorer.ts';
import { cancelledCode, interruptible, sayCancelled, UsageError } from '../terminal.ts';
import { watchPaths } from '../watch.ts';

/** Columns as the command line names them; `single`, the former name of the first, is understood. */
const sortNames: readonly string[] = sortColumns.map((name) => (name === 'single' ? 'vkdnw_single' : name));

interface Flags extends ScoreFlags {
  readonly sort: string;
  readonly proxies: readonly string[];
  readonly aggregate: readonly string[];
  readonly maxParams?: number;
  readonly maxMacs?: number;
  readonly task?: string;
  readonly family?: string;
  readonly mergeTasks?: boolean;
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  readonly csv?: boolean;
  readonly watch?: boolean;
}

export function registerRank(program: Command): void {
  addScoreOptions(
    program
      .command('rank')
      .description('rank all models of files and folders, the best first')
      .argument('<paths...>', 'files, or folders with .arch files')
      .option(
        '--sort <column>',
        `what comes first: ${sortNames.join(', ')}, or one of --proxies and --aggregate`,
        'vkdnw_single',
      )
      .addOption(
        new Option(
          '--proxies <names...>',
          'also compute these and show them as columns; archlens proxies lists them',
        ).default([], 'none'),
      )
      .addOption(
        new Option(
          '--aggregate <names...>',
          'also show sums of ranks: vkdnw_agg, az_nas, te_nas, robust_agg, or your own, for instance naswot+macs or mine=naswot+macs',
        ).default([], 'none'),
      )
      .addOption(budget('--max-params <n>', 'leave out models with more parameters, for instance 1.5M'))
      .addOption(budget('--max-macs <n>', 'leave out models with more multiply-accumulates'))
      .addOption(
        new Option('--task <input:classes>', 'only models of this task, for instance 32x32x3:10').argParser(
          readTask,
        ),
      )
      .option('--family <name>', "only models of this family, for instance 'residual conv'")
      .option('--merge-tasks', 'rank models of different tasks together, though they are no rivals')
      .option('--include <globs...>', 'of a folder, only files that match', [])
      .option('--exclude <globs...>', 'of a folder, no files or folders that match', [])
      .option('--csv', 'print comma-separated values')
      .option('--watch', 'go on: rank again whenever a file changes'),
  ).action(rank);
}

function budget(flags: string, description: string): Option {
  return new Option(flags, description).argParser((text) => {
    const amount = parseBudget(text);
    if (amount === undefined) {
      throw new InvalidArgumentError(`'${text}' is not an amount; write 250000, 1.5M or 450M.`);
    }
    return amount;
  });
}

function readTask(text: string): string {
  const task = parseTask(text);
  if (task === undefined)
    throw new InvalidArgumentError(`'${text}' is not a task; write input and classes as 32x32x3:10.`);
  return task;
}

async function rank(paths: readonly string[], flags: Flags): Promise<void> {
  if (flags.csv === true && flags.json === true) {
    throw new UsageError('--csv and --json exclude each other.');
  }
  const settings = settingsOf(flags);
  const columns = rankColumns(flags);
  if (flags.watch !== true) {
    await rankOnce(paths, settings, flags, columns);
    return;
  }
  await interruptible(async (signal) => {
    const changes = watchPaths(paths, signal);
    try {
      do {
        await rankOnce(paths, settings, flags, columns).catch(sayUsageError);
      } while (!signal.aborted && (await changes.next()));
    } finally {
      changes.close();
    }
  });
  process.exitCode = cancelledCode();
}

/** While a folder changes it may have no model for a moment. */
function sayUsageError(error: unknown): void {
  if (!(error instanceof UsageError)) throw error;
  say(error.message);
}

interface Columns {
  readonly sort: SortColumn;
  /** What is computed for them. */
  readonly proxies: readonly Proxy[];
  readonly extras: readonly ExtraColumn[];
}

/** @throws UsageError for names that there are not */
function rankColumns(flags: Flags): Columns {
  const { columns, proxies } = columnsOf(flags);
  const extras = columns.map(columnOf);
  return { sort: sortOf(flags.sort, extras), proxies, extras };
}

function sortOf(text: string, extras: readonly ExtraColumn[]): SortColumn {
  const column = text === 'vkdnw_single' ? 'single' : sortColumns.find((name) => name === text);
  if (column !== undefined) return column;
  if (extras.some(({ name }) => name === text)) return `proxy:${text}`;
  throw new UsageError(
    `'${text}' is not a column; sort by ${[...sortNames, ...extras.map(({ name }) => name)].join(', ')}. A proxy can be sorted by when --proxies names it.`,
  );
}

async function rankOnce(
  paths: readonly string[],
  settings: ScoreSettings,
  flags: Flags,
  columns: Columns,
): Promise<void> {
  const files = new Files();
  const { targets: all, spaces, unread } = allModels(expandPaths(paths, flags), files);
  if (all.length === 0) {
    if (unread > 0) {
      process.exitCode = exitCode.failed;
      return;
    }
    throw noModel(paths, spaces);
  }
  const targets = all.filter((target) => competes(sizeOf(target), flags));
  requireTask(all, flags);
  requireFamily(all, flags);
  const models = await scoreModels(targets, settings, flags, files, columns.proxies);
  if (models === undefined) {
    sayCancelled(keptNote(flags));
    return;
  }
  const text = report(models, all.length - targets.length, settings, flags, columns);
  if (flags.csv === true || flags.json === true) printData(text);
  else print(text);
  const failed = unread > 0 || models.some(({ state }) => state !== 'scored');
  process.exitCode = failed ? exitCode.failed : exitCode.ok;
}

/** What decides whether a model competes. */
function sizeOf({
  model: { network, totals },
}: Target): Pick<RankingEntry, 'params' | 'macs' | 'task' | 'family'> {
  return network === undefined ? {} : { ...totals, task: taskOf(network), family: familyOf(network) };
}

/** @throws UsageError where no model has the task that was asked for */
function requireTask(targets: readonly Target[], { task }: Flags): void {
  const tasks = tasksOf(targets.map(sizeOf));
  if (task === undefined || tasks.includes(task) || tasks.length === 0) return;
  throw new UsageError(`There is no model for ${task}. The tasks are: ${tasks.join(', ')}.`);
}

/** @throws UsageError where no model is of the family that was asked for */
function requireFamily(targets: readonly Target[], { family }: Flags): void {
  const families = [...new Set(targets.flatMap((target) => sizeOf(target).family ?? []))].sort();
  if (family === undefined || families.includes(family) || families.length === 0) return;
  throw new UsageError(
    `There is no model of the family '${family}'. The families are: ${families.join(', ')}.`,
  );
}

/** @param leftOut how many models do not compete */
function report(
  models: readonly ScoredModel[],
  leftOut: number,
  settings: ScoreSettings,
  flags: Flags,
  { sort, extras }: Columns,
): string {
  const ranking = rankEntries(models, sort, {}, extras, flags);
  if (flags.csv === true) return rankingCsv(ranking);
  if (flags.json === true) {
    const rows = [...ranking.groups.flatMap((group) => group.rows), ...ranking.rest];
    return formatObjects(
      rows.map((row) => {
        const { entry, rank = null, of = null, tasks = null, aggregate = null, extras: columns } = row;
        return {
          rank,
          ranked: of,
          rankedTasks: tasks,
          aggregate,
          ...(columns === undefined ? {} : { columns }),
          ...recordOf(entry, settings),
          missing: Object.fromEntries(missingOf(row, extras)),
        };
      }),
    );
  }
  return `${rankingLines(ranking, leftOut).join('\n')}\n`;
}
