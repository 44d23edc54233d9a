import * as vscode from 'vscode';
import {
  alternativeScored,
  alternativesEnded,
  closeAlternatives,
  openAlternatives,
  resolveAlternative,
  resolveProgress,
} from '../../server/protocol/what-if.ts';
import type { Alternative, Alternatives, ImproveResult } from '../../server/protocol/what-if.ts';
import type { Verdict } from '../../server/search/what-if.ts';
import { Delayed } from '../../server/base/delayed.ts';
import type { LanguageServer } from '../connection/language-server.ts';
import { listItems, type Resolving } from './alternatives-items.ts';
import type { KindsChoice } from './kinds-choice.ts';
import { noticeText } from '../../server/base/notice-text.ts';

interface Item extends vscode.QuickPickItem {
  readonly alternative?: Alternative;
  readonly index?: number;
}

const resolveButton: vscode.QuickInputButton = {
  iconPath: new vscode.ThemeIcon('beaker'),
  tooltip: 'Resolve: more seeds, until it is decided',
};
const stopButton: vscode.QuickInputButton = {
  iconPath: new vscode.ThemeIcon('debug-stop'),
  tooltip: 'Stop adding seeds',
};
const kindsButton: vscode.QuickInputButton = {
  iconPath: new vscode.ThemeIcon('checklist'),
  tooltip: 'Choose which kinds of changes are tried',
};

/** Verdicts that arrive this close together (milliseconds) are drawn at once. */
const pause = 60;

/** What is known of a list. */
interface Early {
  readonly verdicts: Map<number, Verdict>;
  ended?: { readonly message?: string };
  resolving?: Resolving;
}

interface Shown extends Early {
  readonly document: vscode.TextDocument;
  /** Of the document, when the alternatives were made. */
  readonly version: number;
  /** The text that the edits are of; absent: that of `version`. */
  readonly text?: string;
  readonly list: Alternatives;
  readonly pick: vscode.QuickPick<Item>;
  readonly drawing: Delayed;
  /** Stops adding seeds. */
  stop?: vscode.CancellationTokenSource;
  /** Asks which kinds of changes are tried. */
  readonly choose?: () => Promise<void>;
}

/** The list of alternatives, which fills while they are scored; choosing one applies its edit. */
export class AlternativesPick implements vscode.Disposable {
  private readonly server: LanguageServer;
  private readonly subscriptions: vscode.Disposable;
  private readonly choice: KindsChoice;
  private shown: Shown | undefined;
  /** What arrives between the start of scoring and the answer to the request. */
  private readonly early = new Map<number, Early>();

  constructor(server: LanguageServer, choice: KindsChoice) {
    this.server = server;
    this.choice = choice;
    this.subscriptions = vscode.Disposable.from(
      server.onNotification(alternativeScored, ({ id, index, verdict }) => {
        this.stateOf(id).verdicts.set(index, verdict);
        this.schedule(id);
      }),
      server.onNotification(alternativesEnded, (end) => {
        this.stateOf(end.id).ended = end;
        this.schedule(end.id);
      }),
      server.onNotification(resolveProgress, ({ id, index, done, total, seeds, most }) => {
        const state = this.stateOf(id);
        if (state.resolving?.index !== index) return;
        state.resolving = { index, done: done / total, seeds, most };
        this.schedule(id);
      }),
    );
  }

