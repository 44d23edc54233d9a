import type { SampledJacobian } from '../../../server/fisher/jacobian.ts';
import type { FisherInformation } from '../../../server/fisher/information.ts';

/** A dense matrix, for formulas written out in full. */
export type Matrix = readonly (readonly number[])[];

export function matrix(
  rows: number,
  columns: number,
  entry: (row: number, column: number) => number,
): Matrix {
  return Array.from({ length: rows }, (_, row) =>
    Array.from({ length: columns }, (__, column) => entry(row, column)),
  );
}

export function product(a: Matrix, b: Matrix): Matrix {
  return matrix(a.length, b[0]!.length, (row, column) =>
    a[row]!.reduce((sum, value, k) => sum + value * b[k]![column]!, 0),
  );
}

export function transpose(a: Matrix): Matrix {
  return matrix(a[0]!.length, a.length, (row, column) => a[column]![row]!);
}

/**
 * F of index set `set`, `[P, P]`, as docs/score.md#fisher-information, docs/score.md#normalised-softmax and
 * docs/score.md#released-formula write it.
 */
export function bruteForceFisher(
  jacobian: SampledJacobian,
  options: { fisher: 'paper' | 'released'; temperature?: number; set?: number },
): Matrix {
  const { samples, classes, indexSets, weights, logits } = jacobian;
  const [part] = jacobian.parts;
  let total = matrix(weights, weights, () => 0);
  for (let n = 0; n < samples; n++) {
    const z = Array.from(logits.subarray(n * classes, (n + 1) * classes));
    const mean = z.reduce((sum, value) => sum + value, 0) / classes;
    const deviation = Math.sqrt(z.reduce((sum, value) => sum + (value - mean) ** 2, 0) / classes);
    const scale = options.temperature === undefined ? 1 : deviation > 0 ? options.temperature / deviation : 0;
    const largest = Math.max(...z);
    const powers = z.map((value) => Math.exp(scale * (value - largest)));
    const p = powers.map(
      (value) => (0.95 * value) / powers.reduce((sum, each) => sum + each, 0) + 0.05 / classes,
    );
    const covariance = matrix(
      classes,
      classes,
      (c, d) => scale ** 2 * ((c === d ? p[c]! : 0) - p[c]! * p[d]!),
    );
    const j = matrix(classes, weights, (c, w) => {
      return part!.data[((n * classes + c) * indexSets + (options.set ?? 0)) * weights + w]!;
    });
    const factor = cholesky(covariance);
    const middle = options.fisher === 'paper' ? covariance : product(transpose(factor), factor);
    const term = product(product(transpose(j), middle), j);
    total = matrix(weights, weights, (row, column) => total[row]![column]! + term[row]![column]! / samples);
  }
  return total;
}

/** Lower triangular L with L Lᵀ = a; a pivot that rounding makes negative counts as 0. */
function cholesky(a: Matrix): Matrix {
  const l = a.map((row) => row.map(() => 0));
  for (let j = 0; j < a.length; j++) {
    for (let i = j; i < a.length; i++) {
      const rest = a[i]![j]! - l[i]!.slice(0, j).reduce((sum, value, k) => sum + value * l[j]![k]!, 0);
      if (i === j) {
        l[j]![j] = Math.sqrt(Math.max(0, rest));
      } else {
        l[i]![j] = l[j]![j]! > 1e-9 ? rest / l[j]![j]! : 0;
      }
    }
  }
  return l;
}

/** F from what the estimator collected: only where it has at least as many rows as weights. */
export function collected(information: FisherInformation, samples: number): Matrix {
  const { matrix: lower, size } = information.smallest(samples);
  return matrix(size, size, (row, column) => lower[Math.max(row, column) * size + Math.min(row, column)]!);
}

/** Largest difference over the largest entry of `expected`. */
export function relativeDifference(actual: Matrix, expected: Matrix): number {
  const entries = expected.flat();
  const largest = Math.max(...entries.map(Math.abs));
  return Math.max(...actual.flat().map((value, index) => Math.abs(value - entries[index]!))) / largest;
}
