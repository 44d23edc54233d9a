import { describe, expect, it } from 'vitest';
import { exponent, spearman, spearmanInterval, summarise } from '../../bench/statistics.ts';
import { families, randomNetworks } from '../../bench/random-networks.ts';
import { networkHash } from '../../server/score/key.ts';
import { namedSettings, refusal } from '../../server/score/settings.ts';

describe('statistics', () => {
  it('correlate ranks, ties by their average', () => {
    expect(spearman([1, 2, 3, 4], [10, 20, 30, 1000])).toBeCloseTo(1, 12);
    expect(spearman([1, 2, 3, 4], [4, 3, 2, 1])).toBeCloseTo(-1, 12);
    expect(spearman([1, 2, 3, 4], [1, 3, 2, 4])).toBeCloseTo(0.8, 12);
    // Ranks 1, 2.5, 2.5, 4 against 1, 2, 3, 4.
    expect(spearman([1, 2, 2, 4], [1, 2, 3, 4])).toBeCloseTo(4.5 / Math.sqrt(4.5 * 5), 12);
    expect(spearman([1, 1, 1], [1, 2, 3])).toBeUndefined();
  });

  it('put an interval around a correlation that narrows with more pairs', () => {
    const [few, many] = [spearmanInterval(0.9, 30), spearmanInterval(0.9, 300)];
    expect(few[0]).toBeLessThan(many[0]);
    expect(many[0]).toBeLessThan(0.9);
    expect(many[1]).toBeGreaterThan(0.9);
    expect(few[1]).toBeLessThan(1);
  });

  it('find the exponent of a power law', () => {
    const sizes = [3, 5, 20, 70];
    for (const power of [0, 0.5, 1, 2]) {
      expect(
        exponent(
          sizes,
          sizes.map((size) => 7 * size ** power),
        ),
      ).toBeCloseTo(power, 12);
    }
  });

  it('order values', () => {
    expect(summarise([5, 1, 4, 2, 3])).toEqual({ median: 3, p95: 5, min: 1, max: 5, count: 5 });
  });
});

describe('random networks', () => {
  it.each(families)('of %s are different, the same in every run, and can be scored', (family) => {
    const networks = randomNetworks(family, 12);
    expect(new Set(networks.map(networkHash)).size).toBe(12);
    expect(randomNetworks(family, 12).map(networkHash)).toEqual(networks.map(networkHash));
    for (const { classes } of networks) expect(refusal(namedSettings.live, classes)).toBeUndefined();
  });
});
