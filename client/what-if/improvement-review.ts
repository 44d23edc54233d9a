import * as vscode from 'vscode';
import type { ImproveResult } from '../../server/protocol/what-if.ts';
import { costText } from '../../server/search/wording.ts';
import { proposalScheme } from '../editor/other-versions.ts';
import { noticeText } from '../../server/base/notice-text.ts';

interface Proposal {
  readonly page: vscode.Uri;
  readonly document: vscode.TextDocument;
  readonly text: string;
  readonly version: number;
}

/**
 * A diff of a file and its improvement, to be accepted or discarded by the buttons above it; until then nothing is
 * changed. A notification tells what was done, but does not ask: the editor could not take it back when the answer was
 * given elsewhere.
 */
export class ImprovementReview implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly subscriptions: vscode.Disposable;
  private proposal: Proposal | undefined;
  private count = 0;

  constructor() {
    this.subscriptions = vscode.Disposable.from(
      vscode.workspace.registerTextDocumentContentProvider(proposalScheme, this),
      vscode.window.tabGroups.onDidChangeTabs(({ closed }) => {
        if (closed.length > 0 && this.proposal !== undefined && tabsOf(this.proposal.page).length === 0)
          this.forget();
      }),
    );
    // The editor opens diffs again after a reload, but of these nothing is known any more.
    void vscode.window.tabGroups.close(tabsOf());
  }

  provideTextDocumentContent(page: vscode.Uri): string {
    return this.proposal?.page.toString() === page.toString() ? this.proposal.text : '';
  }

  /** @param more a button of the message that comes with the diff */
  async show(
    document: vscode.TextDocument,
    model: string,
    result: ImproveResult,
    more?: { readonly label: string; readonly run: () => void },
  ): Promise<void> {
    await this.discard();
    this.count += 1;
    const page = document.uri.with({ scheme: proposalScheme, query: String(this.count) });
    this.proposal = { page, document, text: result.text, version: result.version };
    await vscode.commands.executeCommand('setContext', 'archlens.improvement', true);
    const steps = `${result.steps.length} ${result.steps.length === 1 ? 'step' : 'steps'}`;
    await vscode.commands.executeCommand('vscode.diff', document.uri, page, `${model}: improved by ${steps}`);
    const cost = costText(result.before, result.after);
    const found = result.steps.map(({ title, verdict, worth }) =>
      [`${title}  ${verdict}`, ...(worth === undefined ? [] : [worth])].join(' · '),
    );
    // What is cut off where there is little room is in the diff, too.
    void vscode.window
      .showInformationMessage(
        noticeText(
          `Nothing is changed until you press Accept above the diff. ${model}: ${found.join('; ')} (${cost}).`,
        ),
        ...(more === undefined ? [] : [more.label]),
      )
      .then((answer) => {
        if (answer !== undefined) more?.run();
      });
  }

  async accept(): Promise<void> {
    const { proposal } = this;
    if (proposal === undefined) return;
    const { document, text, version } = proposal;
    if (document.version !== version) {
      void vscode.window.showWarningMessage(
        'Archlens: the text has changed since it was improved, so the improvement was not applied. Improve it again.',
      );
      return;
    }
    await this.discard();
    const edit = new vscode.WorkspaceEdit();
    const { range, replacement } = difference(document, text);
    edit.replace(document.uri, range, replacement);
    await vscode.workspace.applyEdit(edit);
    await vscode.window.showTextDocument(document);
  }

  async discard(): Promise<void> {
    const { proposal } = this;
    if (proposal === undefined) return;
    this.forget();
    await vscode.window.tabGroups.close(tabsOf(proposal.page));
  }

  dispose(): void {
    this.subscriptions.dispose();
  }

  private forget(): void {
    this.proposal = undefined;
    void vscode.commands.executeCommand('setContext', 'archlens.improvement', false);
  }
}

/** The diffs of an improvement, or of all. */
function tabsOf(page?: vscode.Uri): readonly vscode.Tab[] {
  return vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .filter(
      ({ input }) =>
        input instanceof vscode.TabInputTextDiff &&
        input.modified.scheme === proposalScheme &&
        (page === undefined || input.modified.toString() === page.toString()),
    );
}

/** What lies between the common beginning and the common end: places outside of it stay where they are. */
function difference(
  document: vscode.TextDocument,
  text: string,
): { readonly range: vscode.Range; readonly replacement: string } {
  const before = document.getText();
  const most = Math.min(before.length, text.length);
  let start = 0;
  while (start < most && before[start] === text[start]) start += 1;
  let end = 0;
  while (end < most - start && before.at(-1 - end) === text.at(-1 - end)) end += 1;
  return {
    range: new vscode.Range(document.positionAt(start), document.positionAt(before.length - end)),
    replacement: text.slice(start, text.length - end),
  };
}
