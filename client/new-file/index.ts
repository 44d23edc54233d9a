import * as vscode from 'vscode';
import { zoo, zooText } from '../../server/protocol/zoo.ts';
import type { LanguageServer } from '../connection/language-server.ts';
import { newFileItems, type NewFileItem } from './items.ts';
import { starterModel } from './starter-model.ts';

/** New files, which begin with a small network, a published one, or a search space. */
export function registerNewFile(server: LanguageServer): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.commands.registerCommand('archlens.newFile', () => newFile(server)),
    vscode.commands.registerCommand('archlens.openSample', () => open(starterModel)),
  );
}

type Row = vscode.QuickPickItem & { readonly name?: string };

async function newFile(server: LanguageServer): Promise<void> {
  const nothing = { networks: [], spaces: [] };
  const rows = server.ask(zoo).then((found = nothing) => newFileItems(found).map(rowOf));
  const chosen = await vscode.window.showQuickPick(rows, {
    title: 'New Architecture File',
    placeHolder: 'What to begin with: a name, a family, a data set',
    matchOnDescription: true,
    matchOnDetail: true,
  });
  if (chosen === undefined) return;
  const { name } = chosen;
  const text = name === undefined ? starterModel : await server.request(zooText, { name });
  if (text !== undefined && text !== null) await open(text);
}

function rowOf(item: NewFileItem): Row {
  return 'title' in item ? { label: item.title, kind: vscode.QuickPickItemKind.Separator } : item;
}

async function open(content: string): Promise<void> {
  const document = await vscode.workspace.openTextDocument({ language: 'arch', content });
  await vscode.window.showTextDocument(document);
}
