import { describe, expect, it } from 'vitest';
import { scoreKind } from '../../server/score/store/score-kind.ts';
import type { SeedFailure } from '../../server/score/types.ts';
import { openStore } from '../../server/store/store.ts';

const outcome = (seed: number): SeedFailure => ({ seed, reason: 'no-signal', message: 'none' });

describe('a store in memory', () => {
  it('forgets what was used longest ago', async () => {
    const store = openStore({ ...scoreKind, capacity: 2 });
    await store.set('a', outcome(1));
    await store.set('b', outcome(2));
    expect(await store.get('a')).toEqual(outcome(1));
    await store.set('c', outcome(3));
    expect(await store.get('b')).toBeUndefined();
    expect(await store.get('a')).toEqual(outcome(1));
    expect(await store.get('c')).toEqual(outcome(3));
  });

  it('replaces without growing', async () => {
    const store = openStore({ ...scoreKind, capacity: 2 });
    await store.set('a', outcome(1));
    await store.set('b', outcome(2));
    await store.set('a', outcome(3));
    expect(await store.get('b')).toEqual(outcome(2));
    expect(await store.get('a')).toEqual(outcome(3));
  });
});
