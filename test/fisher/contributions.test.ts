import { describe, expect, it } from 'vitest';
import { contributions } from '../../server/fisher/contributions.ts';

describe('contributions', () => {
  const tensors = ['conv.0', 'bn.0', 'bn.0', 'dense.0'].map((path) => ({ path }));

  it('are the shares of the trace, summed per op', () => {
    expect(contributions(tensors, [[1, 2, 3, 4]])).toEqual([
      { path: 'conv.0', share: 0.1, tensors: 1 },
      { path: 'bn.0', share: 0.5, tensors: 2 },
      { path: 'dense.0', share: 0.4, tensors: 1 },
    ]);
  });

  it('weigh every seed alike, whatever its scale', () => {
    const shares = contributions(tensors, [
      [1, 0, 0, 0],
      [0, 0, 0, 1e9],
    ]);
    expect(shares.map(({ share }) => share)).toEqual([0.5, 0, 0.5]);
  });
});
