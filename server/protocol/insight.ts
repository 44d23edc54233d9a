/** What client and server say to each other about the inside of scores; optional, like all of `protocol.ts`. */
import type { Range } from 'vscode-languageserver-protocol';
import { NotificationType, RequestType } from 'vscode-languageserver-protocol';
import type { Insight, InsightFailure } from '../score/insight/insight.ts';
import type { ScoreState } from './protocol.ts';

export interface InsightParams {
  readonly uri: string;
  readonly model: string;
  /** Whether it is computed when it is not there; default true. */
  readonly compute?: boolean;
}

/** A place of the source, with the URI as the editor spells it. */
export interface Place {
  readonly uri: string;
  readonly range: Range;
}

/** Where an op of an insight stands: itself, and the calls and iterations that lead to it, outermost first. */
export interface OpPlace extends Place {
  readonly calls: readonly Place[];
}

export interface InsightAnswer {
  readonly model: string;
  /** Where the score stands (`protocol.ts`). */
  readonly score: ScoreState;
  /**
   * `current`: of the score of the text as it is. `computing`: it is under way, or waits for its score. `absent`: nobody
   * asked for it, or there is no score. `failed`: a named reason.
   */
  readonly state: 'current' | 'computing' | 'absent' | 'failed';
  /** In the states `computing` and `absent` that of an earlier text or score: never shown as current. */
  readonly insight?: Insight;
  readonly failure?: InsightFailure;
  /** By `OpInsight.path`, for the ops that the text as it is has; empty while it has errors. */
  readonly places: Readonly<Record<string, OpPlace>>;
}

/** What is inside a model's score, joined with the source; null for an unknown document or model. */
export const insight = new RequestType<InsightParams, InsightAnswer | null, void>('archlens/insight');

export interface InsightChangedParams {
  readonly uri: string;
}

/** Server → client: the answer to `archlens/insight` has changed for some model of a document. */
export const insightChanged = new NotificationType<InsightChangedParams>('archlens/insightChanged');

export interface ContributionsParams {
  readonly uri: string;
}

/** How much an op of the text contributes, over all its places in one model; of several models, where it is most. */
export interface ContributionMark {
  readonly range: Range;
  /** Of the trace of the Fisher information, 0 … 1. */
  readonly share: number;
  /** 1 (least) … 5, against the op of the model that contributes most; 0: no signal passes it. */
  readonly level: 0 | 1 | 2 | 3 | 4 | 5;
}

/**
 * Contributions of the ops with weights that stand in a document, for models whose insight is of the text as it is; what
 * is not known yet is computed. Null for an unknown document.
 */
export const contributions = new RequestType<ContributionsParams, ContributionMark[] | null, void>(
  'archlens/contributions',
);
