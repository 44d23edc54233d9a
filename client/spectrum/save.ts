import * as vscode from 'vscode';
import { saveFile } from '../webview/save.ts';
import type { ExportFormat } from '../webview/export-format.ts';
import type { Target } from './protocol.ts';

/** Asks where to, and writes the file beside the model's own unless told otherwise. */
export async function save({ uri, model }: Target, format: ExportFormat, data: string): Promise<void> {
  const beside = vscode.Uri.parse(uri);
  const folder = beside.scheme === 'untitled' ? undefined : vscode.Uri.joinPath(beside, '..');
  await saveFile(model, format, data, folder);
}
