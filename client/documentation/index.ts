import * as vscode from 'vscode';

/** The command behind the code of a diagnostic: shows its entry in the documentation that comes with the extension. */
export const explainCommand = 'archlens.explainDiagnostic';

/** The commands that show pages of the documentation, which comes with the extension. */
export function registerDocumentation(extension: vscode.Uri): vscode.Disposable {
  const show = async (path: string, fragment = ''): Promise<void> => {
    const page = vscode.Uri.joinPath(extension, path).with({ fragment });
    await vscode.commands.executeCommand('markdown.showPreview', page);
  };
  // A preview is titled by its file: the package has these pages under their titles too, a checkout that runs has not.
  const showTitled = async (title: string, path: string): Promise<void> => {
    const titled = `dist/pages/${title}.md`;
    const isThere = await vscode.workspace.fs.stat(vscode.Uri.joinPath(extension, titled)).then(
      () => true,
      () => false,
    );
    await show(isThere ? titled : path);
  };
  return vscode.Disposable.from(
    vscode.commands.registerCommand(explainCommand, (code: unknown) =>
      show('docs/diagnostics.md', typeof code === 'string' ? code : ''),
    ),
    vscode.commands.registerCommand('archlens.openManual', () =>
      showTitled('Language Manual', 'grammar/README.md'),
    ),
    vscode.commands.registerCommand('archlens.openDocumentation', () =>
      showTitled('Archlens', 'docs/extension.md'),
    ),
  );
}
