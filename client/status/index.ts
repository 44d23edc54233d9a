import * as vscode from 'vscode';
import type { EngineStatus } from '../../server/engine/engine.ts';
import { engineStatus } from '../../server/protocol/protocol.ts';
import type { LanguageServer } from '../connection/language-server.ts';
import { statusText } from './status-text.ts';

/** The status item of the engine, shown while an architecture file is on the screen, and the actions behind it. */
export function registerStatus(server: LanguageServer): vscode.Disposable {
  const item = vscode.window.createStatusBarItem('archlens.engine', vscode.StatusBarAlignment.Right, 100);
  item.name = 'Archlens Engine';
  item.command = 'archlens.engineActions';
  let engine: EngineStatus | undefined;

  const update = (): void => {
    const { text, summary, detail, warning } = statusText(server.state, engine);
    item.text = text;
    item.tooltip = new vscode.MarkdownString(`${detail}\n\nClick for actions.`);
    item.accessibilityInformation = { label: summary };
    item.backgroundColor = warning ? new vscode.ThemeColor('statusBarItem.warningBackground') : undefined;
    // Also beside a score page that has the focus.
    if (vscode.window.visibleTextEditors.some(({ document }) => document.languageId === 'arch')) item.show();
    else item.hide();
  };
  update();

  return vscode.Disposable.from(
    item,
    server.onNotification(engineStatus, (status) => {
      engine = status;
      update();
    }),
    server.onState((state) => {
      if (state !== 'running') engine = undefined;
      update();
    }),
    vscode.window.onDidChangeVisibleTextEditors(update),
    vscode.commands.registerCommand('archlens.engineActions', () =>
      pickAction(statusText(server.state, engine).summary),
    ),
  );
}

interface Action extends vscode.QuickPickItem {
  readonly command: string;
  readonly args?: readonly unknown[];
}

async function pickAction(summary: string): Promise<void> {
  const actions: readonly Action[] = [
    { label: '$(play) Score Models Now', command: 'archlens.scoreNow' },
    { label: '$(debug-stop) Stop Scoring', command: 'archlens.stopScoring' },
    {
      label: '$(server-process) Choose Engine …',
      detail: 'Every engine of this machine with its device and speed, and why one cannot be used.',
      command: 'archlens.chooseEngine',
    },
    {
      label: '$(debug-restart) Restart Engine',
      detail: 'Ends the engine process; models set aside after a crash get another chance.',
      command: 'archlens.restartEngine',
    },
    { label: '$(output) Show Log', command: 'archlens.showLog' },
    {
      label: '$(gear) Engine Settings',
      command: 'workbench.action.openSettings',
      args: ['archlens.engine'],
    },
  ];
  const picked = await vscode.window.showQuickPick(actions, {
    title: summary,
    placeHolder: 'Engine actions',
  });
  if (picked !== undefined) await vscode.commands.executeCommand(picked.command, ...(picked.args ?? []));
}
