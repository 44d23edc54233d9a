import { describe, expect, test } from 'vitest';
import { namedSettings } from '../../server/score/settings.ts';
import { liveSettings } from '../../server/scoring/live-settings.ts';

const small = { layers: 20, params: 272_474, macs: 40.8e6 };
const medium = { layers: 54, params: 3.5e6, macs: 200e6 };
const large = { layers: 54, params: 25.6e6, macs: 4.09e9 };

describe('what is shown first', () => {
  test('are the first three draws of the score, made as all of them are', () => {
    expect(liveSettings(small, 10, namedSettings.settled)).toEqual(namedSettings.live);
    const asked = { ...namedSettings.settled, norm: 'calibrated', seed: 7, seeds: 50 } as const;
    expect(liveSettings(small, 10, asked)).toEqual({ ...asked, seeds: 3 });
  });

  test('are fewer draws of a network for which three would take long', () => {
    expect(liveSettings(medium, 1000, namedSettings.settled)).toEqual({ ...namedSettings.settled, seeds: 2 });
    expect(liveSettings(large, 1000, namedSettings.settled)).toEqual({ ...namedSettings.settled, seeds: 1 });
  });

  test('are as many as may be computed unasked', () => {
    const seeds = (limit: number): number => liveSettings(small, 10, namedSettings.settled, limit).seeds;
    expect([0, 6e9, 11e9, 16e9].map(seeds)).toEqual([1, 1, 2, 3]);
  });

  test('is the whole score where that has no more draws', () => {
    expect(liveSettings(small, 10, namedSettings.paper)).toEqual(namedSettings.paper);
    expect(liveSettings(small, 10, namedSettings.live)).toEqual(namedSettings.live);
  });
});
