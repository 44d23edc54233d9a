import * as vscode from 'vscode';
import { scoreDetails } from '../../server/protocol/protocol.ts';
import type { LanguageServer } from '../connection/language-server.ts';

const scheme = 'archlens-score';

interface Target {
  readonly uri: string;
  readonly model: string;
}

/** Read-only pages with everything known of a model's score; an open page follows the score. */
export class ScorePages implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly server: LanguageServer;
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  private readonly registration: vscode.Disposable;
  readonly onDidChange = this.changed.event;

  constructor(server: LanguageServer) {
    this.server = server;
    this.registration = vscode.workspace.registerTextDocumentContentProvider(scheme, this);
  }

  async open(target: Target): Promise<void> {
    const page = pageUri(target);
    // Without the built-in Markdown extension the page is shown as text.
    if (vscode.extensions.getExtension('vscode.markdown-language-features') !== undefined)
      await vscode.commands.executeCommand('markdown.showPreviewToSide', page);
    else
      await vscode.window.showTextDocument(page, {
        viewColumn: vscode.ViewColumn.Beside,
        preserveFocus: true,
      });
  }

  /** The scores of a document have changed. */
  refresh(uri: string): void {
    for (const document of vscode.workspace.textDocuments)
      if (document.uri.scheme === scheme && targetOf(document.uri)?.uri === uri)
        this.changed.fire(document.uri);
  }

  async provideTextDocumentContent(page: vscode.Uri): Promise<string> {
    const target = targetOf(page);
    const details = target === undefined ? undefined : await this.server.request(scoreDetails, target);
    return details?.markdown ?? 'This model is not in an open file any more.';
  }

  dispose(): void {
    this.registration.dispose();
    this.changed.dispose();
  }
}

function pageUri({ uri, model }: Target): vscode.Uri {
  return vscode.Uri.from({
    scheme,
    path: `/${model} score.md`,
    query: new URLSearchParams({ uri, model }).toString(),
  });
}

function targetOf(page: vscode.Uri): Target | undefined {
  const query = new URLSearchParams(page.query);
  const uri = query.get('uri');
  const model = query.get('model');
  return uri === null || model === null ? undefined : { uri, model };
}
