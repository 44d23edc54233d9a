import { formatScore, formatValue, plural } from '../../base/quantities.ts';
import { own } from '../../base/own.ts';
import type { ExtraColumn, SortColumn } from '../../ranking/columns.ts';
import { columnText } from '../../ranking/columns.ts';
import { differences } from '../../ranking/comparable.ts';
import { formatRank } from '../../ranking/rank-range.ts';
import type { RankedGroup, Ranking } from '../../ranking/ranking.ts';
import type { RankedEntry } from '../../ranking/ranked-entry.ts';
import { missingColumns } from '../../ranking/reasons.ts';
import { mergedText, tasksText } from '../../ranking/task.ts';
import { betterScore, betterWhere, judgedScore, otherwiseMade, trustLines } from '../../ranking/trust.ts';
import { proxies } from '../../proxies/index.ts';
import type { ScoredModel } from '../scored-model.ts';
import { columns, failureLines, markLines, missing, type ScoreColumn } from './score-table.ts';
import { formatTable, type Column } from './table.ts';
import { shownName } from '../../language/names/shown-name.ts';

interface RankColumn extends Column {
  readonly cell: (row: RankedEntry<ScoredModel>) => string;
}

/** Proxies that every table has anyway. */
const always: readonly string[] = ['params', 'macs', 'layers', 'vkdnw', 'vkdnw_single'];

function extraColumn({ name }: ExtraColumn): RankColumn {
  return {
    title: name,
    align: 'right',
    cell: ({ extras }) => {
      const value = own(extras ?? {}, name);
      return value === undefined ? missing : formatValue(value);
    },
  };
}

function shownColumns(sort: SortColumn, extras: readonly ExtraColumn[]): readonly RankColumn[] {
  const { model, file, single, entropy, layers, params, macs, family, task } = columns;
  const ofModel = (column: ScoreColumn): RankColumn => ({
    ...column,
    cell: ({ entry }) => column.cell(entry),
  });
  const rank: RankColumn = {
    title: '#',
    align: 'right',
    cell: (row) => (row.rank === undefined ? missing : formatRank(row.rank)),
  };
  const aggregate: RankColumn = {
    title: 'aggregate',
    align: 'right',
    cell: (row) => (row.aggregate === undefined ? missing : formatScore(row.aggregate)),
  };
  return [
    rank,
    ofModel(model),
    ...(sort === 'aggregate' ? [aggregate] : []),
    ...[single, entropy, layers, params, macs].map(ofModel),
    ...extras.filter(({ name }) => !always.includes(name)).map(extraColumn),
    ofModel(family),
    ofModel(task),
    ofModel(file),
  ];
}

/** The ranking as people read it, a line each. @param leftOut how many models do not compete */
export function rankingLines(ranking: Ranking<ScoredModel>, leftOut = 0): string[] {
  const shown = shownColumns(ranking.sort, ranking.extras);
  const lines: string[] = [];
  for (const group of ranking.groups) {
    const { rows, settings, engine, tasks } = group;
    if (lines.length > 0) lines.push('');
    lines.push(
      ...formatTable(
        shown,
        rows.map((row) => shown.map(({ cell }) => cell(row))),
      ),
      '',
      `${tasksText(tasks)}; ${engine}; ${settings}`,
      ...trustNotes(group, ranking.measure),
    );
  }
  const failed = ranking.rest.map(({ entry }) => entry);
  if (failed.length > 0) {
    if (lines.length > 0) lines.push('');
    lines.push('Without a score:', ...failureLines(failed).map((line) => `  ${line}`));
  }
  const marked = ranking.groups.flatMap((group) => markLines(group.rows.map(({ entry }) => entry)));
  const notes = [...legend(ranking, leftOut), ...marked];
  return notes.length === 0 ? lines : [...lines, '', ...notes];
}

const measureTexts = {
  single: 'VKDNW_single = layers + VKDNW',
  vkdnw: 'VKDNW, the entropy alone',
  aggregate: 'the aggregate: ln rank by VKDNW_single + ln rank by MACs, rank 1 the worst',
} as const;

/** What the order of a group is worth as a prediction of accuracy, and what is known to be better. */
function trustNotes({ comparisons, rows }: RankedGroup, measure: Ranking['measure']): readonly string[] {
  const score = judgedScore(measure);
  if (score === undefined) return [];
  const settings = rows[0]?.entry.score?.settings;
  const made = settings === undefined ? undefined : otherwiseMade(settings);
  const lines = trustLines(comparisons, score);
  const notes = lines.length === 0 || made === undefined ? lines : [...lines, made];
  const better = betterScore(comparisons, score);
  if (better === undefined) return notes;
  const option = proxyNames.includes(better) ? '--proxies' : '--aggregate';
  return [
    ...notes,
    `${option} ${better} --sort ${better} puts first what is known to be better${betterWhere(comparisons, score, better)}.`,
  ];
}

const proxyNames: readonly string[] = proxies.map(({ name }) => name);

function legend({ sort, measure, groups, extras }: Ranking, leftOut: number): string[] {
  const apart = differences(groups);
  const rows = groups.flatMap((group) => group.rows);
  const oneSeed = rows.some(({ entry }) => entry.score?.vkdnwSe === undefined);
  const tie = rows.find(({ rank }) => rank !== undefined && rank.best !== rank.worst);
  const { label, first } = columnText(sort, extras);
  const sorted = sort === measure ? '' : ` Sorted by ${label}, ${first}.`;
  return [
    ...(rows.length === 0 ? [] : [`Ranked by ${measureTexts[measure]}, higher is better.${sorted}`]),
    ...(tie?.rank === undefined
      ? []
      : [
          `A rank like ${formatRank(tie.rank)} is a tie: its interval of ±1.39 standard errors overlaps with others'.`,
        ]),
    ...(rows.length > 0 && oneSeed
      ? [
          'One seed of few index sets has no standard error: how sure these ranks are is not known. Use --seeds 2 or more.',
        ]
      : []),
    ...proxyNotes(rows, extras),
    ...(leftOut === 0
      ? []
      : [`${plural(leftOut, 'model')} over a budget, or of another task or family, not ranked.`]),
    ...(apart.tasks
      ? [
          'Models of different tasks (input → classes) are no rivals and are ranked apart; --merge-tasks ranks them together.',
        ]
      : []),
    ...(groups.some(({ tasks }) => tasks.length > 1) ? [mergedText] : []),
    ...(apart.settings ? ['Scores of different settings or engines are not compared.'] : []),
  ];
}

/** How the columns that were asked for were made, and why some of them have no value. */
function proxyNotes(rows: readonly RankedEntry[], extras: readonly ExtraColumn[]): string[] {
  if (extras.length === 0) return [];
  const made = new Set(
    rows.flatMap(({ entry }) => (entry.proxies === undefined ? [] : [entry.proxies.made])),
  );
  const failures = rows.flatMap((row) =>
    Array.from(
      missingColumns(row, extras),
      ([name, why]) => `${shownName(row.entry.model)} has no ${name}: ${why}`,
    ),
  );
  return [
    ...extras
      .filter(({ name }) => !always.includes(name))
      .map(
        ({ name, better, source }) => `${name}: ${source}${better === 'lower' ? ', less is better' : ''}.`,
      ),
    ...[...made].map((text) => `Proxies: ${text}.`),
    ...failures,
  ];
}
