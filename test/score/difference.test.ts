import { describe, expect, test } from 'vitest';
import { scoreDifference } from '../../server/score/difference.ts';
import { namedSettings } from '../../server/score/settings.ts';
import type { Score, ScoreSettings, SeedScore } from '../../server/score/types.ts';

const engine = { name: 'onnx-cpu', device: 'cpu', version: '1', threads: 2 } as const;

function draw(seed: number, entropies: readonly number[]): SeedScore {
  return {
    seed,
    entropy: entropies.reduce((sum, value) => sum + value, 0) / entropies.length,
    entropies,
    eigenvalues: [],
    deciles: [],
    diagonal: [],
    trace: 1,
    resolution: { rank: 64, largestLogit: 1, largestEigenvalue: 1, saturated: 0 },
    engine,
    milliseconds: 100,
  };
}

function score(seeds: readonly SeedScore[], settings: Partial<ScoreSettings> = {}, layers = 20): Score {
  return {
    state: 'ok',
    vkdnw: 1,
    single: layers + 1,
    layers,
    params: 1,
    macs: 1,
    eigenvalues: [],
    deciles: [],
    contributions: [],
    seeds,
    settings: { ...namedSettings.settled, ...settings, seeds: seeds.length },
    engine,
    milliseconds: 1,
    key: 'k',
  };
}

/** Sixteen entropies that scatter in one way around a mean. */
const around = (mean: number, scatter = 0.3): number[] =>
  Array.from({ length: 16 }, (_, set) => mean + scatter * (set % 2 === 0 ? 1 : -1));

const before = score([draw(0, around(1)), draw(1, around(1.4)), draw(2, around(0.8)), draw(3, around(1.2))]);

describe('the difference of two versions', () => {
  test('pairs draws: what both share cancels, and so does its scatter', () => {
    const now = score(before.seeds.map(({ seed, entropy }) => draw(seed, around(entropy + 0.05))));
    const difference = scoreDifference(now, before)!;
    expect(difference).toMatchObject({ layers: 0, seeds: 4, withinNoise: false });
    expect(difference.vkdnw).toBeCloseTo(0.05, 12);
    expect(difference.vkdnwSe).toBeLessThan(1e-9);
  });

  test('is of the draws that both have', () => {
    const quick = score([draw(0, around(1.1, 0.2)), draw(9, around(5))], {}, 23);
    const difference = scoreDifference(quick, before)!;
    expect(difference).toMatchObject({ layers: 3, seeds: 1 });
    expect(difference.vkdnw).toBeCloseTo(0.1, 12);
    // Its index sets differ by 0.1 ± 0.1: the variance of 16 such numbers, times the measured ratio of the variances.
    expect(difference.vkdnwSe).toBeCloseTo(Math.sqrt((0.3 * 16 * 0.01) / 15), 12);
  });

  // Half of the draws move by 0.03 more, 0.015 on average. Two standard errors, of 4 draws, are 0.0242: of s² = (4 · 0.3 · w + 3 · b) / 7
  // with w = 16 · 0.05² / 15 and b = 0.0003.
  test.each([
    [0.008, true],
    [-0.038, true],
    [0.011, false],
    [-0.041, false],
  ])('of %d is within noise up to two standard errors: %s', (shift, withinNoise) => {
    const now = score(
      before.seeds.map(({ seed, entropy }) => draw(seed, around(entropy + shift + 0.03 * (seed % 2), 0.25))),
    );
    const difference = scoreDifference(now, before)!;
    expect(difference.withinNoise).toBe(withinNoise);
    expect(Math.abs(difference.vkdnw) <= 2 * difference.vkdnwSe).toBe(withinNoise);
  });

  test('is not there where the two cannot be compared', () => {
    expect(scoreDifference(score([draw(7, around(1))]), before)).toBeUndefined();
    expect(scoreDifference(score(before.seeds, { norm: 'calibrated' }), before)).toBeUndefined();
    expect(scoreDifference(score(before.seeds, { samples: 32 }), before)).toBeUndefined();
    const other = { ...score(before.seeds), engine: { ...engine, version: '2' } };
    expect(scoreDifference(other, before)).toBeUndefined();
    // Another first seed, but draws in common.
    expect(scoreDifference(score(before.seeds.slice(1), { seed: 1 }), before)?.seeds).toBe(3);
    // One draw of one index set says nothing of its error.
    const one = score([draw(0, [1])], { indexSets: 1 });
    expect(scoreDifference(one, one)).toBeUndefined();
  });
});
