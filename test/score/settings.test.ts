import { describe, expect, it } from 'vitest';
import {
  formatSettings,
  namedSettings,
  normAndTensors,
  parseCount,
  parseEstimator,
  parseFisher,
  parseNorm,
  parseSettingName,
  parseSoftmax,
  parseTensors,
  refusal,
  settingNameOf,
  SettingsError,
} from '../../server/score/settings.ts';

describe('named settings', () => {
  it('are those of docs/score.md#settings', () => {
    expect(namedSettings.live).toMatchObject({ samples: 64, indexSets: 16, seeds: 3, weights: 128 });
    expect(namedSettings.settled).toMatchObject({ samples: 64, indexSets: 16, seeds: 4, weights: 128 });
    expect(namedSettings.paper).toMatchObject({
      estimator: { kind: 'exact' },
      samples: 64,
      indexSets: 1,
      seeds: 1,
      weights: 128,
    });
  });

  it('are recognised whatever the first seed', () => {
    expect(settingNameOf({ ...namedSettings.live, seed: 7 })).toBe('live');
    expect(settingNameOf({ ...namedSettings.live, seeds: 2 })).toBeUndefined();
  });

  it('say how a score was made, with what departs from the paper', () => {
    expect(formatSettings(namedSettings.settled)).toBe('sketch:1, N 64, P 128, M 16, S 4, seed 0');
    expect(
      formatSettings({
        ...namedSettings.paper,
        softmax: { kind: 'normalised', temperature: 3 },
        fisher: 'released',
      }),
    ).toBe("exact, N 64, P 128, M 1, S 1, seed 0, softmax normalised:3 (not the paper's), fisher released");
    expect(formatSettings({ ...namedSettings.live, norm: 'calibrated', tensors: 'spread' })).toBe(
      "sketch:1, N 64, P 128, M 16, S 3, seed 0, norms calibrated (not the paper's), tensors spread",
    );
    expect(formatSettings({ ...namedSettings.paper, norm: 'released-mbv2', tensors: 'random' })).toBe(
      'exact, N 64, P 128, M 1, S 1, seed 0, norms released-mbv2, tensors random',
    );
  });

  it('have another name with other norms or other tensors', () => {
    expect(settingNameOf({ ...namedSettings.settled, norm: 'calibrated' })).toBeUndefined();
    expect(settingNameOf({ ...namedSettings.settled, tensors: 'spread' })).toBeUndefined();
  });

  it('read tensors at random with the norms of the released code, unless others are asked for', () => {
    const { paper } = namedSettings;
    const released = { norm: 'released-mbv2' } as const;
    expect(normAndTensors(paper, {})).toEqual({ norm: 'eval', tensors: 'first' });
    expect(normAndTensors(paper, released)).toEqual({ ...released, tensors: 'random' });
    expect(normAndTensors(paper, { ...released, tensors: 'spread' })).toEqual({
      ...released,
      tensors: 'spread',
    });
    expect(normAndTensors(paper, { norm: 'calibrated' })).toEqual({ norm: 'calibrated', tensors: 'first' });
  });
});

describe('parsing', () => {
  it('reads what can be written', () => {
    expect(parseSettingName('live')).toBe('live');
    expect(parseEstimator('exact')).toEqual({ kind: 'exact' });
    expect(parseEstimator('sketch:8')).toEqual({ kind: 'sketch', signs: 8 });
    expect(parseSoftmax('paper')).toEqual({ kind: 'paper' });
    expect(parseSoftmax('normalised:2.5')).toEqual({ kind: 'normalised', temperature: 2.5 });
    expect(parseFisher('released')).toBe('released');
    expect(parseNorm('calibrated')).toBe('calibrated');
    expect(parseTensors('spread')).toBe('spread');
    expect(parseCount('samples', '64')).toBe(64);
    expect(parseCount('seed', '0')).toBe(0);
  });

  it.each([
    ['a setting', () => parseSettingName('fast'), /fast.*live, settled, paper/],
    ['an estimator', () => parseEstimator('sketch'), /sketch:R/],
    ['no signs', () => parseEstimator('sketch:0'), /sketch:R/],
    ['a softmax', () => parseSoftmax('normalised:0'), /normalised:T/],
    [
      'norms',
      () => parseNorm('train'),
      /'train' is not a mode of norms; use eval, calibrated, released-mbv2\./,
    ],
    ['tensors', () => parseTensors('last'), /'last' is not a choice of tensors; use first, spread, random\./],
    ['a formula', () => parseFisher('code'), /paper or released/],
    ['a fraction', () => parseCount('samples', '1.5'), /whole number from 1 to/],
    ['a negative count', () => parseCount('seeds', '-1'), /whole number/],
    ['nothing', () => parseCount('weights', ''), /whole number/],
  ])('refuses %s that cannot be, and says what can', (_, parse, message) => {
    expect(parse).toThrow(SettingsError);
    expect(parse).toThrow(message);
  });
});

describe('refusal', () => {
  const sketch = { ...namedSettings.live, estimator: { kind: 'sketch', signs: 1 } } as const;

  it('refuses fewer than 32 rows and names the remedy', () => {
    expect(refusal({ ...sketch, samples: 32 }, 10)).toBeUndefined();
    expect(refusal({ ...sketch, samples: 31 }, 10)).toMatch(/31·1 .* at least 32 samples, or sketch:2/);
    expect(refusal({ ...sketch, samples: 8, estimator: { kind: 'sketch', signs: 4 } }, 10)).toBeUndefined();
  });

  it('counts C − 1 rows per sample for the exact estimator', () => {
    expect(refusal({ ...namedSettings.paper, samples: 4 }, 10)).toBeUndefined();
    expect(refusal({ ...namedSettings.paper, samples: 3 }, 10)).toMatch(/3·9 .* at least 4 samples/);
    expect(refusal({ ...namedSettings.paper, samples: 31 }, 2)).toMatch(/at least 32 samples/);
  });

  it('refuses a single class', () => {
    expect(refusal(namedSettings.paper, 1)).toMatch(/at least 2 classes/);
  });
});
