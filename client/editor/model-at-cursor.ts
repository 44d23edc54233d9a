import * as vscode from 'vscode';
import { modelAt } from '../../server/protocol/protocol.ts';
import type { LanguageServer } from '../connection/language-server.ts';

/** A model of a document. */
export interface ModelPlace {
  readonly uri: string;
  readonly model: string;
}

/** The document in front, if it is one of ours. */
export function activeDocument(): vscode.TextDocument | undefined {
  const document = vscode.window.activeTextEditor?.document;
  return document?.languageId === 'arch' ? document : undefined;
}

/** The model in whose body a line is. */
export async function modelAtLine(
  server: LanguageServer,
  document: vscode.TextDocument,
  line: number,
): Promise<ModelPlace | undefined> {
  const uri = document.uri.toString();
  const model = await server.request(modelAt, { uri, line });
  return model === null || model === undefined ? undefined : { uri, model };
}

/** The model in whose body the cursor is. @param document one of ours; absent: the one in front */
export async function modelAtCursor(
  server: LanguageServer,
  document = activeDocument(),
): Promise<ModelPlace | undefined> {
  if (document === undefined) return undefined;
  const { activeTextEditor, visibleTextEditors } = vscode.window;
  const editor = [activeTextEditor, ...visibleTextEditors].find((shown) => shown?.document === document);
  return await modelAtLine(server, document, editor?.selection.active.line ?? 0);
}
