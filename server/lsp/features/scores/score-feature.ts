import { MessageType, ShowMessageNotification } from 'vscode-languageserver/node';
import type { CancellationToken, InitializeParams, ServerCapabilities } from 'vscode-languageserver/node';
import type { Checker } from '../../checker.ts';
import type { Feature } from '../../feature.ts';
import { Delayed } from '../../../base/delayed.ts';
import { sameUri } from '../../../base/uris.ts';
import { lensText } from '../lenses/lens-text.ts';
import type { ModelScore } from '../../../scoring/model-score.ts';
import * as protocol from '../../../protocol/protocol.ts';
import type { ModelStatus, ScoreDetails } from '../../../protocol/protocol.ts';
import { scoreDetails } from './score-page.ts';
import type { Session } from '../../session.ts';

/** Milliseconds in which changes are gathered before the client is told. */
const pause = 30;

/** Requests about scores, and the news of them. */
export class ScoreFeature implements Feature {
  readonly #session: Session;
  readonly #checker: Checker;
  /** By document: what the client was told last. */
  readonly #told = new Map<string, string>();
  readonly #changed = new Set<string>();
  readonly #telling = new Delayed(pause, () => {
    const uris = [...this.#changed];
    this.#changed.clear();
    this.#session.background('Telling scores', () => {
      for (const changed of uris) this.#tell(changed);
    });
  });

  constructor(session: Session, checker: Checker) {
    this.#session = session;
    this.#checker = checker;
    session.onScores((uri) => {
      this.#changed.add(uri);
      this.#telling.start();
    });
  }

  capabilities(client: InitializeParams): ServerCapabilities {
    // A client with commands of its own would register them twice.
    if (protocol.optionsOf(client).clientCommands === true) return {};
    return {
      executeCommandProvider: {
        commands: [protocol.showScoreCommand, protocol.scoreModelCommand, protocol.settleCommand],
      },
    };
  }

  listen(): void {
    const { connection, board } = this.#session;
    const guard = this.#session.guard.bind(this.#session);
    connection.onRequest(
      protocol.scoreNow,
      guard('Scoring', 0, async ({ uri, model }: protocol.ScoreParams) => {
        const opened = await this.#checker.ready(uri);
        return opened === undefined ? 0 : board.scoreNow(sameUri(uri), model);
      }),
    );
    connection.onRequest(
      protocol.settle,
      guard('Settling', null, (params: Required<protocol.ScoreParams>, token) => this.#settle(params, token)),
    );
    connection.onRequest(
      protocol.stopScoring,
      this.#session.guardBare('Stopping', null, () => {
        board.stop();
        this.#session.insights.stop();
        return null;
      }),
    );
    connection.onRequest(
      protocol.scoreDetails,
      guard('Score details', null, ({ uri, model }: Required<protocol.ScoreParams>) =>
        this.#details(uri, model),
      ),
    );
    connection.onRequest(
      protocol.modelAt,
      guard('Model at the cursor', null, ({ uri, line }: protocol.ModelAtParams) => this.#modelAt(uri, line)),
    );
    connection.onExecuteCommand(
      guard('Command', null, async ({ command, arguments: args = [] }) => {
        const [uri, model] = args as unknown[];
        if (typeof uri !== 'string' || typeof model !== 'string') return null;
        if (command === protocol.scoreModelCommand || command === protocol.settleCommand)
          board.scoreNow(sameUri(uri), model);
        const details = command === protocol.showScoreCommand ? await this.#details(uri, model) : null;
        if (details !== null)
          await connection.sendNotification(ShowMessageNotification.type, {
            type: MessageType.Info,
            message: details.markdown,
          });
        return null;
      }),
    );
  }

  async #settle(
    { uri, model }: Required<protocol.ScoreParams>,
    token: CancellationToken,
  ): Promise<protocol.SettleResult | null> {
    if ((await this.#checker.ready(uri)) === undefined) return null;
    const abort = new AbortController();
    const cancelling = token.onCancellationRequested(() => {
      abort.abort();
    });
    if (token.isCancellationRequested) abort.abort();
    const { settling, connection } = this.#session;
    const result = await settling
      .settle(sameUri(uri), model, {
        signal: abort.signal,
        onProgress: (progress) => {
          void connection.sendNotification(protocol.settleProgress, { ...progress, uri });
        },
      })
      .finally(() => {
        cancelling.dispose();
      });
    return result ?? null;
  }

  async #details(uri: string, model: string): Promise<ScoreDetails | null> {
    await this.#checker.ready(uri);
    const score = this.#session.board.model(sameUri(uri), model);
    return score === undefined ? null : scoreDetails(score);
  }

  async #modelAt(uri: string, line: number): Promise<string | null> {
    const opened = await this.#checker.ready(uri);
    if (opened === undefined) return null;
    const models = this.#session.board.models(sameUri(uri));
    const above = models.findLast(({ anchor }) => opened.document.positionAt(anchor).line <= line);
    return (above ?? models[0])?.score.name ?? null;
  }

  #tell(key: string): void {
    const uri = this.#session.documents.get(key)?.uri ?? key;
    const models = this.#session.board.models(key).map(({ score }) => status(score));
    const text = JSON.stringify(models);
    if (text === (this.#told.get(key) ?? '[]')) return;
    if (models.length === 0) this.#told.delete(key);
    else this.#told.set(key, text);
    this.#session.background('Telling scores', () =>
      this.#session.connection.sendNotification(protocol.scores, { uri, models }),
    );
  }
}

function status(model: ModelScore): ModelStatus {
  const { name, state } = model;
  return {
    name,
    state,
    title: lensText(model).title,
    ...('difference' in model ? { difference: model.difference } : {}),
    ...(state === 'quick' ? { secondsToSettle: model.secondsToSettle } : {}),
  };
}
