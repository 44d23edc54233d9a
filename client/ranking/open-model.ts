import * as vscode from 'vscode';
import type { RankingEntry } from '../../server/ranking/entry.ts';

/** Shows a model in its file. */
export async function openModel(
  { uri, line, file, model }: RankingEntry,
  preserveFocus = false,
): Promise<void> {
  try {
    const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(uri));
    const text = document.lineAt(Math.min(line, document.lineCount - 1));
    const at = Math.max(text.text.indexOf(model), 0);
    const selection = new vscode.Range(text.lineNumber, at, text.lineNumber, at);
    await vscode.window.showTextDocument(document, {
      selection,
      preserveFocus,
      viewColumn: columnOf(document.uri),
    });
  } catch {
    vscode.window.setStatusBarMessage(`Archlens: ${file} is not there any more.`, 4000);
  }
}

/** Where the file is shown already; beside a panel otherwise, not in its place. */
function columnOf(uri: vscode.Uri): vscode.ViewColumn {
  const { all, activeTabGroup } = vscode.window.tabGroups;
  const holds = ({ tabs }: vscode.TabGroup, test: (input: unknown) => boolean): boolean =>
    tabs.some(({ input }) => test(input));
  const shown = all.find((group) =>
    holds(group, (input) => input instanceof vscode.TabInputText && input.uri.toString() === uri.toString()),
  );
  if (shown !== undefined) return shown.viewColumn;
  if (!(activeTabGroup.activeTab?.input instanceof vscode.TabInputWebview)) return vscode.ViewColumn.Active;
  const other = all.find((group) => group !== activeTabGroup);
  return other?.viewColumn ?? vscode.ViewColumn.Beside;
}
