import * as vscode from 'vscode';
import { askForRequest } from './ask.ts';
import { EvaluationPanel } from './evaluation-panel.ts';

/** The command that shows how well proxies predict the accuracies of a table, and its panel. */
export function registerEvaluation({
  extensionUri,
  globalStorageUri,
}: vscode.ExtensionContext): vscode.Disposable {
  const panel = new EvaluationPanel({ extension: extensionUri, storage: globalStorageUri });
  return vscode.Disposable.from(
    panel,
    vscode.commands.registerCommand('archlens.evaluate', async () => {
      const request = await askForRequest();
      if (request !== undefined) panel.show(request);
    }),
  );
}
