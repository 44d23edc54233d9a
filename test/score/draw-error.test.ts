import { describe, expect, test } from 'vitest';
import { drawError } from '../../server/score/draw-error.ts';

/** Eight entropies around a mean, whose variance is 8 · 0.01 / 7. */
const sets = (mean: number): number[] => [1, -1, 1, -1, 1, -1, 1, -1].map((sign) => mean + 0.1 * sign);
const within = (8 * 0.01) / 7;

describe('the standard error of a few draws', () => {
  test('of one follows from the scatter of its index sets', () => {
    expect(drawError([sets(1)])).toBeCloseTo(Math.sqrt(0.3 * within), 12);
  });

  test('weighs what the draws and what their index sets say by degrees of freedom', () => {
    const between = 0.5 * 0.2 ** 2;
    const variance = (4 * 0.3 * within + between) / 5;
    expect(drawError([sets(1), sets(1.2)])).toBeCloseTo(Math.sqrt(variance / 2), 12);
  });

  test('of many is that of their own scatter', () => {
    const draws = Array.from({ length: 400 }, (_, index) => sets(index % 2 === 0 ? 1 : 3));
    expect(drawError(draws)).toBeCloseTo(1 / Math.sqrt(400), 3);
  });

  test('is that of the draws alone where there are few index sets, and unknown for one of them', () => {
    expect(drawError([[1], [1.2]])).toBeCloseTo(0.1, 12);
    expect(drawError([[1, 2, 3]])).toBeUndefined();
  });
});
