import { own } from '../../base/own.ts';
import type { ExtraColumn, SortColumn } from '../../ranking/columns.ts';
import { columnText } from '../../ranking/columns.ts';
import type { RankingEntry } from '../../ranking/entry.ts';
import { formatRank } from '../../ranking/rank-range.ts';
import type { Ranking } from '../../ranking/ranking.ts';
import type { RankedEntry } from '../../ranking/ranked-entry.ts';
import type { Files } from '../files.ts';
import type { ScoreRecord } from './record.ts';
import type { Target } from '../score-models.ts';
import { columns, failureLines, type ScoreColumn } from './score-table.ts';
import { formatTable, type Column } from './table.ts';

/** A scored model, as the ranking and as the tables want it. */
export interface Candidate {
  readonly entry: RankingEntry;
  readonly record: ScoreRecord;
}

export function candidate(target: Target, record: ScoreRecord, files: Files): Candidate {
  const { uri } = target.analysis;
  const line = files.rangeOf({ uri, span: target.model.nameSpan }).start.line;
  const { file, model, vkdnw, vkdnwSe, single, settings, engine, layers, params, macs, proxies } = record;
  const score =
    vkdnw === null || single === null || engine === null
      ? undefined
      : { vkdnw, ...(vkdnwSe === null ? {} : { vkdnwSe }), single, settings, engine };
  return {
    record,
    entry: {
      id: JSON.stringify([file, model, line]),
      uri,
      file,
      model,
      line,
      state: score !== undefined ? 'scored' : record.reason === 'invalid' ? 'invalid' : 'failed',
      ...(record.message === undefined ? {} : { message: record.message }),
      ...(score === undefined ? {} : { score }),
      ...(layers === null ? {} : { layers }),
      ...(params === null ? {} : { params }),
      ...(macs === null ? {} : { macs }),
      ...(proxies === undefined ? {} : { proxies }),
    },
  };
}

interface RankColumn extends Column {
  readonly cell: (row: RankedEntry, record: ScoreRecord) => string;
}

/** Proxies that every table has anyway. */
const always: readonly string[] = ['params', 'macs', 'layers', 'vkdnw', 'vkdnw_single'];

function extraColumn({ name }: ExtraColumn): RankColumn {
  return {
    title: name,
    align: 'right',
    cell: ({ extras }) => {
      const value = own(extras ?? {}, name);
      return value === undefined ? '–' : Number(value.toPrecision(6)).toString();
    },
  };
}

function shownColumns(sort: SortColumn, extras: readonly ExtraColumn[]): readonly RankColumn[] {
  const { model, file, single, entropy, layers, params, macs } = columns;
  const ofRecord = (column: ScoreColumn): RankColumn => ({
    ...column,
    cell: (_, record) => column.cell(record, 0),
  });
  const rank: RankColumn = {
    title: '#',
    align: 'right',
    cell: (row) => (row.rank === undefined ? '' : formatRank(row.rank)),
  };
  const aggregate: RankColumn = {
    title: 'aggregate',
    align: 'right',
    cell: (row) => row.aggregate?.toFixed(3) ?? '',
  };
  return [
    rank,
    { ...model, cell: ({ entry }) => entry.model },
    ...(sort === 'aggregate' ? [aggregate] : []),
    ...[single, entropy, layers, params, macs].map(ofRecord),
    ...extras.filter(({ name }) => !always.includes(name)).map(extraColumn),
    ofRecord(file),
  ];
}

/** The ranking as people read it, a line each. */
export function rankingLines(ranking: Ranking, records: ReadonlyMap<string, ScoreRecord>): string[] {
  const shown = shownColumns(ranking.sort, ranking.extras);
  const lines: string[] = [];
  for (const { rows, settings, engine } of ranking.groups) {
    if (lines.length > 0) lines.push('');
    lines.push(
      ...formatTable(
        shown,
        rows.map((row) => shown.map(({ cell }) => cell(row, records.get(row.entry.id)!))),
      ),
      '',
      `${engine}; ${settings}`,
    );
  }
  const failed = ranking.rest.map(({ entry }) => records.get(entry.id)!);
  if (failed.length > 0) {
    if (lines.length > 0) lines.push('');
    lines.push('Without a score:', ...failureLines(failed).map((line) => `  ${line}`));
  }
  return [...lines, '', ...legend(ranking)];
}

const measureTexts = {
  single: 'VKDNW_single = layers + VKDNW',
  vkdnw: 'VKDNW, the entropy alone',
  aggregate: 'the aggregate: ln rank by VKDNW_single + ln rank by MACs, rank 1 the worst',
} as const;

function legend({ sort, measure, groups, hidden, extras }: Ranking): string[] {
  const rows = groups.flatMap((group) => group.rows);
  const oneSeed = rows.some(({ entry }) => entry.score?.vkdnwSe === undefined);
  const tie = rows.find(({ rank }) => rank !== undefined && rank.best !== rank.worst);
  const { label, first } = columnText(sort, extras);
  const sorted = sort === measure ? '' : ` Sorted by ${label}, ${first}.`;
  return [
    `Ranked by ${measureTexts[measure]}, higher is better.${sorted}`,
    ...(tie?.rank === undefined
      ? []
      : [
          `A rank like ${formatRank(tie.rank)} is a tie: its interval of ±1.39 standard errors overlaps with others'.`,
        ]),
    ...(rows.length > 0 && oneSeed
      ? ['One seed has no standard error: how sure these ranks are is not known. Use --seeds 2 or more.']
      : []),
    ...proxyNotes(rows, extras),
    ...(hidden === 0 ? [] : [`${hidden} over the budget, not ranked.`]),
    ...(groups.length > 1 ? ['Scores of different settings or engines are not compared.'] : []),
  ];
}

/** How the columns that were asked for were made, and why some of them have no value. */
function proxyNotes(rows: readonly RankedEntry[], extras: readonly ExtraColumn[]): string[] {
  if (extras.length === 0) return [];
  const made = new Set(
    rows.flatMap(({ entry }) => (entry.proxies === undefined ? [] : [entry.proxies.made])),
  );
  const failures = rows.flatMap(({ entry }) =>
    Object.entries(entry.proxies?.failed ?? {}).map(([name, why]) => `${entry.model} has no ${name}: ${why}`),
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
