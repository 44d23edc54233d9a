import * as vscode from 'vscode';
import {
  alternativeScored,
  alternativesEnded,
  closeAlternatives,
  openAlternatives,
} from '../../server/protocol/what-if.ts';
import type { Alternative, Alternatives } from '../../server/protocol/what-if.ts';
import type { Verdict } from '../../server/search/what-if.ts';
import { Delayed } from '../../server/base/delayed.ts';
import type { LanguageServer } from '../connection/language-server.ts';
import { listItems } from './alternatives-items.ts';
import { noticeText } from '../../server/base/notice-text.ts';

interface Item extends vscode.QuickPickItem {
  readonly alternative?: Alternative;
}

/** Verdicts that arrive this close together (milliseconds) are drawn at once. */
const pause = 60;

/** What is known of a list. */
interface Early {
  readonly verdicts: Map<number, Verdict>;
  ended?: { readonly message?: string };
}

interface Shown extends Early {
  readonly document: vscode.TextDocument;
  /** Of the document, when the alternatives were made. */
  readonly version: number;
  readonly list: Alternatives;
  readonly pick: vscode.QuickPick<Item>;
  readonly drawing: Delayed;
}

/** The list of alternatives, which fills while they are scored; choosing one applies its edit. */
export class AlternativesPick implements vscode.Disposable {
  private readonly server: LanguageServer;
  private readonly subscriptions: vscode.Disposable;
  private shown: Shown | undefined;
  /** What arrives between the start of scoring and the answer to the request. */
  private readonly early = new Map<number, Early>();

  constructor(server: LanguageServer) {
    this.server = server;
    this.subscriptions = vscode.Disposable.from(
      server.onNotification(alternativeScored, ({ id, index, verdict }) => {
        this.stateOf(id).verdicts.set(index, verdict);
        this.schedule(id);
      }),
      server.onNotification(alternativesEnded, (end) => {
        this.stateOf(end.id).ended = end;
        this.schedule(end.id);
      }),
    );
  }

  async open(document: vscode.TextDocument, position: vscode.Position): Promise<void> {
    const { version } = document;
    this.early.clear();
    const params = {
      uri: document.uri.toString(),
      position: { line: position.line, character: position.character },
    };
    const list = await this.server.request(openAlternatives, params);
    if (list === undefined || typeof list === 'string') {
      const message = list ?? 'The language server is not running.';
      void vscode.window.showInformationMessage(noticeText(`Archlens: ${message}`));
      return;
    }
    if (list.alternatives.length === 0) {
      void this.server.request(closeAlternatives, { id: list.id });
      void vscode.window.showInformationMessage(
        noticeText(
          `Archlens: none of the ${list.leftOut} changes of ${list.about} fits where it would stand.`,
        ),
      );
      return;
    }
    const pick = vscode.window.createQuickPick<Item>();
    const drawing = new Delayed(pause, () => {
      draw(shown);
    });
    const shown: Shown = { document, version, list, pick, drawing, ...this.stateOf(list.id) };
    this.shown = shown;
    pick.matchOnDescription = true;
    pick.keepScrollPosition = true;
    pick.onDidAccept(() => {
      const [item] = pick.activeItems;
      if (item?.alternative === undefined) return;
      pick.hide();
      void apply(shown, item.alternative);
    });
    pick.onDidHide(() => {
      shown.drawing.cancel();
      pick.dispose();
      if (this.shown === shown) this.shown = undefined;
      if (shown.ended === undefined) void this.server.request(closeAlternatives, { id: list.id });
    });
    draw(shown);
    pick.show();
  }

  dispose(): void {
    this.shown?.pick.hide();
    this.subscriptions.dispose();
  }

  /** Of the list on the screen, or of one that is about to be shown. */
  private stateOf(id: number): Early {
    if (this.shown?.list.id === id) return this.shown;
    const early = this.early.get(id) ?? { verdicts: new Map<number, Verdict>() };
    this.early.set(id, early);
    return early;
  }

  private schedule(id: number): void {
    const { shown } = this;
    if (shown?.list.id !== id) return;
    shown.drawing.start();
  }
}

function draw({ pick, list, verdicts, ended }: Shown): void {
  const { title, progress, items } = listItems(list, verdicts, ended);
  const [active] = pick.activeItems;
  pick.title = title;
  pick.placeholder = progress;
  pick.busy = ended === undefined;
  // Until somebody moves, the best so far is the active one.
  const moved = active !== undefined && active !== pick.items.find((item) => item.alternative !== undefined);
  const drawn: Item[] = items.map(({ alternative, separator, ...item }) => ({
    ...item,
    ...(separator === true ? { kind: vscode.QuickPickItemKind.Separator } : {}),
    ...(alternative === undefined ? {} : { alternative }),
  }));
  pick.items = drawn;
  const same = moved ? drawn.find(({ alternative }) => alternative === active.alternative) : undefined;
  if (same !== undefined) pick.activeItems = [same];
}

async function apply({ document, version }: Shown, { edits, title }: Alternative): Promise<void> {
  if (document.version !== version) {
    void vscode.window.showWarningMessage(
      noticeText(
        `Archlens: the text has changed since the alternatives were made, so “${title}” was not applied. Try them again.`,
      ),
    );
    return;
  }
  const edit = new vscode.WorkspaceEdit();
  for (const { range, newText } of edits) {
    const { start, end } = range;
    edit.replace(
      document.uri,
      new vscode.Range(start.line, start.character, end.line, end.character),
      newText,
    );
  }
  await vscode.workspace.applyEdit(edit);
}
