import * as vscode from 'vscode';
import type { EngineReport } from '../../server/engine/pool/report.ts';
import { engineReports, testEngines } from '../../server/protocol/protocol.ts';
import type { LanguageServer } from '../connection/language-server.ts';
import { engineItems } from './engine-items.ts';
import type { EngineItem } from './engine-items.ts';
import { engineChoice, takeEngine } from './engine-setting.ts';
import { installCuda } from './install-cuda.ts';
import { noticeText } from '../../server/base/notice-text.ts';

type Item = EngineItem & vscode.QuickPickItem;

/** The commands that choose an engine and install another. */
export function registerEngines(
  server: LanguageServer,
  context: vscode.ExtensionContext,
  log: vscode.LogOutputChannel,
): vscode.Disposable {
  const install = (): Promise<void> => installCuda(server, context, log);
  return vscode.Disposable.from(
    vscode.commands.registerCommand('archlens.chooseEngine', () => chooseEngine(server)),
    vscode.commands.registerCommand('archlens.installCudaEngine', install),
  );
}

/** Lists the engines at once and fills in what their tests say. */
async function chooseEngine(server: LanguageServer): Promise<void> {
  const pick = vscode.window.createQuickPick<Item>();
  pick.title = 'Archlens: Choose Engine';
  pick.placeholder = 'Testing the engines of this machine …';
  pick.matchOnDescription = true;
  pick.matchOnDetail = true;
  pick.busy = true;
  pick.keepScrollPosition = true;
  const show = (reports: readonly EngineReport[]): void => {
    const active = pick.activeItems[0]?.choice;
    const items = engineItems(reports, engineChoice()).map((item) => ({ ...item, alwaysShow: false }));
    pick.items = items;
    pick.activeItems = items.filter(({ choice }) => choice === active);
  };
  show([]);
  const listening = server.onNotification(engineReports, show);
  const tested = server.request(testEngines, {}).then((reports) => {
    pick.busy = false;
    if (reports !== undefined) show(reports);
    pick.placeholder =
      reports === undefined ? 'The language server does not answer.' : 'What scores are computed with';
  });
  const accepted = new Promise<Item | undefined>((resolve) => {
    pick.onDidAccept(() => {
      resolve(pick.selectedItems[0]);
      pick.hide();
    });
    pick.onDidHide(() => {
      resolve(undefined);
    });
  });
  pick.show();
  try {
    const item = await accepted;
    if (item !== undefined) await choose(item);
  } finally {
    listening.dispose();
    await tested;
    pick.dispose();
  }
}

async function choose(item: Item): Promise<void> {
  if (item.usable) {
    await takeEngine(item.choice);
    return;
  }
  const install = 'Install the CUDA Engine';
  const answer = await vscode.window.showWarningMessage(
    noticeText(`${item.choice} cannot be used. ${item.detail}`),
    ...(item.choice === 'tfjs-node-gpu' ? [install] : []),
  );
  if (answer === install) await vscode.commands.executeCommand('archlens.installCudaEngine');
}
