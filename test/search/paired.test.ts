// What may be called an improvement, and what not.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isImprovement, pairedDifference, studentQuantile } from '../../server/search/paired.ts';
import { meaning, verdictText } from '../../server/search/wording.ts';
import { cases } from '../support/property-runs.ts';

const draws = (entropies: readonly number[], first = 0): { seed: number; entropy: number }[] =>
  entropies.map((entropy, index) => ({ seed: first + index, entropy }));

describe('a paired difference', () => {
  test('has the standard error of the differences, not of the scores', () => {
    const { entropy, error, margin, delta, withinNoise } = pairedDifference(
      draws([1, 1.5, 0.5, 1.2]),
      draws([1.1, 1.62, 0.59, 1.31]),
      0,
    );
    // Differences .1 .12 .09 .11: mean .105, s = √(.0005 / 3), over √4; t(.975, 3) = 3.182.
    expect(entropy).toBeCloseTo(0.105, 12);
    expect(error).toBeCloseTo(Math.sqrt(0.0005 / 3) / 2, 12);
    expect(margin).toBeCloseTo((3.182 * Math.sqrt(0.0005 / 3)) / 2, 12);
    expect(delta).toBe(entropy);
    expect(withinNoise).toBe(false);
  });

  test('pairs by seed, whatever the order, and leaves out what has no partner', () => {
    const { entropy } = pairedDifference(draws([1, 2, 3]), [...draws([2.5, 3.5, 9], 1)].reverse(), 0);
    expect(entropy).toBeCloseTo(0.5, 12);
  });

  test('counts layers exactly', () => {
    const { delta, layers } = pairedDifference(draws([1, 1.1, 1.2, 1]), draws([1, 1, 1.3, 1.1]), 2);
    expect(layers).toBe(2);
    expect(delta).toBeCloseTo(2.025, 12);
  });

  test('of one seed is within noise, however large', () => {
    const difference = pairedDifference(draws([0]), draws([2]), 5);
    expect(difference.margin).toBeUndefined();
    expect(isImprovement(difference)).toBe(false);
  });

  test('is never called better or an improvement within noise', () => {
    const entropies = fc.array(fc.double({ min: 0, max: 2.2, noNaN: true }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(entropies, entropies, fc.integer({ min: -2, max: 2 }), (a, b, layers) => {
        const difference = pairedDifference(draws(a), draws(b), layers);
        const { delta, margin } = difference;
        const inside = margin === undefined || Math.abs(delta) <= margin;
        expect(isImprovement(difference)).toBe(!inside && delta > 0);
        const verdict = { state: 'scored', difference, single: 1 } as const;
        expect(meaning(verdict) === 'within noise').toBe(inside);
        expect(meaning(verdict)).not.toBe('better');
        expect(verdictText(verdict).endsWith('within noise')).toBe(inside);
      }),
      cases(200),
    );
  });
});

test('quantiles of Student’s t are those of tables', () => {
  expect(studentQuantile(1)).toBe(12.706);
  expect(studentQuantile(9)).toBe(2.262);
  expect(studentQuantile(30)).toBe(2.042);
  expect(studentQuantile(1000)).toBe(2.042);
  expect(studentQuantile(7, 0.99)).toBe(3.499);
  expect(studentQuantile(15, 0.99)).toBe(2.947);
});
