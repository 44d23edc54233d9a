/** What client and server say to each other about the ranking of the workspace. Optional for a client. */
import { NotificationType, RequestType, RequestType0 } from 'vscode-languageserver-protocol';
import type { RankingEntry } from '../ranking/entry.ts';
import type { RankingProgress } from '../ranking/progress.ts';

export interface RankingSnapshot {
  readonly entries: readonly RankingEntry[];
  readonly progress: RankingProgress;
}

/**
 * Reads all files of the workspace folders and looks their scores up in the store, without computing any. Answers what
 * is known so far; changes follow as `rankingChanged`.
 */
export const openRanking = new RequestType0<RankingSnapshot, void>('archlens/ranking/open');

/** Scores what has no score, in the background, and goes on doing so as files change, until it is stopped. */
export const startRanking = new RequestType0<null, void>('archlens/ranking/start');

/** Stops scoring. What was scored stays. */
export const stopRanking = new RequestType0<null, void>('archlens/ranking/stop');

export interface RankingScoreParams {
  /** Of the entries. */
  readonly ids: readonly string[];
}

/**
 * Scores models next, whatever they cost and whether or not the ranking runs. Those that have a score or failed are computed
 * anew, without the store, which keeps the new results.
 */
export const scoreRanked = new RequestType<RankingScoreParams, null, void>('archlens/ranking/score');

/** Computes other scores too, of all models that are scored, until other names are sent. Unknown ones are passed over. */
export const showProxies = new RequestType<{ readonly names: readonly string[] }, null, void>(
  'archlens/ranking/proxies',
);

/** Ranks models of all tasks together, or each task apart as at first: decides the ranks on lenses. */
export const mergeTasks = new RequestType<{ readonly merge: boolean }, null, void>(
  'archlens/ranking/mergeTasks',
);

export interface RankingChange {
  /** New, or different. */
  readonly entries: readonly RankingEntry[];
  /** Ids of those that are gone. */
  readonly removed: readonly string[];
  readonly progress: RankingProgress;
}

/** Server → client, after `openRanking`: what has changed since the last one. */
export const rankingChanged = new NotificationType<RankingChange>('archlens/ranking/changed');
