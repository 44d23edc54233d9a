import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromContrasts, helmertContrasts } from '../../server/fisher/contrasts.ts';

describe('Helmert contrasts', () => {
  it('are orthonormal and orthogonal to (1, …, 1)', () => {
    for (const classes of [2, 3, 10, 120]) {
      const rows = helmertContrasts(classes, 0, classes - 1);
      const row = (k: number) => rows.subarray(k * classes, (k + 1) * classes);
      for (let k = 0; k < classes - 1; k++) {
        expect(row(k).reduce((sum, value) => sum + value, 0)).toBeCloseTo(0, 12);
        for (let l = 0; l <= k; l++) {
          const product = row(k).reduce((sum, value, c) => sum + value * row(l)[c]!, 0);
          expect(product).toBeCloseTo(k === l ? 1 : 0, 12);
        }
      }
    }
  });

  it('can be cut into ranges', () => {
    const all = helmertContrasts(7, 0, 6);
    expect([...helmertContrasts(7, 0, 2), ...helmertContrasts(7, 2, 6)]).toEqual([...all]);
  });

  it('give back a matrix up to a vector common to all classes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 40 }), fc.integer({ min: 1, max: 5 }), (classes, width) => {
        const jacobian = Float64Array.from({ length: classes * width }, (_, index) => Math.sin(index * 2.3));
        const contrasts = helmertContrasts(classes, 0, classes - 1);
        const projections = new Float64Array((classes - 1) * width);
        for (let k = 0; k < classes - 1; k++) {
          for (let c = 0; c < classes; c++) {
            for (let w = 0; w < width; w++) {
              projections[k * width + w]! += contrasts[k * classes + c]! * jacobian[c * width + w]!;
            }
          }
        }
        const restored = new Float64Array(classes * width);
        fromContrasts(projections, classes, width, restored);
        for (let c = 0; c < classes; c++) {
          for (let w = 0; w < width; w++) {
            const difference = jacobian[c * width + w]! - restored[c * width + w]!;
            expect(difference).toBeCloseTo(jacobian[w]! - restored[w]!, 12);
          }
        }
      }),
    );
  });
});
