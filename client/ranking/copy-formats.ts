import { plain } from '../../server/base/markdown.ts';
import { rankingCsv } from '../../server/ranking/csv.ts';
import { formatRank } from '../../server/ranking/rank-range.ts';
import type { RankedEntry } from '../../server/ranking/ranked-entry.ts';
import type { Ranking } from '../../server/ranking/ranking.ts';
import { isScored } from '../../server/ranking/entry.ts';
import { whyUnscored } from '../../server/ranking/reasons.ts';
import { noValue, singleText, stateText, taskOfText, vkdnwText } from './texts.ts';

type Format = (rows: readonly RankedEntry[], ranking: Ranking) => string;

/** How models are copied, by what the user chooses among. */
export const copyFormats: Readonly<Record<string, Format>> = {
  'Markdown table': markdown,
  'Comma-separated values': (rows, ranking) => rankingCsv({ ...ranking, groups: [], rest: rows }),
  JSON: (rows) => JSON.stringify(rows, undefined, 2),
  Names: (rows) => rows.map(({ entry }) => entry.model).join('\n'),
  'Command line': (rows) =>
    rows.map(({ entry }) => `archlens score ${quoted(entry.file)} --model ${entry.model}`).join('\n'),
};

function markdown(rows: readonly RankedEntry[]): string {
  const lines = rows.map(({ entry, rank }) =>
    [
      rank === undefined ? noValue : formatRank(rank),
      plain(entry.model),
      isScored(entry) ? singleText(entry) : plain(`${stateText(entry)}: ${whyUnscored(entry) ?? ''}`),
      isScored(entry) ? vkdnwText(entry.score) : noValue,
      entry.params ?? noValue,
      entry.macs ?? noValue,
      taskOfText(entry),
      plain(entry.file),
    ].join(' | '),
  );
  return [
    '| # | model | VKDNW_single | VKDNW | parameters | MACs | task | file |',
    '|--:|---|--:|--:|--:|--:|---|---|',
    ...lines.map((line) => `| ${line} |`),
  ].join('\n');
}

function quoted(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
}
