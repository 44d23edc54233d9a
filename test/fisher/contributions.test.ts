import { describe, expect, it } from 'vitest';
import { contributions } from '../../server/fisher/contributions.ts';

describe('contributions', () => {
  const tensors = ['conv.0', 'bn.0', 'bn.0', 'dense.0'].map((path) => ({ path }));

  it('are the shares of the trace, summed per op', () => {
    expect(contributions(tensors, [{ chosen: [0, 1, 2, 3], diagonal: [1, 2, 3, 4] }])).toEqual([
      { path: 'conv.0', share: 0.1, tensors: 1 },
      { path: 'bn.0', share: 0.5, tensors: 2 },
      { path: 'dense.0', share: 0.4, tensors: 1 },
    ]);
  });

  it('weigh every seed alike, whatever its scale', () => {
    const chosen = [0, 1, 2, 3];
    const shares = contributions(tensors, [
      { chosen, diagonal: [1, 0, 0, 0] },
      { chosen, diagonal: [0, 0, 0, 1e9] },
    ]);
    expect(shares.map(({ share }) => share)).toEqual([0.5, 0, 0.5]);
  });

  it('are of the tensors that any draw has read, in the order of the network', () => {
    const draws = [
      { chosen: [1, 3], diagonal: [1, 3] },
      { chosen: [0, 1], diagonal: [1, 1] },
    ];
    expect(contributions(tensors, draws)).toEqual([
      { path: 'conv.0', share: 0.25, tensors: 1 },
      { path: 'bn.0', share: 0.375, tensors: 1 },
      { path: 'dense.0', share: 0.375, tensors: 1 },
    ]);
  });
});
