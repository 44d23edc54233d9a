import * as vscode from 'vscode';
import { picture } from '../../server/protocol/pictures.ts';
import { scoreNow, settleCommand } from '../../server/protocol/protocol.ts';
import type { Cursor } from '../../server/plot/cursor.ts';
import type { Place } from '../../server/plot/picture.ts';
import type { LanguageServer } from '../connection/language-server.ts';
import { requestExport } from '../webview/save.ts';
import { WebviewHost } from '../webview/webview-host.ts';
import { chooseOverlays, overlay } from './compare.ts';
import type { OpenModels } from './models.ts';
import { fromPage } from './protocol.ts';
import type { FromPage, Target, ToPage, View } from './protocol.ts';
import { save } from './save.ts';
import { versionName } from './versions.ts';
import type { Versions } from './versions.ts';
import { noticeText } from '../../server/base/notice-text.ts';

/** What panels share. */
export interface PanelSurroundings {
  readonly extension: vscode.Uri;
  readonly server: LanguageServer;
  readonly versions: Versions;
  readonly models: OpenModels;
}

export const viewType = 'archlens.spectrum';
const page = { bundle: 'panel', title: 'Spectrum' };

/** One panel: follows the model at the cursor, or stays with its own. */
export class SpectrumPanel implements vscode.Disposable {
  readonly panel: vscode.WebviewPanel;
  private readonly with: PanelSurroundings;
  private readonly host: WebviewHost<ToPage, FromPage>;
  private view: View;
  private cursor: Cursor | undefined;
  /** Models to be laid over that have no picture yet. */
  private awaited: readonly Target[] = [];
  /** Raised by every request: only the answer to the last one counts. */
  private asked = 0;

  /** @param panel new, or given back by the editor after a reload */
  constructor(panel: vscode.WebviewPanel, view: View, surroundings: PanelSurroundings) {
    this.panel = panel;
    this.with = surroundings;
    const icon = (theme: string): vscode.Uri =>
      vscode.Uri.joinPath(surroundings.extension, 'media', `file-${theme}.svg`);
    panel.iconPath = { light: icon('light'), dark: icon('dark') };
    this.view = view;
    this.host = new WebviewHost<ToPage, FromPage>(panel, {
      extension: surroundings.extension,
      page,
      messages: fromPage,
      onReady: () => {
        this.post();
        if (this.cursor !== undefined) this.host.post({ kind: 'cursor', cursor: this.cursor });
      },
      onMessage: (message) => {
        void this.receive(message);
      },
    });
    void this.refresh();
  }

  get target(): Target | undefined {
    return this.view.target;
  }

  get locked(): boolean {
    return this.view.locked;
  }

  /** Shows another model, with what is laid over. */
  async show(target: Target): Promise<void> {
    const { target: now, overlays, locked } = this.view;
    if (now?.uri === target.uri && now.model === target.model) return;
    this.view = { target, file: fileName(target), locked, overlays };
    await this.refresh();
  }

  /** The pictures of a document have changed, or the server is back. */
  async refresh(): Promise<void> {
    const { target } = this.view;
    const number = ++this.asked;
    this.panel.title = target === undefined ? 'Spectrum' : `${target.model} Spectrum`;
    if (target !== undefined) {
      const answer = await this.with.server.request(picture, target);
      // Of a server that is not running nothing is known; what is shown stays.
      if (number !== this.asked || answer === undefined) return;
      this.view = { ...this.view, answer };
      if (answer !== null) this.with.versions.record(target, answer);
    }
    this.post();
  }

  /** The file of the model has another name now. */
  async rename(uri: string): Promise<void> {
    const { target } = this.view;
    if (target === undefined) return;
    const renamed = { ...target, uri };
    this.view = { ...this.view, target: renamed, file: fileName(renamed) };
    await this.refresh();
  }

  /** Lays other models over, each as soon as it has a picture. */
  async compareWith(targets: readonly Target[]): Promise<void> {
    this.awaited = targets;
    await this.layAwaited();
  }

  /** Pictures of other models may be there now. */
  async layAwaited(): Promise<void> {
    for (const target of this.awaited) {
      const answer = await this.with.server.request(picture, target);
      if (answer?.picture === undefined) continue;
      this.awaited = this.awaited.filter((other) => other !== target);
      this.lay([overlay(target.model, answer.picture)]);
    }
  }

  moveCursor(cursor: Cursor): void {
    this.cursor = cursor;
    this.host.post({ kind: 'cursor', cursor });
  }

  dispose(): void {
    this.asked += 1;
    this.host.dispose();
  }

  private post(): void {
    this.host.post({ kind: 'view', view: this.view });
  }

  private async receive(message: FromPage): Promise<void> {
    const { target, overlays, answer } = this.view;
    if (target === undefined) return;
    switch (message.kind) {
      case 'reveal':
        await reveal(message.place);
        break;
      case 'lock':
        this.change({ locked: message.locked });
        break;
      case 'pin':
        if (answer?.picture !== undefined) {
          const name = versionName({ uri: target.uri, picture: answer.picture, time: Date.now() });
          this.lay([overlay(name, answer.picture)]);
        }
        break;
      case 'compare': {
        const { versions, models, server } = this.with;
        const current = answer?.picture?.origin.key;
        this.lay((await chooseOverlays(target, current, versions, models, server)) ?? []);
        break;
      }
      case 'remove':
        this.change({ overlays: overlays.filter(({ id }) => id !== message.id) });
        break;
      case 'choose-export':
        await requestExport((request) => {
          this.host.post(request);
        });
        break;
      case 'exported':
        await save(target, message.format, message.data);
        break;
      case 'score':
        await this.with.server.request(scoreNow, target);
        break;
      case 'settle':
        await vscode.commands.executeCommand(settleCommand, target.uri, target.model);
        break;
      case 'open':
        await open(target);
        break;
    }
  }

  /** Adds pictures to those that are laid over already. */
  private lay(more: readonly View['overlays'][number][]): void {
    const { overlays } = this.view;
    const added = more.filter(({ id }) => !overlays.some((other) => other.id === id));
    if (added.length > 0) this.change({ overlays: [...overlays, ...added] });
  }

  private change(part: Partial<View>): void {
    this.view = { ...this.view, ...part };
    this.post();
  }
}

export function fileName({ uri }: Target): string {
  return vscode.Uri.parse(uri).path.split('/').at(-1) ?? uri;
}

/** Selects a place in its editor, or in one beside the panel. */
async function reveal({ uri, start, end }: Place): Promise<void> {
  const resource = vscode.Uri.parse(uri);
  const selection = new vscode.Range(start.line, start.character, end.line, end.character);
  const shown = vscode.window.visibleTextEditors.find(
    ({ document }) => document.uri.toString() === resource.toString(),
  );
  await vscode.window.showTextDocument(resource, {
    selection,
    viewColumn: shown?.viewColumn ?? columnOf(resource) ?? vscode.ViewColumn.One,
  });
}

/** Where a file has a tab already. */
function columnOf(resource: vscode.Uri): vscode.ViewColumn | undefined {
  const hasTab = (group: vscode.TabGroup): boolean =>
    group.tabs.some(
      ({ input }) => input instanceof vscode.TabInputText && input.uri.toString() === resource.toString(),
    );
  return vscode.window.tabGroups.all.find(hasTab)?.viewColumn;
}

async function open(target: Target): Promise<void> {
  try {
    const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(target.uri));
    await vscode.window.showTextDocument(document, vscode.ViewColumn.One);
  } catch {
    void vscode.window.showInformationMessage(noticeText(`${fileName(target)} is not there any more.`));
  }
}
