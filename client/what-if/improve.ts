import * as vscode from 'vscode';
import { formatCount, plural } from '../../server/base/quantities.ts';
import { improveModel, improveProgress, modelTotals } from '../../server/protocol/what-if.ts';
import type { ImproveResult } from '../../server/protocol/what-if.ts';
import type { NetworkTotals } from '../../server/network/network.ts';
import { parseBudget } from '../../server/ranking/filter.ts';
import type { Budget } from '../../server/search/strategies/improve.ts';
import type { LanguageServer } from '../connection/language-server.ts';
import { activeDocument, modelAtCursor } from '../editor/model-at-cursor.ts';
import type { ImprovementReview } from './improvement-review.ts';
import { noticeText } from '../../server/base/notice-text.ts';

/** Steps after which a look at what was done is due. */
const mostSteps = 5;

/** Asks for a budget, improves the model at the cursor, and shows what that would change. */
export async function improveActive(server: LanguageServer, review: ImprovementReview): Promise<void> {
  const document = activeDocument();
  if (document === undefined) return;
  const place = await modelAtCursor(server, document);
  if (place === undefined) {
    void vscode.window.showInformationMessage('Archlens: there is no model in this file.');
    return;
  }
  const { uri, model } = place;
  const totals = await server.request(modelTotals, { uri, model });
  if (totals === undefined || totals === null) {
    void vscode.window.showInformationMessage(
      noticeText(`Archlens: ${model} has errors: correct them first.`),
    );
    return;
  }
  const budget = await askBudget(model, totals);
  if (budget === undefined) return;
  const result = await withProgress(server, model, (token) =>
    server.request(improveModel, { uri, model, budget, steps: mostSteps }, token),
  );
  if (result === undefined || result === null) return;
  if (result.steps.length === 0) {
    void vscode.window.showInformationMessage(
      noticeText(`Archlens: ${model} stays as it is. ${endText(result)}`),
    );
    return;
  }
  if (result.end !== 'cancelled' || (await wantsSteps(model, result)))
    await review.show(document, model, result);
}

/** Who cancels wants to see nothing more, but may ask for what was reached until then. */
async function wantsSteps(model: string, { steps }: ImproveResult): Promise<boolean> {
  const count = plural(steps.length, 'step');
  const show = 'Show What Was Found';
  const answer = await vscode.window.showInformationMessage(
    noticeText(`Archlens: ${model} stays as it is. It was cancelled after ${count}: ${steps.join('; ')}.`),
    show,
  );
  return answer === show;
}

async function askBudget(model: string, totals: NetworkTotals): Promise<Budget | undefined> {
  const maxParams = await askAmount(model, 'parameters', totals.params, 1);
  if (maxParams === undefined) return undefined;
  const maxMacs = await askAmount(model, 'multiply-accumulates', totals.macs, 2);
  return maxMacs === undefined ? undefined : { maxParams, maxMacs };
}

async function askAmount(
  model: string,
  noun: string,
  now: number,
  step: number,
): Promise<number | undefined> {
  const answer = await vscode.window.showInputBox({
    title: `Improve ${model} (${step}/2): at most so many ${noun}`,
    prompt: `It has ${formatCount(now)}. Enter keeps to that.`,
    value: String(now),
    placeHolder: '1.5M, 450M, 250000',
    validateInput: (text) =>
      parseBudget(text) === undefined ? 'Write an amount, for instance 1.5M.' : undefined,
  });
  return answer === undefined ? undefined : parseBudget(answer);
}

async function withProgress<T>(
  server: LanguageServer,
  model: string,
  run: (token: vscode.CancellationToken) => Promise<T>,
): Promise<T> {
  return await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: `Improving ${model}`, cancellable: true },
    async (progress, token) => {
      const news = server.onNotification(improveProgress, ({ steps, tried, total }) => {
        const last = steps.at(-1);
        const path = last === undefined ? '' : ` · last: ${last}`;
        progress.report({ message: `step ${steps.length + 1}, ${tried} of ${total} changes tried${path}` });
      });
      try {
        return await run(token);
      } finally {
        news.dispose();
      }
    },
  );
}

function endText({ end, message }: ImproveResult): string {
  switch (end) {
    case 'cancelled':
      return 'It was cancelled.';
    case 'failed':
      return message ?? 'It has no score.';
    case 'steps':
    case 'no better neighbour':
      return 'No small change within the budget is better beyond the noise of the score.';
  }
}
