import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { labelCovarianceFactor, multiplyByFactor } from '../../server/fisher/released.ts';

const distributions = fc
  .array(fc.double({ min: 0.01, max: 1, noNaN: true }), { minLength: 2, maxLength: 12 })
  .map((weights) => {
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    return Float64Array.from(weights, (weight) => weight / total);
  });

function factorMatrix(p: Float64Array): number[][] {
  const { diagonal, column } = labelCovarianceFactor(p);
  return Array.from(p, (pi, i) =>
    Array.from(p, (_, j) => (i === j ? diagonal[j]! : i > j ? -pi * column[j]! : 0)),
  );
}

describe('the Cholesky factor of the label covariance', () => {
  it('is lower triangular with L Lᵀ = diag(p) − p pᵀ', () => {
    fc.assert(
      fc.property(distributions, (p) => {
        const factor = factorMatrix(p);
        for (let i = 0; i < p.length; i++) {
          for (let j = 0; j < p.length; j++) {
            const product = factor[i]!.reduce((sum, entry, k) => sum + entry * factor[j]![k]!, 0);
            expect(product).toBeCloseTo((i === j ? p[i]! : 0) - p[i]! * p[j]!, 14);
          }
        }
      }),
    );
  });

  it('multiplies a matrix in place', () => {
    fc.assert(
      fc.property(distributions, (p) => {
        const width = 3;
        const jacobian = Float64Array.from({ length: p.length * width }, (_, index) =>
          Math.sin(index * 1.7 + 1),
        );
        const original = jacobian.slice();
        multiplyByFactor(p, jacobian, width);
        for (const [i, row] of factorMatrix(p).entries()) {
          for (let w = 0; w < width; w++) {
            const expected = row.reduce((sum, entry, j) => sum + entry * original[j * width + w]!, 0);
            expect(jacobian[i * width + w]).toBeCloseTo(expected, 13);
          }
        }
      }),
    );
  });
});
