/** What client and server say to each other about alternatives and improvements. Optional for a client. */
import { NotificationType, RequestType } from 'vscode-languageserver-protocol';
import type { Position, TextEdit } from 'vscode-languageserver-protocol';
import type { NetworkTotals } from '../network/network.ts';
import type { Budget, Improvement } from '../search/strategies/improve.ts';
import type { Verdict } from '../search/what-if.ts';

/** Command of the client behind the code action; its arguments: the document's URI and the position. */
export const tryAlternativesCommand = 'archlens.tryAlternatives';

export interface AlternativesParams {
  readonly uri: string;
  readonly position: Position;
}

export interface Alternative {
  /** `3x3 → 5x5` */
  readonly title: string;
  /** Of the document, as it was when it was asked about. */
  readonly edits: readonly TextEdit[];
  readonly totals: NetworkTotals;
}

export interface Alternatives {
  /** Names the list in what follows. */
  readonly id: number;
  /** What is varied, as written. */
  readonly about: string;
  /** The model whose networks are compared, and its file where that is another. */
  readonly model: string;
  readonly file?: string;
  /** How many other models the edit changes too. */
  readonly others: number;
  readonly totals: NetworkTotals;
  /** For people. */
  readonly settings: string;
  readonly alternatives: readonly Alternative[];
  /** Changes that would not fit, which are not among them. */
  readonly leftOut: number;
  /** Changes beyond what is tried in a long file. */
  readonly untried: number;
}

/** Lists the neighbours at a place and starts to score them; a list that was open before is given up. A text says why there is none. */
export const openAlternatives = new RequestType<AlternativesParams, Alternatives | string, void>(
  'archlens/alternatives/open',
);

export interface VerdictParams {
  readonly id: number;
  /** Index in `Alternatives.alternatives`. */
  readonly index: number;
  readonly verdict: Verdict;
}

/** Server → client: one alternative was scored. */
export const alternativeScored = new NotificationType<VerdictParams>('archlens/alternatives/scored');

export interface AlternativesEnd {
  readonly id: number;
  /** Why it ended early. */
  readonly message?: string;
}

/** Server → client: no more verdicts will come. */
export const alternativesEnded = new NotificationType<AlternativesEnd>('archlens/alternatives/ended');

/** Stops scoring a list. What was scored is stored. */
export const closeAlternatives = new RequestType<Pick<Alternatives, 'id'>, null, void>(
  'archlens/alternatives/close',
);

export interface ModelParams {
  readonly uri: string;
  readonly model: string;
}

/** What a model of an open document costs; null while it has errors. */
export const modelTotals = new RequestType<ModelParams, NetworkTotals | null, void>('archlens/modelTotals');

export interface ImproveParams extends ModelParams {
  readonly budget: Budget;
  /** Most steps. */
  readonly steps: number;
}

export interface ImproveResult extends Pick<Improvement, 'text' | 'end' | 'message'> {
  /** The steps taken, for people: `3x3 → 5x5  +0.120 ± 0.041`. */
  readonly steps: readonly string[];
  /** Of the document that `text` is an improvement of. */
  readonly version: number;
  readonly before: NetworkTotals;
  readonly after: NetworkTotals;
}

/**
 * Improves a model within a budget; null when it has errors. Changes nothing. Answers with the steps taken so far when
 * it is cancelled.
 */
export const improveModel = new RequestType<ImproveParams, ImproveResult | null, void>('archlens/improve');

export interface ImproveProgress {
  readonly steps: readonly string[];
  /** Neighbours scored of the step under way. */
  readonly tried: number;
  readonly total: number;
}

/** Server → client, while a model is improved. */
export const improveProgress = new NotificationType<ImproveProgress>('archlens/improve/progress');
