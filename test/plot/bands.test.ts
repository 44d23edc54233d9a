import { describe, expect, test } from 'vitest';
import { bandsText, bandsTogether, strongestBand } from '../../server/plot/bands.ts';

const rising = Array.from({ length: 10 }, (_, band) => band / 100);
const low = [null, ...Array.from({ length: 9 }, (_, band) => (band === 0 ? 0.5 : 0.01))];

describe('the bands of ops', () => {
  test('are added up, but for those without information and ops without weights', () => {
    expect(bandsTogether([{ bands: rising }, {}, { bands: rising }])?.[9]).toBeCloseTo(0.18, 12);
    expect(bandsTogether([{ bands: low }, { bands: low }])?.slice(0, 2)).toEqual([null, 1]);
    expect(bandsTogether([{}, {}])).toBeUndefined();
  });

  test('say where most of an op is', () => {
    expect(strongestBand(rising)).toEqual({ name: 'highest tenth', share: 0.09 });
    expect(strongestBand(low)).toEqual({ name: '2nd tenth', share: 0.5 });
  });

  test('are there in words', () => {
    expect(bandsText(low)).toBe(
      'Most in the 2nd tenth of the spectrum (50 %). From the lowest tenth: nothing to hold, 50 %, 1 %, 1 %, 1 %, 1 %, 1 %, 1 %, 1 %, 1 %.',
    );
  });
});
