/** What the estimate of the Fisher information and its spectrum depends on, besides the network and the engine. */

/** How F is estimated: docs/score.md#estimators. */
export type Estimator =
  | { readonly kind: 'exact' }
  /** R random sign vectors per sample: docs/score.md#sketch. */
  | { readonly kind: 'sketch'; readonly signs: number };

/** The argument of the softmax: the logits, or the logits over their standard deviation. */
export type SoftmaxMode =
  | { readonly kind: 'paper' }
  /** p = .95·softmax(T·z / sd(z)) + .05/C, a departure from the paper: docs/score.md#normalised-softmax. */
  | { readonly kind: 'normalised'; readonly temperature: number };

/** What batch norms are frozen at while a score is computed: docs/score.md#norms. */
export type ScoreNorm = 'eval' | 'calibrated' | 'released-mbv2';

/** Which parameter tensors are read where a network has more than P: docs/score.md#chosen-weights. */
export type TensorChoice = 'first' | 'spread' | 'random';

/** Everything that decides a score besides the network, the seed and the engine. */
export interface ScoreSettings {
  readonly estimator: Estimator;
  /** N: samples in the batch. Fewer than 32 rows are refused (docs/score.md#too-few-rows). */
  readonly samples: number;
  /** P: so many parameter tensors give a weight each (128), all if there are fewer. */
  readonly weights: number;
  readonly tensors: TensorChoice;
  /** M: elements read per tensor (docs/score.md#index-sets). */
  readonly indexSets: number;
  /** S: independent draws of weights, input and signs; their entropies are averaged. */
  readonly seeds: number;
  readonly softmax: SoftmaxMode;
  /** `paper`: Jᵀ Σ J. `released`: Jᵀ LᵀL J with the Cholesky factor of Σ (docs/score.md#released-formula). */
  readonly fisher: 'paper' | 'released';
  readonly norm: ScoreNorm;
  /** First seed; draw s uses `seed + s`. */
  readonly seed: number;
}
