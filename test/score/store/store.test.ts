import { describe, expect, it } from 'vitest';
import { MemoryScoreStore, type SeedFailure } from '../../../server/score/store/store.ts';

const outcome = (seed: number): SeedFailure => ({ seed, reason: 'no-signal', message: 'none' });

describe('MemoryScoreStore', () => {
  it('forgets what was used longest ago', async () => {
    const store = new MemoryScoreStore(2);
    await store.set('a', outcome(1));
    await store.set('b', outcome(2));
    expect(await store.get('a')).toEqual(outcome(1));
    await store.set('c', outcome(3));
    expect(await store.get('b')).toBeUndefined();
    expect(await store.get('a')).toEqual(outcome(1));
    expect(await store.get('c')).toEqual(outcome(3));
  });

  it('replaces without growing', async () => {
    const store = new MemoryScoreStore(2);
    await store.set('a', outcome(1));
    await store.set('b', outcome(2));
    await store.set('a', outcome(3));
    expect(await store.get('b')).toEqual(outcome(2));
    expect(await store.get('a')).toEqual(outcome(3));
  });
});
