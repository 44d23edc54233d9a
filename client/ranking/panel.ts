import * as vscode from 'vscode';
import { requestExport, saveFile } from '../webview/save.ts';
import { SinglePanel } from '../webview/single-panel.ts';
import { openModel } from './open-model.ts';
import { fromLeaderboard } from './protocol.ts';
import type { FromLeaderboard, ToLeaderboard } from './protocol.ts';
import type { RankingModel } from './ranking-model.ts';

/** The one leaderboard panel. */
export class Leaderboard implements vscode.Disposable {
  private readonly model: RankingModel;
  private readonly panel: SinglePanel<ToLeaderboard, FromLeaderboard>;
  private readonly subscriptions: vscode.Disposable;

  constructor(model: RankingModel, extension: vscode.Uri) {
    this.model = model;
    this.panel = new SinglePanel({
      viewType: 'archlens.leaderboard',
      extension,
      page: { bundle: 'leaderboard', title: 'Leaderboard' },
      messages: fromLeaderboard,
      onReady: () => {
        this.post();
      },
      onMessage: (message) => {
        void this.receive(message);
      },
      onRestore: () => {
        void model.open();
        return true;
      },
    });
    this.subscriptions = vscode.Disposable.from(
      this.panel,
      model.onChange(() => {
        this.post();
      }),
      model.onSelected((where) => {
        if (where === 'tree') this.post();
      }),
    );
  }

  show(): void {
    this.panel.show('Leaderboard');
    void this.model.open();
  }

  dispose(): void {
    this.subscriptions.dispose();
  }

  private post(): void {
    if (!this.panel.isVisible) return;
    const { progress, state, selected, columns } = this.model;
    const { sort, filter, mergeTasks } = state;
    const view = { entries: this.model.all(), progress, sort, filter, mergeTasks, columns };
    this.panel.post({ kind: 'view', view: selected === undefined ? view : { ...view, selected } });
  }

  private async receive(message: FromLeaderboard): Promise<void> {
    switch (message.kind) {
      case 'sort':
        this.model.change({ sort: message.column });
        break;
      case 'filter':
        this.model.change({ filter: message.filter });
        break;
      case 'merge-tasks':
        this.model.change({ mergeTasks: message.merge });
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
      case 'settle':
        await this.model.score([message.id]);
        break;
      case 'choose-columns':
        await vscode.commands.executeCommand('archlens.ranking.columns');
        break;
      case 'show-better':
        this.model.showBetter(message.name);
        break;
      case 'start':
        await this.model.start();
        break;
      case 'stop':
        await this.model.stop();
        break;
      case 'choose-export':
        await requestExport((request) => {
          this.panel.post(request);
        });
        break;
      case 'exported':
        await saveFile('leaderboard', message.format, message.data);
        break;
    }
  }
}
