import * as vscode from 'vscode';
import { completeStep } from './steps.ts';

/** The commands the walkthrough leads to, and its first step. */
export function registerWalkthrough(extensionId: string): vscode.Disposable {
  const opened = ({ languageId }: vscode.TextDocument): void => {
    if (languageId === 'arch') completeStep('opened');
  };
  vscode.workspace.textDocuments.forEach(opened);
  return vscode.Disposable.from(
    vscode.workspace.onDidOpenTextDocument(opened),
    vscode.commands.registerCommand('archlens.openWalkthrough', () =>
      vscode.commands.executeCommand('workbench.action.openWalkthrough', `${extensionId}#start`, false),
    ),
  );
}
