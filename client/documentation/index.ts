import * as vscode from 'vscode';

/** The command behind the code of a diagnostic: shows its entry in the documentation that comes with the extension. */
export const explainCommand = 'archlens.explainDiagnostic';

/** The commands that show pages of the documentation, which comes with the extension. */
export function registerDocumentation(extension: vscode.Uri): vscode.Disposable {
  const show = async (path: string, fragment = ''): Promise<void> => {
    const page = vscode.Uri.joinPath(extension, path).with({ fragment });
    await vscode.commands.executeCommand('markdown.showPreview', page);
  };
  return vscode.Disposable.from(
    vscode.commands.registerCommand(explainCommand, (code: unknown) =>
      show('docs/diagnostics.md', typeof code === 'string' ? code : ''),
    ),
    vscode.commands.registerCommand('archlens.openManual', () => show('grammar/README.md')),
    vscode.commands.registerCommand('archlens.openDocumentation', () => show('docs/extension.md')),
  );
}
