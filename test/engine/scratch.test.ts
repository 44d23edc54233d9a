import { describe, expect, it } from 'vitest';
import { Scratch } from '../../server/engine/scratch.ts';

describe('the memory of jobs', () => {
  it('is the same from the second job on, and clean', () => {
    const scratch = new Scratch();
    scratch.reset();
    const first = scratch.floats(1000);
    expect(scratch.spilled).toBeGreaterThan(0);
    scratch.reset();
    const second = scratch.floats(1000).fill(7);
    expect(scratch.spilled).toBe(0);
    scratch.reset();
    const third = scratch.floats(1000);
    expect(third.buffer).toBe(second.buffer);
    expect(third.buffer).not.toBe(first.buffer);
    expect(third.every((value) => value === 0)).toBe(true);
  });

  it('never overlaps within a job, whatever is taken', () => {
    const scratch = new Scratch();
    for (const lengths of [
      [3, 5, 7],
      [3, 5, 7],
      [100, 1],
      [2, 2, 300, 1],
    ]) {
      scratch.reset();
      const arrays = lengths.map((length, i) => scratch.floats(length).fill(i + 1));
      scratch.bytes(13).fill(255);
      for (const [i, array] of arrays.entries()) expect([...new Set(array)]).toEqual([i + 1]);
    }
  });

  it('leaves what is too large to the collector', () => {
    const scratch = new Scratch();
    for (let job = 0; job < 2; job += 1) {
      scratch.reset();
      scratch.bytes(200e6);
      expect(scratch.spilled).toBeGreaterThanOrEqual(200e6);
    }
  });
});
