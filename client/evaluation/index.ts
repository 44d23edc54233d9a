import * as vscode from 'vscode';
import { askForRequest } from './ask.ts';
import { EvaluationPanel } from './panel.ts';

/** The command that shows how well proxies predict the accuracies of a table, and its panel. */
export function registerEvaluation({
  extension,
  extensionUri,
  globalStorageUri,
}: vscode.ExtensionContext): vscode.Disposable {
  const { version } = extension.packageJSON as { readonly version: string };
  const panel = new EvaluationPanel({ extension: extensionUri, storage: globalStorageUri, version });
  return vscode.Disposable.from(
    panel,
    vscode.commands.registerCommand('archlens.evaluate', async () => {
      const request = await askForRequest();
      if (request !== undefined) panel.show(request);
    }),
  );
}