  async open(document: vscode.TextDocument, position: vscode.Position): Promise<void> {
    const { version } = document;
    this.early.clear();
    const params = {
      uri: document.uri.toString(),
      position: { line: position.line, character: position.character },
      kinds: this.choice.kinds,
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
    this.show({ document, version, list }, async () => {
      const kinds = await this.choice.ask(`Alternatives to ${list.about}: what may change?`);
      if (kinds !== undefined) await this.open(document, position);
    });
  }

  /** Shows what an improvement tried last. @param text that the edits are of */
  showTried(
    document: vscode.TextDocument,
    text: string,
    { list, verdicts }: NonNullable<ImproveResult['last']>,
  ): void {
    this.early.clear();
    this.early.set(list.id, { verdicts: new Map(verdicts.entries()), ended: {} });
    this.show({ document, version: document.version, text, list });
  }

  /** Buttons of the title: what is clicked there is not drawn anew while seeds come in. */
  private titleButtons({ pick, choose, resolving }: Shown): void {
    pick.buttons = [
      ...(resolving === undefined ? [] : [stopButton]),
      ...(choose === undefined ? [] : [kindsButton]),
    ];
  }

  private show(
    of: Pick<Shown, 'document' | 'version' | 'text' | 'list'>,
    choose?: () => Promise<void>,
  ): void {
    const { list } = of;
    const pick = vscode.window.createQuickPick<Item>();
    const drawing = new Delayed(pause, () => {
      draw(shown);
    });
    const shown: Shown = {
      ...of,
      pick,
      drawing,
      ...(choose === undefined ? {} : { choose }),
      ...this.stateOf(list.id),
    };
    this.shown = shown;
    pick.matchOnDescription = true;
    pick.keepScrollPosition = true;
    this.titleButtons(shown);
    pick.onDidTriggerButton((button) => {
      if (button === stopButton) {
        shown.stop?.cancel();
        return;
      }
      pick.hide();
      void choose?.();
    });
    pick.onDidTriggerItemButton(({ item: { index } }) => {
      if (index !== undefined) void this.resolve(shown, index);
    });
    pick.onDidAccept(() => {
      const [item] = pick.activeItems;
      if (item?.alternative === undefined) return;
      pick.hide();
      void apply(shown, item.alternative);
    });
    pick.onDidHide(() => {
      shown.drawing.cancel();
      shown.stop?.cancel();
      pick.dispose();
      if (this.shown === shown) this.shown = undefined;
      void this.server.request(closeAlternatives, { id: list.id });
    });
    draw(shown);
    pick.show();
  }

  /** Adds seeds to one alternative; to one at a time, as there is one engine. */
  private async resolve(shown: Shown, index: number): Promise<void> {
    shown.stop?.cancel();
    const stop = new vscode.CancellationTokenSource();
    shown.stop = stop;
    shown.resolving = { index, done: 0, seeds: 0, most: 0 };
    this.titleButtons(shown);
    shown.drawing.start();
    const { id } = shown.list;
    const message = await this.server.request(resolveAlternative, { id, index }, stop.token);
    if (shown.stop !== stop) return;
    delete shown.stop;
    delete shown.resolving;
    if (this.shown === shown) this.titleButtons(shown);
    if (typeof message === 'string')
      void vscode.window.showWarningMessage(noticeText(`Archlens: ${message}`));
    if (this.shown === shown) shown.drawing.start();
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

function draw(shown: Shown): void {
  const { pick, list, ended } = shown;
  const { title, progress, items } = listItems(list, shown);
  const [active] = pick.activeItems;
  pick.title = title;
  pick.placeholder = progress;
  pick.busy = ended === undefined || shown.resolving !== undefined;
  // Until somebody moves, the best so far is the active one.
  const moved = active !== undefined && active !== pick.items.find((item) => item.alternative !== undefined);
  const drawn: Item[] = items.map(({ alternative, separator, canResolve, index, ...item }) => ({
    ...item,
    ...(separator === true ? { kind: vscode.QuickPickItemKind.Separator } : {}),
    ...(alternative === undefined ? {} : { alternative }),
    ...(index === undefined ? {} : { index }),
    ...(canResolve === true ? { buttons: [resolveButton] } : {}),
  }));
  pick.items = drawn;
  const same = moved ? drawn.find(({ alternative }) => alternative === active.alternative) : undefined;
  if (same !== undefined) pick.activeItems = [same];
}

async function apply({ document, version, text }: Shown, { edits, title }: Alternative): Promise<void> {
  if (text === undefined ? document.version !== version : document.getText() !== text) {
    void vscode.window.showWarningMessage(
      noticeText(
        `Archlens: the text is not the one that the alternatives were made for, so “${title}” was not applied. Try them again.`,
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
