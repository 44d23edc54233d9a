import * as vscode from 'vscode';
import {
  scoreModelCommand,
  scoreNow,
  scores,
  settleCommand,
  showScoreCommand,
} from '../../server/protocol/protocol.ts';
import type { LanguageServer } from '../connection/language-server.ts';
import { activeDocument, modelAtCursor } from '../editor/model-at-cursor.ts';
import { noModelText } from '../editor/other-versions.ts';
import { completeStep } from '../walkthrough/steps.ts';
import { ScorePages } from './score-pages.ts';
import { settleModel } from './settle.ts';

/** The commands behind the lenses, and the pages they open. */
export function registerCodeLens(server: LanguageServer): vscode.Disposable {
  const pages = new ScorePages(server);
  /** Per document, how many models are being scored. */
  const busy = new Map<string, number>();

  const show = async (uri?: unknown, model?: unknown): Promise<void> => {
    const target =
      typeof uri === 'string' && typeof model === 'string' ? { uri, model } : await modelAtCursor(server);
    if (target === undefined)
      vscode.window.setStatusBarMessage(noModelText(activeDocument()?.uri.scheme ?? ''), 4000);
    else await pages.open(target);
  };
  const scoreModel = async (uri: unknown, model: unknown): Promise<void> => {
    if (typeof uri === 'string' && typeof model === 'string') await server.request(scoreNow, { uri, model });
  };
  const settle = async (uri?: unknown, model?: unknown): Promise<void> => {
    const target =
      typeof uri === 'string' && typeof model === 'string' ? { uri, model } : await modelAtCursor(server);
    if (target === undefined)
      vscode.window.setStatusBarMessage(noModelText(activeDocument()?.uri.scheme ?? ''), 4000);
    else await settleModel(server, target);
  };

  return vscode.Disposable.from(
    pages,
    vscode.commands.registerCommand(showScoreCommand, show),
    vscode.commands.registerCommand(scoreModelCommand, scoreModel),
    vscode.commands.registerCommand(settleCommand, settle),
    server.onNotification(scores, ({ uri, models }) => {
      const count = models.filter(({ state }) => state === 'computing' || state === 'refining').length;
      if (count > 0) busy.set(uri, count);
      else busy.delete(uri);
      void vscode.commands.executeCommand('setContext', 'archlens.scoring', busy.size > 0);
      if (models.some(({ state }) => state === 'current')) completeStep('scored');
      pages.refresh(uri);
    }),
    server.onState((state) => {
      if (state === 'running') return;
      busy.clear();
      void vscode.commands.executeCommand('setContext', 'archlens.scoring', false);
    }),
  );
}
