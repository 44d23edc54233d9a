import * as vscode from 'vscode';
import { noticeText } from '../../server/base/notice-text.ts';
import { formatTimeLeft } from '../../server/base/quantities.ts';
import { settle, settleProgress } from '../../server/protocol/protocol.ts';
import type { SettleProgress, SettleResult } from '../../server/protocol/protocol.ts';
import type { LanguageServer } from '../connection/language-server.ts';

/** Settles the score of a model, with progress that can be cancelled; the draws made by then are kept. */
export async function settleModel(
  server: LanguageServer,
  place: { readonly uri: string; readonly model: string },
): Promise<void> {
  const { uri, model } = place;
  const result = await vscode.window.withProgress<SettleResult | null | undefined>(
    {
      location: vscode.ProgressLocation.Notification,
      title: noticeText(`Settling the score of ${model}`),
      cancellable: true,
    },
    async (progress, token) => {
      let shown = 0;
      const listening = server.onNotification(settleProgress, (news) => {
        if (news.uri !== uri || news.model !== model) return;
        const share = (100 * news.done) / news.total;
        progress.report({ message: progressText(news), increment: share - shown });
        shown = share;
      });
      try {
        return await server.request(settle, { uri, model }, token);
      } finally {
        listening.dispose();
      }
    },
  );
  if (result === null)
    void vscode.window.showInformationMessage(
      noticeText(`Archlens: ${model} has errors: correct them first.`),
    );
  else if (result?.end === 'failed')
    void vscode.window.showWarningMessage(
      noticeText(`Archlens: ${model} could not be settled. ${result.message ?? ''}`),
    );
}

function progressText({ done, total, seconds }: SettleProgress): string {
  const rest = seconds === undefined ? '' : `, about ${formatTimeLeft(1000 * seconds)} left`;
  return `${done} of ${total} seeds${rest}`;
}
