import type { CancellationToken } from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { fileNameOf } from '../../../base/uris.ts';
import type { Turn } from '../../../score/scheduler.ts';
import type { ScoreSettings } from '../../../score/types.ts';
import { improve } from '../../../search/strategies/improve.ts';
import type { Candidate, Improvement, LastLook, Step } from '../../../search/strategies/improve.ts';
import { defaultMoveKinds, offeredAt } from '../../../search/moves/kinds.ts';
import { objectiveOf } from '../../../search/objectives/objective.ts';
import { movesAt } from '../../../search/moves/moves.ts';
import { libraryPath } from '../../../language/library.ts';
import { modelsUsing } from '../../../search/users.ts';
import { Workbench } from '../../../search/variants.ts';
import { whatIfSettings } from '../../../search/what-if.ts';
import { verdictText, worthNote } from '../../../search/wording.ts';
import type { Checker } from '../../checker.ts';
import type { Feature } from '../../feature.ts';
import type { Opened, Session } from '../../session.ts';
import * as protocol from '../../../protocol/what-if.ts';
import type {
  Alternatives,
  AlternativesParams,
  CandidateText,
  ImproveParams,
  ImproveResult,
  ModelParams,
} from '../../../protocol/what-if.ts';
import { AlternativeLists } from './alternative-lists.ts';

/** Of the scheduler: after the quick scores of what is typed, before the ranking. */
const improveJob = 'archlens.improve';

/** Alternatives at a place, and improvements of a model: scored in the background, one list and one model at a time. */
export class WhatIfFeature implements Feature {
  readonly #session: Session;
  readonly #checker: Checker;
  readonly #lists: AlternativeLists;

  constructor(session: Session, checker: Checker) {
    this.#session = session;
    this.#checker = checker;
    this.#lists = new AlternativeLists(session);
  }

  listen(): void {
    const { connection } = this.#session;
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
        this.#lists.close(id);
        return null;
      }),
    );
    connection.onRequest(
      protocol.resolveAlternative,
      guard(
        'Adding seeds',
        'Something went wrong; see the log.',
        (params: protocol.ResolveParams, token: CancellationToken) => this.#lists.resolve(params, token),
      ),
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

  async #alternatives({
    uri,
    position,
    kinds = defaultMoveKinds,
  }: AlternativesParams): Promise<Alternatives | string> {
    const opened = await this.#checker.ready(uri);
    if (opened === undefined) return 'The document is not open.';
    const { analysis, document } = opened;
    const library = libraryPath(analysis.uri);
    if (library !== undefined)
      return `${library} comes with Archlens and is not changed: copy what you want to vary to a file of your own.`;
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
    const offered = offeredAt(found.moves, kinds);
    const { variants, leftOut, untried } = await workbench.variants(place, offered);
    return this.#lists.open(
      { base, variants, settings: this.#settings(uri) },
      {
        about: analysis.text.slice(found.span.start, found.span.end),
        model: place.name,
        ...(place.uri === analysis.uri ? {} : { file: fileNameOf(place.uri) }),
        others: models.length - 1,
        leftOut,
        untried,
        otherKinds: found.moves.length - offered.length,
      },
      document,
    );
  }

  async #improve(
    { uri, model, budget, steps, kinds = defaultMoveKinds, by = 'vkdnw_single' }: ImproveParams,
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
    let [triedNow, totalNow] = [0, 0];
    const tell = (tried: number, total: number, checking?: string): void => {
      [triedNow, totalNow] = [tried, total];
      void connection.sendNotification(protocol.improveProgress, {
        steps: taken.map(stepText),
        tried,
        total,
        ...(checking === undefined ? {} : { checking }),
      });
    };
    const settings = this.#settings(uri);
    const run = (turn: Turn): Promise<Improvement | undefined> =>
      improve(workbench, { uri: opened.analysis.uri, name: model }, scoring, {
        budget,
        objective: objectiveOf(by),
        steps,
        settings,
        kinds,
        signal: turn.signal,
        interruption: turn,
        onTried: tell,
        onCheck: ({ title }) => {
          tell(triedNow, totalNow, title);
        },
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
    const { text, end, message, refused, last } = improvement ?? {
      text: workbench.text,
      end: 'cancelled' as const,
      refused: [],
    };
    return {
      text,
      end,
      ...(message === undefined ? {} : { message }),
      steps: taken.map((each) => candidateText(each, by)),
      refused: refused.map((each) => candidateText(each, by)),
      ...(last === undefined ? {} : { last: this.#lastLook(uri, model, text, last, settings) }),
      version,
      before: before.totals,
      after,
    };
  }

  /** A list of what was tried last, which is scored already; its edits are those of the text that was reached. */
  #lastLook(
    uri: string,
    model: string,
    text: string,
    { base, variants, verdicts, leftOut, untried }: LastLook,
    settings: ScoreSettings,
  ): NonNullable<ImproveResult['last']> {
    const list = this.#lists.note(
      { base, variants, settings },
      { about: model, model, others: 0, leftOut, untried, otherKinds: 0 },
      TextDocument.create(uri, 'arch', 0, text),
    );
    return { list, verdicts };
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

function stepText({ move, verdict }: Candidate): string {
  return `${move.title}  ${verdictText(verdict)}`;
}

function candidateText({ move, verdict, comparison }: Candidate, by: string): CandidateText {
  const worth = worthNote(comparison, by);
  return { title: move.title, verdict: verdictText(verdict), ...(worth === undefined ? {} : { worth }) };
}
