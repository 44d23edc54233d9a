import { Buffer } from 'node:buffer';
import * as vscode from 'vscode';
import type { ExportFormat, Target } from './protocol.ts';

const formats: Readonly<Record<ExportFormat, string>> = {
  svg: 'Picture that scales (SVG)',
  png: 'Picture in pixels (PNG)',
  csv: 'Numbers for a spreadsheet (CSV)',
  json: 'Numbers for a program (JSON)',
};

/** Asks for a format. @returns undefined when the user has none in mind */
export async function chooseFormat(): Promise<ExportFormat | undefined> {
  const items = Object.entries(formats).map(([format, label]) => ({ label, format: format as ExportFormat }));
  const picked = await vscode.window.showQuickPick(items, {
    title: 'Export the picture',
    placeHolder: 'Format',
  });
  return picked?.format;
}

/** Asks where to, and writes the file beside the model's own unless told otherwise. */
export async function save(target: Target, format: ExportFormat, data: string): Promise<void> {
  const beside = vscode.Uri.parse(target.uri);
  const folder =
    beside.scheme === 'untitled'
      ? vscode.workspace.workspaceFolders?.[0]?.uri
      : vscode.Uri.joinPath(beside, '..');
  const name = `${target.model}.${format}`;
  const file = await vscode.window.showSaveDialog({
    ...(folder === undefined ? {} : { defaultUri: vscode.Uri.joinPath(folder, name) }),
    filters: { [format.toUpperCase()]: [format] },
    title: `Export ${target.model}`,
  });
  if (file === undefined) return;
  try {
    await vscode.workspace.fs.writeFile(file, Buffer.from(data, format === 'png' ? 'base64' : 'utf8'));
    vscode.window.setStatusBarMessage(`Archlens: wrote ${vscode.workspace.asRelativePath(file)}`, 5000);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    void vscode.window.showErrorMessage(`${file.fsPath} cannot be written: ${reason}`);
  }
}
