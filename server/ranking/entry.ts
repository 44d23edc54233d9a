import type { FailureReason } from '../base/failure-reasons.ts';
import type { EngineInfo } from '../engine/engine.ts';
import type { ScoreSettings } from '../fisher/settings.ts';
import type { ScoreMark } from '../score/marks.ts';
import type { Score } from '../score/types.ts';
import type { Outline } from '../worth/comparison.ts';
import type { Task } from './task.ts';

/** Where a model of the ranking stands. Only `scored` and `quick` have a number. */
export type EntryState =
  /** Its score is of the text as it is, and complete. */
  | 'scored'
  /** Its score is of the text as it is, from the first draws: the rest is costlier than is computed unasked. */
  | 'quick'
  /** Waits for its turn. */
  | 'waiting'
  | 'scoring'
  /** Not scored, and nobody has asked for it: the ranking was not started, or was stopped. */
  | 'unscored'
  /** Costlier than is scored unasked. */
  | 'costly'
  /** The engine answered with a named failure. */
  | 'failed'
  /** Errors in the text leave no network to score. */
  | 'invalid';

/** A score, and what makes it comparable with others. */
export interface EntryScore {
  /** Entropy of the deciles, 0 … ln 9. */
  readonly vkdnw: number;
  /** Standard error; absent for one seed of few index sets. */
  readonly vkdnwSe?: number;
  /** ℵ + VKDNW. */
  readonly single: number;
  /** What takes something from the number; absent where nothing does. */
  readonly marks?: readonly ScoreMark[];
  readonly settings: ScoreSettings;
  readonly engine: EngineInfo;
}

/** A model of a file. A plain value: it is sent, stored and printed. */
export interface RankingEntry {
  /** Unique in its ranking. */
  readonly id: string;
  readonly uri: string;
  /** The file for people: relative to its workspace folder, or as named on the command line. */
  readonly file: string;
  readonly model: string;
  /** Line of the name, from 0. */
  readonly line: number;
  readonly state: EntryState;
  /** Why it failed. */
  readonly reason?: FailureReason;
  /** For people: why it failed, or is invalid. */
  readonly message?: string;
  /** Exactly in the states `scored` and `quick`. */
  readonly score?: EntryScore;
  /** In the state `quick`: about how long the rest takes. */
  readonly secondsToSettle?: number;
  /** In the state `quick`: the seeds of the settled score. */
  readonly settledSeeds?: number;
  /** What it is for; absent, as its size is, without a network. */
  readonly task?: Task;
  /** How it is made, `residual conv` (docs/ranking.md#families). */
  readonly family?: string;
  /** In what it differs from others. */
  readonly outline?: Outline;
  /** Trainable layers, ℵ. */
  readonly layers?: number;
  readonly params?: number;
  /** Multiply-accumulates for one sample. */
  readonly macs?: number;
  /** Other scores, where they were asked for. */
  readonly proxies?: EntryProxies;
}

/** Other training-free scores of a network, and how they were made. A plain value. */
export interface EntryProxies {
  readonly values: Readonly<Record<string, number>>;
  /** By name, why one has no value. */
  readonly failed: Readonly<Record<string, string>>;
  /** For people: engine, seeds, version. */
  readonly made: string;
}

/** What a ranking keeps of a score. */
export function entryScore({ vkdnw, vkdnwSe, single, marks, settings, engine }: Score): EntryScore {
  return {
    vkdnw,
    ...(vkdnwSe === undefined ? {} : { vkdnwSe }),
    single,
    ...(marks === undefined ? {} : { marks }),
    settings,
    engine,
  };
}

export type ScoredEntry<Entry extends RankingEntry = RankingEntry> = Entry & { readonly score: EntryScore };

export function isScored<Entry extends RankingEntry>(entry: Entry): entry is ScoredEntry<Entry> {
  return entry.score !== undefined;
}

/** Whether it waits for a click: a quick score that can be settled, or one on request. */
export function isUnsettled({ state }: RankingEntry): boolean {
  return state === 'quick' || state === 'costly' || state === 'unscored';
}

/** States that want the reader's attention. */
export function isError({ state }: RankingEntry): boolean {
  return state === 'failed' || state === 'invalid';
}
