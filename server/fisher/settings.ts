/** What the estimate of the Fisher information and its spectrum depends on, besides the network and the engine. */

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
