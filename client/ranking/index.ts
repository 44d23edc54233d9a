import * as vscode from 'vscode';
import type { LanguageServer } from '../connection/language-server.ts';
import { ArchitecturesView } from './architectures-view.ts';
import { registerRankingCommands } from './commands.ts';
import { Leaderboard } from './panel.ts';
import { RankingModel } from './ranking-model.ts';

/** The ranking of the workspace: the view "Architectures", its commands, and the leaderboard. */
export function registerRanking(context: vscode.ExtensionContext, server: LanguageServer): vscode.Disposable {
  const model = new RankingModel(server, context.workspaceState);
  const view = new ArchitecturesView(model);
  const leaderboard = new Leaderboard(model, context.extensionUri);
  return vscode.Disposable.from(
    model,
    view,
    leaderboard,
    registerRankingCommands(model, view, () => {
      leaderboard.show();
    }),
  );
}
