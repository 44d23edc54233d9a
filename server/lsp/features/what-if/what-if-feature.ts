import type { CancellationToken } from 'vscode-languageserver/node';
import { fileNameOf } from '../../../base/uris.ts';
import type { Turn } from '../../../score/scheduler.ts';
import { formatSettings } from '../../../score/settings.ts';
import type { ScoreSettings } from '../../../score/types.ts';
import { improve } from '../../../search/strategies/improve.ts';
import type { Improvement, Step } from '../../../search/strategies/improve.ts';
import { movesAt } from '../../../search/moves/moves.ts';
import { modelsUsing } from '../../../search/users.ts';
import { Workbench } from '../../../search/variants.ts';
import type { Sized, Variant } from '../../../search/variants.ts';
import { Comparison, compareVariants, whatIfSettings } from '../../../search/what-if.ts';
import { differenceText } from '../../../search/wording.ts';
import type { Checker } from '../../checker.ts';
import type { Feature } from '../../feature.ts';
import { rangeOf } from '../../ranges.ts';
import type { Opened, Session } from '../../session.ts';
import * as protocol from '../../../protocol/what-if.ts';
import type {
  Alternatives,
  AlternativesParams,
  ImproveParams,
  ImproveResult,
  ModelParams,
} from '../../../protocol/what-if.ts';

/** Of the scheduler: after the quick scores of what is typed, before the ranking. */
const alternativesJob = 'archlens.alternatives';
const improveJob = 'archlens.improve';

/** Alternatives at a place, and improvements of a model: scored in the background, one list and one model at a time. */
export class WhatIfFeature implements Feature {
  readonly #session: Session;
  readonly #checker: Checker;
  #nextId = 1;
  #open = 0;

  constructor(session: Session, checker: Checker) {
    this.#session = session;
    this.#checker = checker;
  }

  listen(): void {
    const { connection, scheduler } = this.#session;
    const guard = this.#session.guard.bind(this.#session);
    connection.onRequest(
      protocol.openAlternatives,
      guard('Alternatives', 'Something went wrong; see the log.', (params: AlternativesParams) =>
        this.#alternatives(params),
      ),
    );
    connection.onRequest(
      protocol.closeAlternatives,
      guard('Closing alternatives', null, ({ id }: Pick<Alternatives, 'id'>) => {
        if (id === this.#open) scheduler.cancel(alternativesJob);
        return null;
      }),
    );
    connection.onRequest(
      protocol.modelTotals,
      guard('Totals', null, async ({ uri, model }: ModelParams) => {
        const opened = await this.#checker.ready(uri);
        return opened?.analysis.models.find(({ name }) => name === model)?.totals ?? null;
      }),
    );
    connection.onRequest(
      protocol.improveModel,
      guard('Improving', null, (params: ImproveParams, token) => this.#improve(params, token)),
    );
  }

  async #alternatives({ uri, position }: AlternativesParams): Promise<Alternatives | string> {
    const opened = await this.#checker.ready(uri);
    if (opened === undefined) return 'The document is not open.';
    const { analysis, document } = opened;
    const offset = document.offsetAt(position);
    const workbench = this.#workbench(opened);
    const found = movesAt(workbench.module, offset);
    if (found === undefined)
      return 'There is nothing to vary here. Put the cursor on an op, an argument, a repeat, a number of a list or a cell.';
    const models = modelsUsing(workbench.module, offset, await this.#session.workspace.modules());
    if (models.length === 0) return 'No model uses what stands here, so there is nothing to score.';
    const place = models.find((each) => workbench.sized(each) !== undefined);
    const base = place === undefined ? undefined : workbench.sized(place);
    if (place === undefined || base === undefined)
      return `${models[0]!.name} has errors: correct them first.`;
    const { variants, leftOut, untried } = await workbench.variants(place, found.moves);
    const settings = this.#settings(uri);
    const id = this.#nextId++;
    this.#open = id;
    this.#session.background('Scoring alternatives', () => this.#score(id, base, variants, settings));
    const elsewhere = place.uri !== analysis.uri;
    return {
      id,
      about: analysis.text.slice(found.span.start, found.span.end),
      model: place.name,
      ...(elsewhere ? { file: fileNameOf(place.uri) } : {}),
      others: models.length - 1,
      totals: base.totals,
      settings: formatSettings(settings),
      alternatives: variants.map(({ move, totals }) => ({
        title: move.title,
        edits: move.changes.map(({ span, text }) => ({ range: rangeOf(document, span), newText: text })),
        totals,
      })),
      leftOut,
      untried,
    };
  }

  async #score(
    id: number,
    base: Sized,
    variants: readonly Variant[],
    settings: ScoreSettings,
  ): Promise<void> {
    const { scheduler, scoring, connection } = this.#session;
    const message = await scheduler.schedule(alternativesJob, 'visible', async (turn) => {
      const options = { signal: turn.signal, interruption: turn };
      const comparison = new Comparison(scoring, settings, base);
      const outcome = await comparison.base(options);
      if (outcome.state === 'failed') return outcome.message;
      await compareVariants(comparison, variants, options, (index, verdict) => {
        void connection.sendNotification(protocol.alternativeScored, { id, index, verdict });
      });
      return undefined;
    });
    await connection.sendNotification(protocol.alternativesEnded, {
      id,
      ...(message === undefined ? {} : { message }),
    });
  }

  async #improve(
    { uri, model, budget, steps }: ImproveParams,
    token: CancellationToken,
  ): Promise<ImproveResult | null> {
    const opened = await this.#checker.ready(uri);
    if (opened === undefined) return null;
    const { scheduler, scoring, connection } = this.#session;
    const { version } = opened.document;
    const workbench = this.#workbench(opened);
    const before = workbench.sized({ uri: opened.analysis.uri, name: model });
    if (before === undefined) return null;
    let taken: readonly Step[] = [];
    const tell = (tried: number, total: number): void => {
      void connection.sendNotification(protocol.improveProgress, {
        steps: taken.map(stepText),
        tried,
        total,
      });
    };
    const run = (turn: Turn): Promise<Improvement | undefined> =>
      improve(workbench, { uri: opened.analysis.uri, name: model }, scoring, {
        budget,
        steps,
        settings: this.#settings(uri),
        signal: turn.signal,
        interruption: turn,
        onTried: tell,
        onStep: (_, all) => {
          taken = [...all];
        },
      });
    const cancelling = token.onCancellationRequested(() => {
      scheduler.cancel(improveJob);
    });
    // It may have been cancelled while the text was analysed.
    const improvement = token.isCancellationRequested
      ? undefined
      : await scheduler.schedule(improveJob, 'visible', run).finally(() => {
          cancelling.dispose();
        });
    const after = taken.at(-1)?.totals ?? before.totals;
    // What was reached before it was stopped can still be accepted.
    const { text, end, message } = improvement ?? { text: workbench.text, end: 'cancelled' as const };
    return {
      text,
      end,
      ...(message === undefined ? {} : { message }),
      steps: taken.map(stepText),
      version,
      before: before.totals,
      after,
    };
  }

  /** Texts as the editor has them. */
  #workbench({ analysis }: Opened): Workbench {
    const { project } = this.#session;
    return new Workbench(analysis.uri, analysis.text, (uri) => {
      const { text } = project.module(uri);
      // An empty module stands for a file that cannot be read.
      return text === '' ? undefined : text;
    });
  }

  #settings(uri: string): ScoreSettings {
    return whatIfSettings(this.#session.settings.of(uri)!.score.final.settings);
  }
}

function stepText({ move, difference }: Step): string {
  return `${move.title}  ${differenceText(difference)}`;
}
