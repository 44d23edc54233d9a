import fc from 'fast-check';
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { pacedEigenvalues, symmetricEigenvalues } from '../../server/fisher/symmetric-eigenvalues.ts';
import { Pacer } from '../../server/base/pacer.ts';
import { cases } from '../support/property-runs.ts';

function oracle(matrix: Float64Array, size: number): number[] {
  const rows = Array.from({ length: size }, (_, row) =>
    Array.from(matrix.subarray(row * size, (row + 1) * size)),
  );
  return new EigenvalueDecomposition(new Matrix(rows), { assumeSymmetric: true }).realEigenvalues.sort(
    (a, b) => a - b,
  );
}

function expectSameSpectrum(matrix: Float64Array, size: number): void {
  const actual = symmetricEigenvalues(matrix, size);
  const expected = oracle(matrix, size);
  const largest = Math.max(...expected.map(Math.abs));
  for (let k = 0; k < size; k++) {
    expect(Math.abs(actual[k]! - expected[k]!)).toBeLessThanOrEqual(1e-13 * size * largest);
  }
}

/** Xᵀ X with the given entries, of rank at most `rows`. */
function gram(entries: readonly number[], rows: number, size: number): Float64Array {
  const matrix = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      for (let r = 0; r < rows; r++) {
        matrix[i * size + j]! += entries[r * size + i]! * entries[r * size + j]!;
      }
    }
  }
  return matrix;
}

describe('symmetricEigenvalues', () => {
  it('gives the known spectrum of the second-difference matrix', () => {
    const size = 50;
    const matrix = new Float64Array(size * size);
    for (let i = 0; i < size; i++) {
      matrix[i * size + i] = 2;
      if (i > 0) {
        matrix[i * size + i - 1] = matrix[(i - 1) * size + i] = -1;
      }
    }
    const actual = symmetricEigenvalues(matrix, size);
    for (let k = 1; k <= size; k++) {
      expect(actual[k - 1]).toBeCloseTo(2 - 2 * Math.cos((k * Math.PI) / (size + 1)), 13);
    }
  });

  it('agrees with ml-matrix on indefinite, graded and rank-deficient matrices', () => {
    const shapes = fc.record({
      size: fc.integer({ min: 1, max: 24 }),
      rows: fc.integer({ min: 1, max: 30 }),
      grading: fc.double({ min: -1, max: 1, noNaN: true }),
    });
    fc.assert(
      fc.property(shapes, fc.infiniteStream(fc.integer({ min: -1000, max: 1000 })), (shape, stream) => {
        const { size, rows, grading } = shape;
        const entries = Array.from({ length: rows * size }, (_, index) => {
          return ((stream.next().value ?? 0) / 1000) * Math.exp(grading * (index % size));
        });
        expectSameSpectrum(gram(entries, rows, size), size);
        const indefinite = new Float64Array(size * size);
        for (let i = 0; i < size; i++) {
          for (let j = 0; j <= i; j++) {
            indefinite[i * size + j] = indefinite[j * size + i] = entries[(i * 7 + j) % entries.length]!;
          }
        }
        expectSameSpectrum(indefinite, size);
      }),
      cases(100),
    );
  });

  it('keeps scale: tiny and huge matrices neither vanish nor overflow', () => {
    for (const scale of [1e-300, 1e-160, 1e160, 1e300]) {
      const [low, high] = symmetricEigenvalues(Float64Array.of(2 * scale, scale, scale, 2 * scale), 2);
      expect(low! / scale).toBeCloseTo(1, 14);
      expect(high! / scale).toBeCloseTo(3, 14);
    }
  });

  it('reads the lower triangle only and leaves the matrix alone', () => {
    const matrix = Float64Array.of(2, 99, 1, 2);
    expect(symmetricEigenvalues(matrix, 2)).toEqual(symmetricEigenvalues(Float64Array.of(2, 1, 1, 2), 2));
    expect(matrix).toEqual(Float64Array.of(2, 99, 1, 2));
  });

  it('handles the empty, the zero and the diagonal matrix', () => {
    expect(symmetricEigenvalues(new Float64Array(0), 0)).toHaveLength(0);
    expect(Array.from(symmetricEigenvalues(new Float64Array(9), 3))).toEqual([0, 0, 0]);
    expect(Array.from(symmetricEigenvalues(Float64Array.of(3, 0, 0, 0, -1, 0, 0, 0, 2), 3))).toEqual([
      -1, 2, 3,
    ]);
  });

  it('refuses what is not a number', () => {
    expect(() => symmetricEigenvalues(Float64Array.of(1, 0, NaN, 1), 2)).toThrow(RangeError);
    expect(() => symmetricEigenvalues(Float64Array.of(Infinity), 1)).toThrow(RangeError);
  });
});

describe('with pauses', () => {
  it('gives the same, and lets events in between its rows', async () => {
    const size = 40;
    const matrix = Float64Array.from({ length: size * size }, (_, at) => {
      const [i, j] = [Math.floor(at / size), at % size];
      return Math.cos(i * j) + Math.cos(i + j);
    });
    let events = 0;
    const count = (): void => {
      events += 1;
      if (!done) setImmediate(count);
    };
    let done = false;
    setImmediate(count);
    // Each step takes longer than no time at all.
    const found = await pacedEigenvalues(matrix, size, new Pacer(-1));
    done = true;
    expect(events).toBeGreaterThanOrEqual(size - 1);
    expect(found).toEqual(symmetricEigenvalues(matrix, size));
  });

  it('has the same failures', async () => {
    await expect(pacedEigenvalues(new Float64Array([NaN]), 1)).rejects.toThrow(RangeError);
  });
});
