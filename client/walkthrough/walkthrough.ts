import * as vscode from 'vscode';
import { starterModel } from './starter-model.ts';

/** The commands the walkthrough leads to. */
export function registerWalkthrough(extensionId: string): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.commands.registerCommand('archlens.openWalkthrough', () =>
      vscode.commands.executeCommand('workbench.action.openWalkthrough', `${extensionId}#start`, false),
    ),
    vscode.commands.registerCommand('archlens.newFile', async () => {
      const document = await vscode.workspace.openTextDocument({ language: 'arch', content: starterModel });
      await vscode.window.showTextDocument(document);
    }),
  );
}
