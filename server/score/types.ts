import type { EngineFailureReason, EngineInfo } from '../engine/engine.ts';

export type Estimator =
  | { readonly kind: 'exact' }
  /** R random sign cotangents per sample (reference §2). */
  | { readonly kind: 'sketch'; readonly signs: number };

export type SoftmaxMode =
  | { readonly kind: 'paper' }
  /** Reference §2: p = .95·softmax(T·z/sd(z)) + .05/C, a departure from the paper. */
  | { readonly kind: 'normalised'; readonly temperature: number };

/** Everything that decides a score besides the network, the seed and the engine. */
export interface ScoreSettings {
  readonly estimator: Estimator;
  /** N: images in the batch. N·R below 32 is refused. */
  readonly samples: number;
  /** P: the first P parameter tensors give a weight each (128). */
  readonly weights: number;
  /** M: elements read per tensor (reference §2, "index sets"). */
  readonly indexSets: number;
  /** S: independent draws of weights, input and signs; their entropies are averaged. */
  readonly seeds: number;
  readonly softmax: SoftmaxMode;
  /** `paper`: Jᵀ Σ J. `released`: Jᵀ LᵀL J with the Cholesky factor of Σ (reference §3). */
  readonly fisher: 'paper' | 'released';
  /** Evaluation mode at initialisation (reference §1.4). The only mode of the spine. */
  readonly norm: 'eval';
  /** First seed; draw s uses `seed + s`. */
  readonly seed: number;
}

export type SettingName = 'live' | 'settled' | 'paper';

/** One seed's result. */
export interface SeedScore {
  readonly seed: number;
  /** Mean over index sets of the entropy of the nine deciles, reference §1.9. */
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

/** Share of the trace of F over an op's sampled weights. */
export interface OpContribution {
  /** `NetworkNode.path` */
  readonly path: string;
  /** 0 … 1; sums to 1 over all ops with sampled weights. */
  readonly share: number;
  /** How many of its tensors are among the chosen. */
  readonly tensors: number;
}

export interface Score {
  readonly state: 'ok';
  readonly vkdnw: number;
  /** Standard error over seeds; absent for one seed. */
  readonly vkdnwSe?: number;
  /** ℵ + VKDNW, reference §1.10. */
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
  /** All eigenvalues are zero: no signal reaches the output (reference §1.9). */
  | 'no-signal'
  /** Logits or gradients overflowed float32. */
  | 'overflow'
  /** N·R below 32, or other settings the method refuses. */
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
