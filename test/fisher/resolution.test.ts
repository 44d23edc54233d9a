import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deciles } from '../../server/fisher/deciles.ts';
import {
  explosionOf,
  mostRank,
  refuseExplosion,
  requireRank,
  resolvedQuantiles,
  resolvedRank,
  type Resolution,
} from '../../server/fisher/resolution.ts';
import { isOneClass, smoothedProbabilities } from '../../server/fisher/smoothing.ts';
import { nasBench201 } from '../../server/network/nasbench201.ts';
import { markList, marksBeside, marksOf } from '../../server/score/marks.ts';
import { Scorer } from '../../server/score/scorer.ts';
import { namedSettings } from '../../server/score/settings.ts';
import type { ScoreSettings } from '../../server/score/types.ts';
import { CountingEngine } from '../score/support/engine.ts';
import { networkOf } from './support/networks.ts';

const settings: ScoreSettings = { ...namedSettings.live, samples: 32, indexSets: 4, seeds: 1 };

/** `positive` eigenvalues of 1 at the end of `length`. */
function spectrum(length: number, positive: number): Float64Array {
  return Float64Array.from({ length }, (_, index) => (index >= length - positive ? 1 : 0));
}

describe('what float32 tells from 0', () => {
  it('ends at P·2⁻⁴⁸ of the largest eigenvalue', () => {
    const limit = 4 * 2 ** -48;
    expect(resolvedRank(Float64Array.of(0, limit, 1.001 * limit, 1))).toBe(2);
    expect(resolvedRank(Float64Array.of(0, 0, 0))).toBe(0);
    expect(resolvedRank(Float64Array.of(0, 0, 2 ** 66 * limit, 2 ** 66))).toBe(1);
  });

  it.each([1, 2, 9, 10, 11, 21, 66, 100, 128, 131])('counts quantiles of %i as they are taken', (length) => {
    for (let rank = 0; rank <= length; rank++) {
      const positive = deciles(spectrum(length, rank)).filter((value) => value > 1e-9).length;
      expect(resolvedQuantiles(rank, length, 'eval')).toBe(positive);
    }
  });

  it('can be no more than there are rows', () => {
    expect(mostRank({ ...settings, samples: 32 }, 10, 128)).toBe(32);
    expect(mostRank({ ...settings, estimator: { kind: 'exact' }, samples: 64 }, 2, 128)).toBe(64);
    expect(mostRank({ ...settings, estimator: { kind: 'exact' }, samples: 64 }, 10, 128)).toBe(128);
  });

  it('leaves one class of a softmax whose others are below 2⁻²⁵', () => {
    const alike = (gap: number) =>
      isOneClass(smoothedProbabilities([gap, 0], { kind: 'paper' }).probabilities);
    expect(alike(17.2)).toBe(false);
    expect(alike(17.4)).toBe(true);
    expect(
      isOneClass(smoothedProbabilities([1e9, 0], { kind: 'normalised', temperature: 3 }).probabilities),
    ).toBe(false);
  });
});

describe('one positive decile', () => {
  const of = (rank: number, largestLogit = 1, largestEigenvalue = 1) => ({
    rank,
    largestLogit,
    largestEigenvalue,
    saturated: 0,
  });

  it('is refused, and two are not', () => {
    expect(() => {
      requireRank(of(25), 128, 'eval');
    }).toThrow(/25 of 128/);
    requireRank(of(26), 128, 'eval');
  });

  it('is laid to what explodes: logits from 2²⁴, gradients from eigenvalues of 2⁴⁸ on', () => {
    expect(explosionOf(of(1, 2 ** 24 - 1, 2 ** 47))).toBeUndefined();
    expect(explosionOf(of(1, 2 ** 24, 2 ** 49))).toBe('logits');
    expect(explosionOf(of(1, 1, 2 ** 48))).toBe('gradients');
    refuseExplosion([spectrum(128, 25)], of(25), 32, 'eval');
    refuseExplosion([spectrum(128, 26)], of(26, 1e9), 32, 'eval');
    expect(() => {
      refuseExplosion([spectrum(128, 25)], of(25, 1e9), 32, 'eval');
    }).toThrow(/logits explode.*--norm calibrated/);
    expect(() => {
      refuseExplosion([spectrum(128, 25)], of(25, 1, 1e20), 32, 'calibrated');
    }).toThrow(/gradients explode.*Add normalisation/);
    // Two deciles of the five that 64 rows give.
    expect(() => {
      refuseExplosion([spectrum(128, 31)], of(31, 1e9), 64, 'eval');
    }).toThrow(/31 of 64 .*2 of 5 deciles/);
    // None in one index set of many.
    expect(() => {
      refuseExplosion([spectrum(128, 40), spectrum(128, 3)], of(40, 1e9), 40, 'eval');
    }).toThrow(/explode/);
  });
});

