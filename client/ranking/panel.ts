import * as vscode from 'vscode';
import { requestExport, saveFile } from '../webview/save.ts';
import { pageOptions } from '../webview/html.ts';
import { WebviewHost } from '../webview/webview-host.ts';
import { openModel } from './open-model.ts';
import { fromLeaderboard } from './protocol.ts';
import type { FromLeaderboard, ToLeaderboard } from './protocol.ts';
import type { RankingModel } from './ranking-model.ts';

const viewType = 'archlens.leaderboard';
const page = { bundle: 'leaderboard', title: 'Leaderboard' };

/** The one leaderboard panel: opened on request, given back after a reload. */
export class Leaderboard implements vscode.Disposable {
  private readonly model: RankingModel;
  private readonly extension: vscode.Uri;
  private readonly subscriptions: vscode.Disposable;
  private host: WebviewHost<ToLeaderboard, FromLeaderboard> | undefined;

  constructor(model: RankingModel, extension: vscode.Uri) {
    this.model = model;
    this.extension = extension;
    this.subscriptions = vscode.Disposable.from(
      model.onChange(() => {
        this.post();
      }),
      model.onSelected((where) => {
        if (where === 'tree') this.post();
      }),
      vscode.window.registerWebviewPanelSerializer(viewType, {
        deserializeWebviewPanel: (panel) => {
          this.adopt(panel);
          return Promise.resolve();
        },
      }),
    );
  }

  show(): void {
    if (this.host !== undefined) {
      this.host.panel.reveal();
      return;
    }
    this.adopt(
      vscode.window.createWebviewPanel(
        viewType,
        'Leaderboard',
        vscode.ViewColumn.Active,
        pageOptions(this.extension),
      ),
    );
  }

  dispose(): void {
    this.host?.dispose();
    this.subscriptions.dispose();
  }

  private adopt(panel: vscode.WebviewPanel): void {
    this.host?.dispose();
    const host = new WebviewHost<ToLeaderboard, FromLeaderboard>(panel, {
      extension: this.extension,
      page,
      messages: fromLeaderboard,
      onReady: () => {
        this.post();
      },
      onMessage: (message) => {
        void this.receive(message);
      },
    });
    this.host = host;
    panel.onDidDispose(() => {
      if (this.host !== host) return;
      this.host = undefined;
      host.dispose();
    });
    void this.model.open();
  }

  private post(): void {
    if (this.host?.panel.visible !== true) return;
    const { progress, state, selected, columns } = this.model;
    const { sort, filter } = state;
    const view = { entries: this.model.all(), progress, sort, filter, columns };
    this.host.post({ kind: 'view', view: selected === undefined ? view : { ...view, selected } });
  }

  private async receive(message: FromLeaderboard): Promise<void> {
    switch (message.kind) {
      case 'sort':
        this.model.change({ sort: message.column });
        break;
      case 'filter':
        this.model.change({ filter: message.filter });
        break;
      case 'select':
        this.model.select(message.id, 'leaderboard');
        this.post();
        break;
      case 'open': {
        const entry = this.model.get(message.id);
        if (entry !== undefined) await openModel(entry);
        break;
      }
      case 'choose-columns':
        await vscode.commands.executeCommand('archlens.ranking.columns');
        break;
      case 'start':
        await this.model.start();
        break;
      case 'stop':
        await this.model.stop();
        break;
      case 'choose-export':
        await requestExport((request) => this.host?.post(request));
        break;
      case 'exported':
        await saveFile('leaderboard', message.format, message.data);
        break;
    }
  }
}
