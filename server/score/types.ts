import type { EngineFailureReason, EngineInfo } from '../engine/engine.ts';
import type { OpContribution } from '../fisher/contributions.ts';
import type { ScoreSettings } from '../fisher/settings.ts';

export type { OpContribution } from '../fisher/contributions.ts';
export type { Estimator, ScoreSettings, SoftmaxMode } from '../fisher/settings.ts';

export type SettingName = 'live' | 'settled' | 'paper';

/** One seed's result. */
export interface SeedScore {
  readonly seed: number;
  /** Mean over index sets of the entropy of the nine deciles, 0 … ln 9 (docs/score.md#entropy). */
  readonly entropy: number;
  readonly entropies: readonly number[];
  /** Mean over index sets, ascending; length P. */
  readonly eigenvalues: readonly number[];
  /** λ at 0.1 … 0.9, mean over index sets. */
  readonly deciles: readonly number[];
  /** Per chosen weight, mean over index sets: the diagonal of F. */
  readonly diagonal: readonly number[];
  readonly trace: number;
  readonly engine: EngineInfo;
  readonly milliseconds: number;
}

export interface Score {
  readonly state: 'ok';
  readonly vkdnw: number;
  /** Standard error over seeds; absent for one seed. */
  readonly vkdnwSe?: number;
  /** ℵ + VKDNW (docs/score.md#vkdnw_single). */
  readonly single: number;
  readonly layers: number;
  readonly params: number;
  readonly macs: number;
  readonly eigenvalues: readonly number[];
  readonly deciles: readonly number[];
  readonly contributions: readonly OpContribution[];
  readonly seeds: readonly SeedScore[];
  readonly settings: ScoreSettings;
  readonly engine: EngineInfo;
  /** Wall time, building included. */
  readonly milliseconds: number;
  /** Content address: canonical network, settings, seed, engine version. */
  readonly key: string;
}

export type FailureReason =
  /**
   * All deciles are 0: no logit depends on the chosen weights, or too few eigenvalues are positive
   * (docs/score.md#entropy). Also a network without trainable tensors.
   */
  | 'no-signal'
  /** Logits or gradients overflowed float32. */
  | 'overflow'
  /** Fewer than 32 rows (docs/score.md#too-few-rows), or other settings the method refuses. */
  | 'settings'
  | EngineFailureReason;

export interface ScoreFailure {
  readonly state: 'failed';
  readonly reason: FailureReason;
  /** For people: what happened, and the remedy. */
  readonly message: string;
  readonly layers: number;
  readonly params: number;
  readonly macs: number;
  readonly settings: ScoreSettings;
  readonly key: string;
}

export type ScoreOutcome = Score | ScoreFailure;
