/**
 * What client and server say to each other beyond the Language Server Protocol. Everything here is optional for a
 * client: a plain editor gets diagnostics, lenses, hovers, hints and symbols without knowing any of it.
 */
import { NotificationType, RequestType, RequestType0 } from 'vscode-languageserver-protocol';
import type { EngineStatus } from '../engine/engine.ts';
import type { EngineReport } from '../engine/pool/report.ts';
import type { EngineName } from '../engine/registry.ts';
import type { ScoreDifference } from '../score/difference.ts';
import type { StoreSize } from '../store/entry-folder.ts';

/** `initializationOptions` of `initialize`. */
export interface InitializationOptions {
  /**
   * The commands behind code lenses are the client's (`archlens.showScore`, `archlens.scoreModel`, `archlens.settle`).
   * Otherwise the server offers them as `workspace/executeCommand`.
   */
  readonly clientCommands?: boolean;
  /** The client draws pictures (`archlens.showSpectrum`): a lens beside every score opens them. */
  readonly panels?: boolean;
  /** The client lists alternatives (`archlens.tryAlternatives`): a code action opens the list. */
  readonly alternatives?: boolean;
  /** A command of the client that shows the documentation of a diagnostic's code, given the code. */
  readonly explainCommand?: string;
  /** Settings for a client that does not answer `workspace/configuration`: the contents of `archlens`. */
  readonly settings?: unknown;
  /** A folder for stored scores, for a user whose cache folder cannot be written. */
  readonly storageFolder?: string;
}

/** What a client says of itself beyond the Language Server Protocol; a plain editor says nothing. */
export function optionsOf(client: { readonly initializationOptions?: unknown }): InitializationOptions {
  return client.initializationOptions ?? {};
}

/** Commands of code lenses. Their arguments: the document's URI and the model's name. */
export const showScoreCommand = 'archlens.showScore';
export const scoreModelCommand = 'archlens.scoreModel';
export const showSpectrumCommand = 'archlens.showSpectrum';
export const settleCommand = 'archlens.settle';

/** Server → client: what the engine does, or why there is none. Sent on every change. */
export const engineStatus = new NotificationType<EngineStatus>('archlens/engineStatus');

/**
 * What is known of a model's score. A number is of the text as it is only in the states `current`, `refining` and `quick`; all of
 * them have one expectation (docs/score.md#live).
 */
export type ScoreState =
  /** The score of the text as it is, and no more is to come. */
  | 'current'
  /** The score of the text as it is, from its first draws; the engine is at work on the rest. */
  | 'refining'
  /** The score of the text as it is, from its first draws; the rest is too costly, or was stopped, and waits for a request. */
  | 'quick'
  /** The text as it is is being measured, and has no score yet; the last settled one may be shown. */
  | 'computing'
  /** The text as it is has errors; shown is the score of an earlier text. */
  | 'stale'
  /** The text as it is has errors, and there is no earlier score. */
  | 'invalid'
  /** The engine answered with a named failure. */
  | 'failed'
  /** Stopped, costly, or scoring while typing is off: waits for a request. */
  | 'on-demand';

/** A model of an open document and what is known of its score. */
export interface ModelStatus {
  readonly name: string;
  readonly state: ScoreState;
  /** As on the lens. */
  readonly title: string;
  /** To the last settled version of the model; absent where there is none that may be compared. */
  readonly difference?: ScoreDifference;
  /** In the state `quick`: about how long the rest takes. */
  readonly secondsToSettle?: number;
}

export interface ScoresParams {
  readonly uri: string;
  readonly models: readonly ModelStatus[];
}

/** Server → client: the scores of one open document, sent when one of them changed; no models once it is closed. */
export const scores = new NotificationType<ScoresParams>('archlens/scores');

export interface ScoreParams {
  readonly uri: string;
  /** Absent: every model of the document. */
  readonly model?: string;
}

/** Scores now, whatever the cost and the state of `score.onType`. Answers how many models will be scored. */
export const scoreNow = new RequestType<ScoreParams, number, void>('archlens/scoreNow');

export interface SettleResult {
  readonly end: 'settled' | 'failed' | 'cancelled';
  /** Why it failed. */
  readonly message?: string;
}

/**
 * Settles the score of a model, whatever it costs, and answers when that has ended; cancelling the request keeps the draws there are.
 * Null for an unknown document or model, or one with errors. Meanwhile the server sends `settleProgress`.
 */
export const settle = new RequestType<Required<ScoreParams>, SettleResult | null, void>('archlens/settle');

export interface SettleProgress extends Required<ScoreParams> {
  /** Draws there are, and draws of the settled score. */
  readonly done: number;
  readonly total: number;
  /** About how long the rest takes, once a draw was made. */
  readonly seconds?: number;
}

/** Server → client, while a model is settled on request. */
export const settleProgress = new NotificationType<SettleProgress>('archlens/settle/progress');

/** Stops what runs and forgets what waits, in all documents, until an edit or a request starts it again. */
export const stopScoring = new RequestType0<null, void>('archlens/stopScoring');

/** Folder of the CUDA engine, inside the storage folder that the client gives. */
export const cudaFolder = 'cuda-engine';

export interface TestEnginesParams {
  /** Only this engine, even if it was tested: something was installed for it. */
  readonly only?: EngineName;
}

/** Tests the engines of this machine, those that have been tested excepted. Meanwhile the server sends `engineReports`. */
export const testEngines = new RequestType<TestEnginesParams, readonly EngineReport[], void>(
  'archlens/testEngines',
);

/** Server → client: what is known of the engines, while they are tested. */
export const engineReports = new NotificationType<readonly EngineReport[]>('archlens/engineReports');

/** Kills the engine process. What was running is run again in a new one. */
export const restartEngine = new RequestType0<null, void>('archlens/restartEngine');

/** Removes the scores that editors and the command line have stored. Answers what was removed. */
export const clearStore = new RequestType0<StoreSize | null, void>('archlens/clearStore');

export interface ScoreDetails {
  readonly title: string;
  /** Markdown: the number, where it comes from, spectrum, contributions. */
  readonly markdown: string;
}

/** Everything known of a model's score; null for an unknown document or model. */
export const scoreDetails = new RequestType<Required<ScoreParams>, ScoreDetails | null, void>(
  'archlens/scoreDetails',
);

export interface ModelAtParams {
  readonly uri: string;
  /** From 0. */
  readonly line: number;
}

/** The name of the model whose declaration is at or above a line, else of the first; null without models. */
export const modelAt = new RequestType<ModelAtParams, string | null, void>('archlens/modelAt');
