import type { FailureReason, FisherFailureReason } from '../base/failure-reasons.ts';
import type { EngineInfo } from '../engine/engine.ts';
import type { OpContribution } from '../fisher/contributions.ts';
import type { Resolution } from '../fisher/resolution.ts';
import type { ScoreSettings } from '../fisher/settings.ts';
import type { ScoreMark } from './marks.ts';

export type { OpContribution } from '../fisher/contributions.ts';
export type { Estimator, ScoreNorm, ScoreSettings, SoftmaxMode, TensorChoice } from '../fisher/settings.ts';

/** The settings that have a name: docs/score.md#settings. */
export type SettingName = 'live' | 'settled' | 'paper';

/** The result of one draw: of weights, samples and signs from one seed. P chosen tensors, M index sets. */
export interface SeedScore {
  readonly seed: number;
  /** Mean over index sets of the entropy of the deciles, 0 … ln 9, or ln 11 (docs/score.md#entropy). */
  readonly entropy: number;
  /** By index set. */
  readonly entropies: readonly number[];
  /** Of F, mean over index sets, ascending; length P. */
  readonly eigenvalues: readonly number[];
  /** Quantiles of the eigenvalues, mean over index sets: 0.1 … 0.9, with `released-mbv2` 0 … 1 (docs/score.md#deciles). */
  readonly deciles: readonly number[];
  /** Diagonal of F, mean over index sets; length P. */
  readonly diagonal: readonly number[];
  /** Of F: the sum of `diagonal`. */
  readonly trace: number;
  readonly resolution: Resolution;
  readonly engine: EngineInfo;
  /** Wall time of computing it, building included; of a stored result that of then. */
  readonly milliseconds: number;
}

/** A draw that has no spectrum, for a reason that another try would meet again. */
export interface SeedFailure {
  readonly seed: number;
  readonly reason: FisherFailureReason;
  readonly message: string;
}

export type SeedOutcome = SeedScore | SeedFailure;

/** The score of a network: means over draws (docs/score.md). A plain value. */
export interface Score {
  readonly state: 'ok';
  /** Mean over draws of the entropy, in nats, 0 … ln 9, or ln 11; more is better. */
  readonly vkdnw: number;
  /** Standard error (docs/score.md#standard-errors); absent for one seed of few index sets. */
  readonly vkdnwSe?: number;
  /** ℵ + VKDNW (docs/score.md#vkdnw_single). */
  readonly single: number;
  /** ℵ: trainable layers. */
  readonly layers: number;
  /** Trainable numbers. */
  readonly params: number;
  /** Multiply-accumulates for one sample. */
  readonly macs: number;
  /** Mean over draws, ascending; length P. */
  readonly eigenvalues: readonly number[];
  /** Mean over draws. */
  readonly deciles: readonly number[];
  /** Of the chosen weights alone; those of all tensors are in an `Insight`. */
  readonly contributions: readonly OpContribution[];
  /** What takes something from the number; absent where nothing does. */
  readonly marks?: readonly ScoreMark[];
  /** The draws, in the order of their seeds. */
  readonly seeds: readonly SeedScore[];
  readonly settings: ScoreSettings;
  readonly engine: EngineInfo;
  /** Sum over the draws. */
  readonly milliseconds: number;
  /** Content address: canonical network, settings, seed, engine version. */
  readonly key: string;
}

/** Why a network has no score under these settings. A plain value. */
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
