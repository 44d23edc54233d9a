import { join } from 'node:path';
import { Delayed } from '../../../base/delayed.ts';
import type { EngineStatus } from '../../../engine/engine.ts';
import {
  clearStore,
  cudaFolder,
  engineReports,
  engineStatus,
  restartEngine,
  testEngines,
} from '../../../protocol/protocol.ts';
import type { Feature } from '../../feature.ts';
import type { Session } from '../../session.ts';

/** Between two runs the engine is idle for a moment, which is not worth telling (milliseconds). */
const pause = 300;

/** Keeps the client informed about the engine, and the scores apart that different engines computed. */
export class EngineFeature implements Feature {
  readonly #session: Session;
  #told: string | undefined;
  readonly #tellingIdle = new Delayed(pause, () => {
    this.#tell(this.#session.scoring.status());
  });
  #failed = false;

  constructor(session: Session) {
    this.#session = session;
  }

  listen(): void {
    const { connection, scoring } = this.#session;
    scoring.onStatus((status) => {
      this.#changed(status);
    });
    connection.onRequest(
      restartEngine,
      this.#session.guardBare('Restarting the engine', null, () => {
        this.#session.log('The engine is restarted on request.');
        scoring.restart();
        this.#session.board.retry();
        this.#session.insights.retry();
        return null;
      }),
    );
    connection.onRequest(
      clearStore,
      this.#session.guardBare('Clearing the stored scores', null, () => scoring.clearStore()),
    );
    connection.onRequest(
      testEngines,
      this.#session.guard('Testing the engines', [], ({ only }) =>
        scoring.survey((reports) => {
          this.#session.background('Telling of the engines', () =>
            connection.sendNotification(engineReports, reports),
          );
        }, only),
      ),
    );
    connection.onShutdown(() => scoring.dispose());
  }

  initialized(): void {
    this.#session.background('Reading the settings', () => this.settingsChanged());
  }

  async settingsChanged(): Promise<void> {
    const { scoring, settings, board } = this.#session;
    const { engine: chosen, storeLimit: limit } = await settings.global();
    const fallback = settings.storageFolder;
    const engine =
      chosen.cudaPath === '' && fallback !== undefined
        ? { ...chosen, cudaPath: join(fallback, cudaFolder) }
        : chosen;
    const store = { limit, ...(fallback === undefined ? {} : { fallback }) };
    if (scoring.configure({ engine, store })) board.engineChanged();
    this.#tell(scoring.status());
  }

  #changed(status: EngineStatus): void {
    const { board, insights } = this.#session;
    const { info, state } = status;
    if (info !== undefined) board.engineRuns(info);
    if (state === 'idle' && this.#failed) {
      insights.retry();
      board.retry();
    }
    this.#failed = state === 'failed' || (this.#failed && state !== 'idle');

    this.#tellingIdle.cancel();
    if (state === 'idle') this.#tellingIdle.start();
    else this.#tell(status);
  }

  #tell(status: EngineStatus): void {
    const text = JSON.stringify(status);
    if (text === this.#told) return;
    this.#told = text;
    this.#session.background('Telling the engine status', () =>
      this.#session.connection.sendNotification(engineStatus, status),
    );
  }
}
