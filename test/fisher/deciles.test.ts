import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decileEntropy, deciles } from '../../server/fisher/deciles.ts';

describe('deciles', () => {
  it('interpolate linearly at position q·(P − 1)', () => {
    const ten = Array.from({ length: 11 }, (_, k) => k);
    for (const [index, value] of deciles(ten).entries()) {
      expect(value).toBeCloseTo(index + 1, 12);
    }
    for (const [index, value] of deciles([0, 10]).entries()) {
      expect(value).toBeCloseTo(index + 1, 12);
    }
    expect(deciles([4])).toEqual(new Array(9).fill(4));
  });
});

describe('decileEntropy', () => {
  it('is ln 9 when all are equal and 0 when one is left', () => {
    expect(decileEntropy(new Array<number>(9).fill(3))).toBeCloseTo(Math.log(9), 14);
    expect(decileEntropy([0, 0, 0, 0, 0, 0, 0, 0, 5])).toBeCloseTo(0, 15);
  });

  it('is undefined when there is nothing to normalise', () => {
    expect(decileEntropy(new Array<number>(9).fill(0))).toBeUndefined();
  });

  it('is within its range and does not depend on scale', () => {
    const lists = fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 9, maxLength: 9 });
    fc.assert(
      fc.property(lists, fc.integer({ min: -200, max: 200 }), (list, exponent) => {
        fc.pre(Math.max(...list) > 1e-6);
        const entropy = decileEntropy(list)!;
        expect(entropy).toBeGreaterThanOrEqual(-1e-15);
        expect(entropy).toBeLessThanOrEqual(Math.log(9) + 1e-12);
        expect(decileEntropy(list.map((value) => value * 2 ** exponent))).toBeCloseTo(entropy, 10);
      }),
    );
  });
});
