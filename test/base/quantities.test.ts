import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  formatBytes,
  formatChange,
  formatCorrelation,
  formatCount,
  formatDifference,
  formatDuration,
  formatScientific,
  formatScore,
  formatShare,
  formatSingle,
  formatSize,
  formatTimeLeft,
  ordinal,
  plural,
  textBar,
  textGauge,
} from '../../server/base/quantities.ts';

describe('formatCount', () => {
  test.each([
    [0, '0'],
    [864, '864'],
    [999, '999'],
    [1000, '1 K'],
    [12_345, '12.3 K'],
    [99_900, '99.9 K'],
    [99_970, '0.10 M'],
    [114_600, '0.11 M'],
    [175_258, '0.18 M'],
    [272_474, '0.27 M'],
    [504_999, '0.50 M'],
    [999_400, '1.00 M'],
    [3_504_872, '3.5 M'],
    [40_813_184, '40.8 M'],
    [999_600_000, '1 G'],
    [300_774_272, '301 M'],
    [309e9, '309 G'],
    [1.5e12, '1.5 T'],
    [999_400_000_000_000, '999 T'],
    [999_600_000_000_000, '1.00·10¹⁵'],
    [1e15, '1.00·10¹⁵'],
    [1e30, '1.00·10³⁰'],
    [9.849e20, '9.85·10²⁰'],
  ])('%d is %s', (value, text) => {
    expect(formatCount(value)).toBe(text);
  });

  test('is within half a percent, or half of the last digit shown', () => {
    const factor: Readonly<Record<string, number>> = { '': 1, K: 1e3, M: 1e6, G: 1e9, T: 1e12 };
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 999_499_999_999_999 }), (value) => {
        const [digits = '', unit = ''] = formatCount(value).split(' ');
        const shown = Number(digits.replaceAll(',', '')) * factor[unit]!;
        expect(Math.abs(shown - value)).toBeLessThanOrEqual(Math.max(value * 0.005, unit === 'M' ? 5000 : 0));
      }),
    );
  });
});

test.each([
  [1n, '1'],
  [15_625n, '15,625'],
  [999_999_999_999_999n, '999,999,999,999,999'],
  [10n ** 30n, '1.00·10³⁰'],
  [12_345n * 10n ** 20n, '1.23·10²⁴'],
  [9n ** 22n, '9.85·10²⁰'],
  [9_996n * 10n ** 16n, '1.00·10²⁰'],
])('formatSize(%d) is %s', (value, text) => {
  expect(formatSize(value)).toBe(text);
});

test('an entropy has three digits, and its standard error where there is one', () => {
  expect(formatScore(1.23449)).toBe('1.234');
  expect(formatScore(1.2345678, 0.0117)).toBe('1.235 ± 0.012');
  expect(formatSingle(83, 0.6812, 0.0131)).toBe('83 layers + 0.681 ± 0.013');
  expect(formatSingle(1, 0.6812)).toBe('1 layer + 0.681');
});

test.each([
  [0.04, '0.0 ms'],
  [9.94, '9.9 ms'],
  [32.4, '32 ms'],
  [999.6, '1.0 s'],
  [1400, '1.4 s'],
  [59_960, '1 min 0 s'],
  [125_000, '2 min 5 s'],
  [3_599_600, '1 h 0 min'],
  [11_220_000, '3 h 7 min'],
])('formatDuration(%d) is %s', (value, text) => {
  expect(formatDuration(value)).toBe(text);
});

test.each([
  [0, '0 %'],
  [0.00005, '< 0.01 %'],
  [0.0004, '0.04 %'],
  [0.0316, '3.2 %'],
  [0.0421, '4.2 %'],
  [0.994, '99 %'],
  // Not all is left out of all.
  [0.9981, '99.8 %'],
  [1, '100 %'],
  [2.34, '234 %'],
])('formatShare(%d) is %s', (value, text) => {
  expect(formatShare(value)).toBe(text);
});

test('a change of three orders of magnitude leaves something', () => {
  expect(formatChange(107e6, 0.2e6)).toBe('−99.8 %');
});

test('a change that is nearly none keeps its sign where it is read', () => {
  expect(formatChange(1e7, 1e7 + 500)).toBe('< +0.01 %');
  expect(formatChange(1e7, 1e7 - 500)).toBe('> −0.01 %');
});

test.each([
  [0.0099, '9.9·10⁻³'],
  [0.00999, '0.01'],
  [994, '990'],
  [999, '1.0·10³'],
  [1000, '1.0·10³'],
])('formatScientific(%d) is %s, as that of the number it is rounded to', (value, text) => {
  expect(formatScientific(value)).toBe(text);
});

test('a difference has a sign, and none where it is rounded to nothing but known how well', () => {
  expect([0.0123, -0.3, 0.0004].map((value) => formatDifference(value))).toEqual([
    '+0.012',
    '−0.300',
    '±0.000',
  ]);
  expect(formatDifference(-0.0123, 0.008)).toBe('−0.012 ± 0.008');
  expect(formatDifference(-0.0001, 0.008)).toBe('0.000 ± 0.008');
});

test.each([
  [0, '0 B'],
  [853, '853 B'],
  [12_345, '12.3 kB'],
  [999_700, '1 MB'],
  [256e6, '256 MB'],
  [2.344e9, '2.34 GB'],
])('formatBytes(%d) is %s', (value, text) => {
  expect(formatBytes(value)).toBe(text);
});

test.each([
  [39_200, '40 s'],
  [60_000, '1 min'],
  [61_000, '2 min'],
  [2 * 3_600_000 + 5 * 60_000, '2 h 5 min'],
])('formatTimeLeft(%d) is %s', (value, text) => {
  expect(formatTimeLeft(value)).toBe(text);
});

test('correlations are printed as papers do', () => {
  expect([0.5784, -0.2331, 1].map(formatCorrelation)).toEqual(['.578', '−.233', '1.000']);
});

describe('textBar', () => {
  test.each([
    [0, '░░░░'],
    [1e-9, '▏░░░'],
    [0.25, '█░░░'],
    [0.3, '█▎░░'],
    [1, '████'],
    [7, '████'],
  ])('%d fills %s', (share, bar) => {
    expect(textBar(share, 4)).toBe(bar);
  });
});

test('a noun takes its plural from the count', () => {
  expect([plural(1, 'error'), plural(0, 'error'), plural(1200, 'error')]).toEqual([
    '1 error',
    '0 errors',
    '1,200 errors',
  ]);
});

test.each([
  [0, '▱▱▱▱▱▱'],
  [0.001, '▰▱▱▱▱▱'],
  [0.38, '▰▰▱▱▱▱'],
  [0.5, '▰▰▰▱▱▱'],
  [0.99, '▰▰▰▰▰▱'],
  [1, '▰▰▰▰▰▰'],
])('a gauge of %d', (share, text) => {
  expect(textGauge(share)).toBe(text);
});

test.each([
  [0, '0th'],
  [1, '1st'],
  [11, '11th'],
  [22, '22nd'],
  [53, '53rd'],
  [100, '100th'],
])('the ordinal of %d', (value, text) => {
  expect(ordinal(value)).toBe(text);
});
