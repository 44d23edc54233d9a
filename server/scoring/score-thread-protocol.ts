import type { EngineStatus } from '../engine/engine.ts';
import type { EngineReport } from '../engine/pool/report.ts';
import type { EngineName } from '../engine/registry.ts';
import type { Network } from '../network/network.ts';
import type { EntryProxies } from '../ranking/entry.ts';
import type { InsightOutcome } from '../score/insight/insight.ts';
import type { Score, ScoreOutcome, ScoreSettings } from '../score/types.ts';
import type { StoreSize } from '../store/entry-folder.ts';
import type { EngineSettings } from '../protocol/settings.ts';

/** What the thread scores with. */
export interface ScoringSettings {
  readonly engine: EngineSettings;
  readonly store: {
    /** Bytes on disk; 0: results are kept in memory only. */
    readonly limit: number;
    /** For a user whose cache folder cannot be written. */
    readonly fallback?: string;
  };
}

/** From the server's main thread to the thread that scores. Jobs name networks that were sent before by their numbers. */
export type ToScoreThread =
  | {
      readonly type: 'network';
      readonly number: number;
      readonly network: Network;
      /** `networkHash` of it. */
      readonly hash: string;
    }
  /** No later job is about this network. */
  | { readonly type: 'forget'; readonly number: number }
  | {
      readonly type: 'score';
      readonly id: number;
      readonly network: number;
      readonly settings: ScoreSettings;
      /** Whatever the store knows. */
      readonly anew: boolean;
    }
  | {
      readonly type: 'stored';
      readonly id: number;
      readonly network: number;
      readonly settings: ScoreSettings;
    }
  /** What is inside a score that the network has. */
  | { readonly type: 'insight'; readonly id: number; readonly network: number; readonly score: Score }
  /** Other scores of a network, by their names. */
  | {
      readonly type: 'proxies';
      readonly id: number;
      readonly network: number;
      readonly settings: ScoreSettings;
      readonly names: readonly string[];
    }
  | { readonly type: 'cancel'; readonly id: number }
  /** Something more urgent waits for the engine. */
  | { readonly type: 'wanted'; readonly id: number }
  /** Answers `between`: the next piece of work may start. */
  | { readonly type: 'go-on'; readonly id: number }
  | { readonly type: 'configure'; readonly settings: ScoringSettings }
  | { readonly type: 'clear-store'; readonly id: number }
  /** Tests the engines that have not been tested, or only one, anew. */
  | { readonly type: 'survey'; readonly id: number; readonly only?: EngineName }
  | { readonly type: 'restart' }
  | { readonly type: 'dispose' };

/** From the thread that scores to the main thread of the server; `id` is that of the request it belongs to. */
export type FromScoreThread =
  | {
      readonly type: 'seed';
      readonly id: number;
      readonly partial: Score;
      readonly done: number;
      readonly total: number;
    }
  /** Between two draws, or two pieces of an insight's work: waits for `go-on` or `cancel`. */
  | { readonly type: 'between'; readonly id: number }
  | { readonly type: 'outcome'; readonly id: number; readonly outcome: ScoreOutcome | undefined }
  | { readonly type: 'insight'; readonly id: number; readonly outcome: InsightOutcome }
  | { readonly type: 'proxies'; readonly id: number; readonly outcome: EntryProxies }
  | { readonly type: 'store-cleared'; readonly id: number; readonly size: StoreSize }
  /** A bug: scoring has no other way to fail. */
  | { readonly type: 'error'; readonly id: number; readonly message: string }
  | { readonly type: 'status'; readonly status: EngineStatus }
  /** Part of the answer to `survey`; the last is `done`. */
  | {
      readonly type: 'engines';
      readonly id: number;
      readonly reports: readonly EngineReport[];
      readonly done: boolean;
    }
  | { readonly type: 'log'; readonly line: string }
  | { readonly type: 'disposed' };
