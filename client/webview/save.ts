import { Buffer } from 'node:buffer';
import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import { noticeText } from '../../server/base/notice-text.ts';
import { fileError } from '../../server/base/file-error.ts';
import { writeWhole } from '../../server/base/write-file.ts';
import type { ExportFormat, ExportRequest } from './export-format.ts';

const formats: Readonly<Record<ExportFormat, string>> = {
  svg: 'Picture that scales (SVG)',
  png: 'Picture in pixels (PNG)',
  csv: 'Numbers for a spreadsheet (CSV)',
  json: 'Numbers for a program (JSON)',
};

/** Asks the user for a format, and then the page; nothing when the user has none in mind. */
export async function requestExport(post: (request: ExportRequest) => void): Promise<void> {
  const items = Object.entries(formats).map(([format, label]) => ({ label, format: format as ExportFormat }));
  const picked = await vscode.window.showQuickPick(items, {
    title: 'Export the picture',
    placeHolder: 'Format',
  });
  if (picked !== undefined) post({ kind: 'export', format: picked.format });
}

/**
 * Asks where to, and writes the file.
 *
 * @param data text, and base64 for PNG
 * @param folder where it goes unless told otherwise
 */
export async function saveFile(
  name: string,
  format: ExportFormat,
  data: string,
  folder: vscode.Uri | undefined = vscode.workspace.workspaceFolders?.[0]?.uri,
): Promise<void> {
  const file = await vscode.window.showSaveDialog({
    ...(folder === undefined ? {} : { defaultUri: vscode.Uri.joinPath(folder, `${name}.${format}`) }),
    filters: { [format.toUpperCase()]: [format] },
    title: `Export ${name}`,
  });
  if (file === undefined) return;
  try {
    await write(file, Buffer.from(data, format === 'png' ? 'base64' : 'utf8'));
    vscode.window.setStatusBarMessage(`Archlens: wrote ${vscode.workspace.asRelativePath(file)}`, 5000);
  } catch (error) {
    void vscode.window.showErrorMessage(noticeText(fileError(file.fsPath, 'written', error).message));
  }
}

/** Whole or not at all: the editor's own writing begins by emptying the file. */
async function write(file: vscode.Uri, bytes: Uint8Array): Promise<void> {
  if (file.scheme === 'file') {
    writeWhole(file.fsPath, bytes);
    return;
  }
  const { fs } = vscode.workspace;
  const temporary = vscode.Uri.joinPath(file, '..', `.archlens-${randomUUID()}.tmp`);
  try {
    await fs.writeFile(temporary, bytes);
    await fs.rename(temporary, file, { overwrite: true });
  } catch (error) {
    await fs.delete(temporary).then(undefined, () => undefined);
    throw error;
  }
}
