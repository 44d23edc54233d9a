import { readFile } from 'node:fs/promises';
import { realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import * as vscode from 'vscode';
import type { LanguageClientOptions } from 'vscode-languageclient/node';

/**
 * Of the files that come with the extension and are imported by name; a document of such a scheme cannot be changed. The menus of
 * `package.json` leave it out.
 */
const scheme = 'archlens';

/**
 * The files that imports like `"archlens:blocks"` lead to. The server knows them as files of the package, as every editor can show
 * these; here they are documents that cannot be changed, because a change would be lost with the next version.
 */
export class LibraryDocuments implements vscode.TextDocumentContentProvider {
  readonly #folder: string;

  constructor(extension: vscode.Uri) {
    const folder = join(extension.fsPath, 'library');
    // The server sees the folder that links lead to.
    this.#folder = vscode.Uri.file(realpathSync.native(folder)).fsPath;
  }

  register(): vscode.Disposable {
    return vscode.workspace.registerTextDocumentContentProvider(scheme, this);
  }

  async provideTextDocumentContent({ path }: vscode.Uri): Promise<string> {
    return await readFile(join(this.#folder, basename(path)), 'utf8');
  }

  /** What the server and the editor call these files. */
  readonly uriConverters: NonNullable<LanguageClientOptions['uriConverters']> = {
    code2Protocol: (uri) =>
      (uri.scheme === scheme ? vscode.Uri.file(join(this.#folder, basename(uri.path))) : uri).toString(),
    protocol2Code: (value) => {
      const uri = vscode.Uri.parse(value);
      return uri.scheme === 'file' && dirname(uri.fsPath) === this.#folder
        ? vscode.Uri.from({ scheme, path: `/${basename(uri.fsPath)}` })
        : uri;
    },
  };
}
