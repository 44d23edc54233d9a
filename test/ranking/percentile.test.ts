import { describe, expect, test } from 'vitest';
import { isScored } from '../../server/ranking/entry.ts';
import { percentileOf, rivalsOf, type Percentile } from '../../server/ranking/percentile.ts';
import { entry, large } from './support.ts';

const own = { model: 'Own', vkdnw: 1, macs: 100e6 };

function percentile(others: readonly Parameters<typeof entry>[0][]): Percentile | undefined {
  const all = [own, ...others].map(entry);
  const [first] = all;
  if (first === undefined || !isScored(first)) throw new Error('It has a score.');
  return percentileOf(first, rivalsOf(first, all));
}

const rivals = (count: number, change: Partial<Parameters<typeof entry>[0]> = {}) =>
  Array.from({ length: count }, (_, index) => ({
    model: `Rival${index}`,
    vkdnw: 0.55 + index / 10,
    macs: 90e6,
    ...change,
  }));

describe('the percentile of a network', () => {
  test('is the share of its rivals that score lower', () => {
    // .55 to .95 are lower: five of eight.
    expect(percentile(rivals(8))).toEqual({ value: 63, rivals: 8, macs: [90e6, 90e6] });
    expect(percentile(rivals(8, { vkdnw: 0.5 }))?.value).toBe(100);
    expect(percentile(rivals(8, { vkdnw: 1.5 }))?.value).toBe(0);
    expect(percentile(rivals(8, { vkdnw: 1 }))?.value).toBe(50);
  });

  test('is among eight others at least', () => {
    expect(percentile(rivals(7))).toBeUndefined();
  });

  test('is among networks of at most twice and at least half the cost', () => {
    const [first, second, ...rest] = rivals(9);
    const within = [{ ...first!, macs: 50e6 }, { ...second!, macs: 200e6 }, ...rest];
    expect(percentile(within)).toMatchObject({ rivals: 9, macs: [50e6, 200e6] });
    const beyond = [{ ...first!, macs: 49e6 }, { ...second!, macs: 201e6 }, ...rest];
    expect(percentile(beyond)).toBeUndefined();
  });

  test('is among networks of its task, also where tasks are merged', () => {
    expect(percentile(rivals(8, { task: large }))).toBeUndefined();
  });
});
