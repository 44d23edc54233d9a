import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decileEntropy,
  deciles,
  mostEntropy,
  quantileLevels,
  quantiles,
} from '../../server/fisher/deciles.ts';

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

  it('have both ends beside them with the rule of the released code for MobileNetV2', () => {
    const list = [1, 2, 3, 5, 8, 13, 21, 34];
    for (const norm of ['eval', 'calibrated'] as const)
      expect(quantiles(list, quantileLevels(norm))).toEqual(deciles(list));
    expect(quantiles(list, quantileLevels('released-mbv2'))).toEqual([1, ...deciles(list), 34]);
    expect(mostEntropy('eval')).toBe(Math.log(9));
    expect(mostEntropy('released-mbv2')).toBe(Math.log(11));
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
