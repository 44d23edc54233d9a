import * as vscode from 'vscode';
import { own } from '../../server/base/own.ts';
import type { RankedEntry } from '../../server/ranking/ranked-entry.ts';
import type { Ranking } from '../../server/ranking/ranking.ts';
import { copyFormats } from './copy-formats.ts';

/** Asks how, and puts models on the clipboard. */
export async function copyModels(rows: readonly RankedEntry[], ranking: Ranking): Promise<void> {
  const [only] = rows;
  const what = rows.length === 1 && only !== undefined ? only.entry.model : `${rows.length} models`;
  const picked = await vscode.window.showQuickPick(Object.keys(copyFormats), { title: `Copy ${what} as` });
  const format = picked === undefined ? undefined : own(copyFormats, picked);
  if (format === undefined) return;
  await vscode.env.clipboard.writeText(format(rows, ranking));
  vscode.window.setStatusBarMessage(`Archlens: copied ${what}`, 3000);
}
