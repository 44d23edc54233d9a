import { Buffer } from 'node:buffer';
import * as vscode from 'vscode';

/** What a panel can be saved as. */
export type ExportFormat = 'svg' | 'png' | 'csv' | 'json';

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

/**
 * Asks where to, and writes the file.
 *
 * @param folder where it goes unless told otherwise
 * @param data text, and base64 for PNG
 */
export async function saveFile(
  folder: vscode.Uri | undefined,
  name: string,
  format: ExportFormat,
  data: string,
): Promise<void> {
  const file = await vscode.window.showSaveDialog({
    ...(folder === undefined ? {} : { defaultUri: vscode.Uri.joinPath(folder, `${name}.${format}`) }),
    filters: { [format.toUpperCase()]: [format] },
    title: `Export ${name}`,
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
