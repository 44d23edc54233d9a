import * as vscode from 'vscode';
import type { RankedEntry, Ranking } from '../../server/ranking/ranking.ts';
import { formatRank } from '../../server/ranking/rank-range.ts';
import { rankingCsv } from '../../server/ranking/csv.ts';
import { singleText, stateTexts, vkdnwText } from './texts.ts';

const formats: Readonly<Record<string, (rows: readonly RankedEntry[], ranking: Ranking) => string>> = {
  'Markdown table': markdown,
  'Comma-separated values': (rows, ranking) => rankingCsv({ ...ranking, groups: [], rest: rows }),
  JSON: (rows) => JSON.stringify(rows, undefined, 2),
  Names: (rows) => rows.map(({ entry }) => entry.model).join('\n'),
  'Command line': (rows) =>
    rows.map(({ entry }) => `archlens score ${quoted(entry.file)} --model ${entry.model}`).join('\n'),
};

/** Asks how, and puts models on the clipboard. */
export async function copyModels(rows: readonly RankedEntry[], ranking: Ranking): Promise<void> {
  const [only] = rows;
  const what = rows.length === 1 && only !== undefined ? only.entry.model : `${rows.length} models`;
  const picked = await vscode.window.showQuickPick(Object.keys(formats), { title: `Copy ${what} as` });
  const format = picked === undefined ? undefined : formats[picked];
  if (format === undefined) return;
  await vscode.env.clipboard.writeText(format(rows, ranking));
  vscode.window.setStatusBarMessage(`Archlens: copied ${what}`, 3000);
}

function markdown(rows: readonly RankedEntry[]): string {
  const lines = rows.map(({ entry, rank }) =>
    [
      rank === undefined ? '' : formatRank(rank),
      entry.model,
      entry.score === undefined ? stateTexts[entry.state] : singleText(entry.score),
      entry.score === undefined ? '' : vkdnwText(entry.score),
      entry.params ?? '',
      entry.macs ?? '',
      entry.file,
    ].join(' | '),
  );
  return [
    '| # | model | VKDNW_single | VKDNW | parameters | MACs | file |',
    '|--:|---|--:|--:|--:|--:|---|',
    ...lines.map((line) => `| ${line} |`),
  ].join('\n');
}

function quoted(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
}
