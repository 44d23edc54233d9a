import * as vscode from 'vscode';
import { formatCount, plural } from '../../server/base/quantities.ts';
import { improveModel, improveProgress, modelTotals } from '../../server/protocol/what-if.ts';
import type { ImproveResult } from '../../server/protocol/what-if.ts';
import type { NetworkTotals } from '../../server/network/network.ts';
import { parseBudget } from '../../server/ranking/filter.ts';
import type { Budget } from '../../server/search/strategies/improve.ts';
import type { LanguageServer } from '../connection/language-server.ts';
import { activeDocument, modelAtCursor } from '../editor/model-at-cursor.ts';
import { noModelText } from '../editor/other-versions.ts';
import type { AlternativesPick } from './alternatives-pick.ts';
import type { KindsChoice } from './kinds-choice.ts';
import type { ObjectiveChoice } from './objective-choice.ts';
import type { ImprovementReview } from './improvement-review.ts';
import { noticeText } from '../../server/base/notice-text.ts';

/** Steps after which a look at what was done is due. */
const mostSteps = 5;

/** What the command works with. */
export interface Improving {
  readonly server: LanguageServer;
  readonly choice: KindsChoice;
  readonly objective: ObjectiveChoice;
  readonly pick: AlternativesPick;
  readonly review: ImprovementReview;
}

const showTried = 'Show What Was Tried';

/** Asks what may change, by which score, and for a budget, improves the model at the cursor, and shows what that would change. */
export async function improveActive({ server, choice, objective, pick, review }: Improving): Promise<void> {
  const document = activeDocument();
  if (document === undefined) return;
  const place = await modelAtCursor(server, document);
  if (place === undefined) {
    void vscode.window.showInformationMessage(noticeText(noModelText(document.uri.scheme)));
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
  const kinds = await choice.ask(`Improve ${model} (1/4): what may change?`);
  if (kinds === undefined) return;
  const by = await objective.ask(`Improve ${model} (2/4): by what?`, kinds);
  const budget = by === undefined ? undefined : await askBudget(model, totals);
  if (by === undefined || budget === undefined) return;
  const result = await withProgress(server, model, (token) =>
    server.request(improveModel, { uri, model, budget, steps: mostSteps, kinds, by }, token),
  );
  if (result === undefined || result === null) return;
  const { last, text, steps, end } = result;
  const tried = (): void => {
    if (last !== undefined) pick.showTried(document, text, last);
  };
  if (steps.length === 0 || end === 'cancelled') {
    const show = steps.length > 0 ? showSteps : showTried;
    const answer = await vscode.window.showInformationMessage(
      noticeText(`Archlens: ${model} stays as it is. ${endText(result)}`),
      ...(steps.length > 0 || last !== undefined ? [show] : []),
    );
    if (answer === showTried) tried();
    if (answer !== showSteps) return;
  }
  await review.show(
    document,
    model,
    result,
    last === undefined ? undefined : { label: showTried, run: tried },
  );
}

/** Who cancels wants to see nothing more, but may ask for what was reached until then. */
const showSteps = 'Show What Was Found';

async function askBudget(model: string, totals: NetworkTotals): Promise<Budget | undefined> {
  const maxParams = await askAmount(model, 'parameters', totals.params, 3);
  if (maxParams === undefined) return undefined;
  const maxMacs = await askAmount(model, 'multiply-accumulates', totals.macs, 4);
  return maxMacs === undefined ? undefined : { maxParams, maxMacs };
}

async function askAmount(
  model: string,
  noun: string,
  now: number,
  step: number,
): Promise<number | undefined> {
  const answer = await vscode.window.showInputBox({
    title: `Improve ${model} (${step}/4): at most so many ${noun}`,
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
      const news = server.onNotification(improveProgress, ({ steps, tried, total, checking }) => {
        const last = steps.at(-1);
        const path = last === undefined ? '' : ` · last: ${last}`;
        const now =
          checking === undefined
            ? `${tried} of ${total} changes tried`
            : `${checking}: fresh seeds and the other scores`;
        progress.report({ message: `step ${steps.length + 1}, ${now}${path}` });
      });
      try {
        return await run(token);
      } finally {
        news.dispose();
      }
    },
  );
}

function endText({ end, message, steps, refused }: ImproveResult): string {
  switch (end) {
    case 'cancelled': {
      if (steps.length === 0) return 'It was cancelled.';
      const found = steps.map(({ title }) => title).join('; ');
      return `It was cancelled after ${plural(steps.length, 'step')}: ${found}.`;
    }
    case 'failed':
      return message ?? 'It has no score.';
    case 'steps':
    case 'no better neighbour':
      return `No small change within the budget is better beyond the noise of the score and by the other scores.${refusedText(refused)}`;
  }
}

/** The first of those that were not taken, and why. */
function refusedText([first, ...others]: ImproveResult['refused']): string {
  if (first === undefined) return '';
  const more = others.length === 0 ? '' : `, and ${others.length} more`;
  return ` Not taken: ${first.title} (${first.verdict})${more}.`;
}