describe('a score by the engine', () => {
  let scorer: Scorer;
  let engine: CountingEngine;
  beforeAll(() => {
    engine = new CountingEngine();
    scorer = new Scorer(engine);
  });
  afterAll(() => engine.dispose());

  /** Sums of residuals grow until every tanh is ±1, so that no gradient passes, and what follows is squared three times. */
  const exploding = networkOf(`
    block Product() {
      image = identity
      conv(channels, 1x1) -> mul(image) -> bn
    }
    model Exploding {
      input 3x3x3
      classes 4
      conv(8, 1x1) -> bn
      repeat 30 { residual { conv(8, 1x1) -> bn -> relu } }
      bn -> tanh
      repeat 10 { conv(8, 1x1) }
      repeat 3 { Product() }
      gap -> dense(classes)
    }
  `);

  it('names an explosion, with the remedy, and keeps the state', async () => {
    const outcome = await scorer.score(exploding, settings);
    expect(outcome).toMatchObject({ state: 'failed', reason: 'exploding' });
    expect(outcome).toHaveProperty('message', expect.stringContaining('--norm calibrated'));
    const runs = engine.runs;
    expect(await scorer.score(exploding, settings)).toEqual(outcome);
    expect(await scorer.stored(exploding, settings)).toEqual(outcome);
    expect(engine.runs).toBe(runs);
  });

  it('has a number by the remedy, without a mark', async () => {
    const score = await scorer.score(exploding, { ...settings, norm: 'calibrated' });
    if (score.state !== 'ok') throw new Error(score.message);
    expect(score.vkdnw).toBeGreaterThan(0.05);
    expect(score.marks).toBeUndefined();
  });

  it('names too few directions where nothing explodes', async () => {
    // Nothing but the bias of the last layer reaches the output: one of ten weights.
    const dead = nasBench201('|none~0|+|none~0|none~1|+|none~0|none~1|none~2|', { channels: 4, cells: 1 });
    const outcome = await scorer.score(dead, { ...settings, weights: 10, tensors: 'spread' });
    expect(outcome).toMatchObject({ state: 'failed', reason: 'low-rank' });
  });

  it('keeps a number beside which an explosion, a lower rank or saturation is named', async () => {
    const deep = networkOf(`
      model Deep {
        input 6x6x3
        classes 4
        conv(8, 3x3) -> bn
        repeat 60 { residual { conv(8, 3x3) -> bn -> relu } }
        gap -> dense(classes)
      }
    `);
    const score = await scorer.score(deep, settings);
    if (score.state !== 'ok') throw new Error(score.message);
    expect(score.marks?.map(({ kind }) => kind)).toEqual(['exploding', 'saturated']);
    expect(marksBeside(score.marks)).toBe(' (logits explode)');
    expect(markList(score.marks)).toBe('logits explode; softmax saturated');
  });

  it('has a mark for the layers that the output does not depend on', async () => {
    const unread = networkOf(`
      model Aux {
        input 6x6x3
        classes 4
        stem = conv(8, 3x3) -> relu
        repeat 3 { conv(8, 3x3) }
        stem -> gap -> dense(classes)
      }
    `);
    const score = await scorer.score(unread, settings);
    if (score.state !== 'ok') throw new Error(score.message);
    expect(score.layers).toBe(2);
    expect(score.single).toBeCloseTo(2 + score.vkdnw, 12);
    expect(score.marks).toContainEqual(expect.objectContaining({ kind: 'unused', short: '3 unused layers' }));
    expect(marksBeside(score.marks)).toContain('3 unused layers');
  });
});

describe('the marks of a score', () => {
  const draw: Resolution = { rank: 32, largestLogit: 1, largestEigenvalue: 1, saturated: 0.9 };
  const marks = (...draws: readonly Resolution[]) => marksOf(draws, settings, { weights: 66, classes: 10 });

  it('are none where all is well', () => {
    expect(marks(draw)).toEqual([]);
    expect(marks({ ...draw, saturated: 1 }, draw)).toEqual([]);
    // As many deciles as 32 give.
    expect(marks({ ...draw, rank: 28 })).toEqual([]);
  });

  it('have the rank of the median draw where it takes a decile', () => {
    expect(marks({ ...draw, rank: 19 })).toMatchObject([{ kind: 'rank', short: 'rank(F) 19 of 32' }]);
    expect(marks(draw, { ...draw, rank: 19 }, draw)).toEqual([]);
    expect(marks(draw, { ...draw, rank: 19 })).toHaveLength(1);
  });
});
