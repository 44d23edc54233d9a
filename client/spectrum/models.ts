import * as vscode from 'vscode';
import { scores } from '../../server/protocol/protocol.ts';
import type { ModelStatus } from '../../server/protocol/protocol.ts';
import type { LanguageServer } from '../connection/language-server.ts';
import type { Target } from './protocol.ts';

/** A model in an open file. */
export interface OpenModel extends Target {
  /** As on the lens. */
  readonly title: string;
}

/** What the server tells of the models in open files. */
export class OpenModels implements vscode.Disposable {
  private readonly byUri = new Map<string, readonly ModelStatus[]>();
  private readonly subscription: vscode.Disposable;

  constructor(server: LanguageServer) {
    this.subscription = vscode.Disposable.from(
      server.onNotification(scores, ({ uri, models }) => {
        if (models.length === 0) this.byUri.delete(uri);
        else this.byUri.set(uri, models);
      }),
      server.onState((state) => {
        if (state !== 'running') this.byUri.clear();
      }),
    );
  }

  all(): OpenModel[] {
    return [...this.byUri].flatMap(([uri, models]) =>
      models.map(({ name, title }) => ({ uri, model: name, title })),
    );
  }

  dispose(): void {
    this.subscription.dispose();
  }
}
