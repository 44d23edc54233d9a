import * as vscode from 'vscode';
import { formatBytes, plural } from '../../server/base/quantities.ts';
import { clearStore, restartEngine, scoreNow, stopScoring } from '../../server/protocol/protocol.ts';
import type { StoreSize } from '../../server/store/entry-folder.ts';
import type { LanguageServer } from '../connection/language-server.ts';
import { activeDocument } from '../editor/model-at-cursor.ts';
import { isOtherVersion, noModelText } from '../editor/other-versions.ts';
import { noticeText } from '../../server/base/notice-text.ts';

/** Commands that act on the engine, the server or all models of a document. */
export function registerCommands(server: LanguageServer, log: vscode.LogOutputChannel): vscode.Disposable {
  const commands: Readonly<Record<string, () => unknown>> = {
    'archlens.scoreNow': async () => {
      const document = activeDocument();
      if (document === undefined) return;
      const count = await server.request(scoreNow, { uri: document.uri.toString() });
      const { scheme } = document.uri;
      if (count === 0)
        vscode.window.setStatusBarMessage(
          isOtherVersion(scheme) ? noModelText(scheme) : 'Archlens: no model in this file can be scored.',
          4000,
        );
    },
    'archlens.stopScoring': () => server.ask(stopScoring),
    'archlens.restartEngine': () => server.ask(restartEngine),
    'archlens.clearStore': async () => {
      const removed = await server.ask(clearStore);
      if (removed !== undefined && removed !== null)
        void vscode.window.showInformationMessage(noticeText(clearedText(removed)));
    },
    'archlens.restartServer': () => server.restart(),
    'archlens.showLog': () => {
      log.show();
    },
  };
  return vscode.Disposable.from(
    ...Object.entries(commands).map(([name, run]) => vscode.commands.registerCommand(name, run)),
  );
}

function clearedText({ entries, bytes }: StoreSize): string {
  if (entries === 0) return 'There were no stored scores.';
  return `Removed ${plural(entries, 'stored result')} (${formatBytes(bytes)}).`;
}
