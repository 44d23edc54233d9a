import { signalDiagnostics } from '../../../language/check/no-signal.ts';
import type { Location, NetworkNode } from '../../../network/network.ts';
import type { Checker } from '../../checker.ts';
import type { Feature } from '../../feature.ts';
import { contributionMarks } from './contribution-marks.ts';
import { lintBetweenRequests, publishDiagnostics, unlessChanged } from '../diagnostics/diagnostics.ts';
import { DelayedByKey } from '../../../base/delayed.ts';
import { sameUri } from '../../../base/uris.ts';
import * as protocol from '../../../protocol/insight.ts';
import type {
  ContributionMark,
  ContributionsParams,
  InsightAnswer,
  InsightParams,
  OpPlace,
  Place,
} from '../../../protocol/insight.ts';
import { logitDiagnostics } from './logit-diagnostics.ts';
import { rangeOf } from '../../ranges.ts';
import type { Session } from '../../session.ts';

/** Milliseconds without changes after which a text is searched for ops without signal. */
const rest = 150;
/** And after which the scores that have settled are looked into, unasked. */
const longRest = 600;
/** Milliseconds in which changes are gathered before the client is told. */
const pause = 30;

/** Requests about the inside of scores, the news of them, and the diagnostics that come of them. */
export class InsightFeature implements Feature {
  readonly #session: Session;
  readonly #checker: Checker;
  readonly #delayed = new DelayedByKey();

  constructor(session: Session, checker: Checker) {
    this.#session = session;
    this.#checker = checker;
    session.documents.onChange(({ uri, kind, edits }) => {
      const key = sameUri(uri);
      if (kind === 'changed') session.signalDiagnostics.edit(key, edits);
      if (kind === 'closed') session.signalDiagnostics.set(key, []);
    });
    session.onScores((uri) => {
      session.insights.update(uri);
      this.#after(pause, 'tell', uri, () => this.#tell(uri));
      this.#after(rest, 'find', uri, () => this.#find(uri));
      this.#after(longRest, 'look', uri, () => {
        this.#look(uri);
      });
    });
    session.onInsights((uri) => {
      this.#after(pause, 'tell', uri, () => this.#tell(uri));
      this.#after(pause, 'find', uri, () => this.#find(uri));
    });
  }

  listen(): void {
    this.#session.connection.onRequest(
      protocol.insight,
      this.#session.guard('Insight', null, (params: InsightParams) => this.#answer(params)),
    );
    this.#session.connection.onRequest(
      protocol.contributions,
      this.#session.guard('Contributions', null, ({ uri }: ContributionsParams) => this.#marks(uri)),
    );
  }

  async #answer({ uri, model: name, compute }: InsightParams): Promise<InsightAnswer | null> {
    const opened = await this.#checker.ready(uri);
    if (opened === undefined) return null;
    const { board, insights } = this.#session;
    const key = sameUri(uri);
    const model = board.model(key, name);
    if (model === undefined) return null;
    if (compute !== false) insights.want(key, name, 'visible');
    const known = insights.of(key, name);
    const nodes = opened.analysis.models.find((each) => each.name === name)?.network?.nodes ?? [];
    const insight =
      known.state === 'current' ? known.insight : known.state === 'failed' ? undefined : known.last;
    return {
      model: name,
      score: model.state,
      state: known.state,
      ...(insight === undefined ? {} : { insight }),
      ...(known.state === 'failed' ? { failure: known.failure } : {}),
      places: Object.fromEntries(nodes.slice(1).map((node) => [node.path, this.#placeOf(node)])),
    };
  }

  async #marks(uri: string): Promise<ContributionMark[] | null> {
    const opened = await this.#checker.ready(uri);
    if (opened === undefined) return null;
    const { insights } = this.#session;
    const key = sameUri(uri);
    const marks = contributionMarks(opened.analysis, (model) => {
      insights.want(key, model, 'visible');
      const known = insights.of(key, model);
      return known.state === 'current' ? known.insight : undefined;
    });
    return marks.map(({ span, share, level }) => ({ range: rangeOf(opened.document, span), share, level }));
  }

  #placeOf({ origin }: NetworkNode): OpPlace {
    return { ...this.#place(origin), calls: origin.calls.map((call) => this.#place(call)) };
  }

  #place({ uri, span }: Location): Place {
    const document = this.#session.textOf(uri);
    return { uri: document.uri, range: rangeOf(document, span) };
  }

  /** Runs a piece of work when a document has rested so long. */
  #after(milliseconds: number, what: string, uri: string, work: () => void | Promise<void>): void {
    this.#delayed.restart(`${what} ${uri}`, milliseconds, () => {
      this.#session.background('Insight', work);
    });
  }

  async #tell(uri: string): Promise<void> {
    const document = this.#session.documents.get(uri);
    if (document === undefined) return;
    await this.#session.connection.sendNotification(protocol.insightChanged, { uri: document.uri });
  }

  async #find(uri: string): Promise<void> {
    const { signalDiagnostics: before, insights } = this.#session;
    const opened = await lintBetweenRequests(this.#session, uri);
    if (opened === undefined) return;
    const { analysis } = opened;
    const goOn = unlessChanged(this.#session, opened);
    const steps = signalDiagnostics(analysis, this.#session.project.lint(uri));
    let step = steps.next();
    for (; step.done !== true; step = steps.next()) if (!(await goOn())) return;
    const found = [
      ...step.value,
      ...logitDiagnostics(analysis, (model) => {
        const known = insights.of(uri, model);
        return known.state === 'current' ? known.insight.logits : undefined;
      }),
    ];
    if (before.set(uri, found)) await publishDiagnostics(this.#session, opened);
  }

  /** Scores that have settled within the limit of unasked work. */
  #look(uri: string): void {
    const { board, insights, settings } = this.#session;
    if (settings.of(uri)?.contributions !== true) return;
    for (const { score: model } of board.models(uri)) {
      if (model.state === 'current' && model.known.complete) insights.want(uri, model.name, 'background');
    }
  }
}
