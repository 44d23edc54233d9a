import * as vscode from 'vscode';

/** The command behind the code of a diagnostic: shows its entry in the documentation that comes with the extension. */
export const explainCommand = 'archlens.explainDiagnostic';

export function registerExplain(extension: vscode.Uri): vscode.Disposable {
  return vscode.commands.registerCommand(explainCommand, async (code: unknown) => {
    const page = vscode.Uri.joinPath(extension, 'docs', 'diagnostics.md');
    const entry = typeof code === 'string' ? page.with({ fragment: code }) : page;
    await vscode.commands.executeCommand('markdown.showPreview', entry);
  });
}
