/**
 * The Fisher information as the released code computes it (docs/score.md#released-formula): it multiplies the Jacobian by the Cholesky
 * factor L of Σ = diag(p) − p pᵀ where the paper's formula needs Lᵀ, so F = (1/N) Σ Jᵀ Lᵀ L J. The published numbers
 * use it.
 *
 * L is written in closed form (Tanabe & Sagae 1992, "An exact Cholesky decomposition and the generalized inverse of the
 * variance–covariance matrix of the multinomial distribution"): with tail sums q_j = Σ_{i > j} p_i,
 * ℓ_jj = √(p_j q_j / q_{j−1}) and ℓ_ij = −p_i √(p_j / (q_{j−1} q_j)) for i > j. Σ is singular: the last column is 0.
 */
export interface CholeskyFactor {
  /** ℓ_jj, length C. */
  readonly diagonal: Float64Array;
  /** √(p_j / (q_{j−1} q_j)); 0 for the last. Below the diagonal L is −p_i times this. */
  readonly column: Float64Array;
}

/**
 * L of one sample.
 *
 * @param probabilities `[C]`, positive, of sum 1
 */
export function labelCovarianceFactor(probabilities: Float64Array): CholeskyFactor {
  const classes = probabilities.length;
  const diagonal = new Float64Array(classes);
  const column = new Float64Array(classes);
  let tail = 0;
  for (let j = classes - 1; j >= 0; j--) {
    const p = probabilities[j]!;
    const before = tail + p;
    diagonal[j] = Math.sqrt((p * tail) / before);
    column[j] = tail > 0 ? Math.sqrt(p / (before * tail)) : 0;
    tail = before;
  }
  return { diagonal, column };
}

/** Replaces J `[C, width]` by L J, in place. */
export function multiplyByFactor(probabilities: Float64Array, jacobian: Float64Array, width: number): void {
  const { diagonal, column } = labelCovarianceFactor(probabilities);
  const sum = new Float64Array(width);
  for (let i = 0; i < probabilities.length; i++) {
    const row = i * width;
    for (let w = 0; w < width; w++) {
      const entry = jacobian[row + w]!;
      jacobian[row + w] = diagonal[i]! * entry - probabilities[i]! * sum[w]!;
      sum[w]! += column[i]! * entry;
    }
  }
}
