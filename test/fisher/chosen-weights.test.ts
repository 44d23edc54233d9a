import { describe, expect, it } from 'vitest';
import { chooseWeights, elementOf } from '../../server/fisher/chosen-weights.ts';

describe('elementOf', () => {
  it('reads [c mod out, c mod in, 0, 0] of a conv', () => {
    const shape = [4, 3, 3, 3];
    const flat = (out: number, into: number) => (out * 3 + into) * 9;
    expect([0, 1, 2, 3, 4, 5].map((set) => elementOf(shape, set))).toEqual([
      flat(0, 0),
      flat(1, 1),
      flat(2, 2),
      flat(3, 0),
      flat(0, 1),
      flat(1, 2),
    ]);
  });

  it('reads [c mod out, 0, 0, 0] of a depthwise conv', () => {
    expect([0, 1, 7].map((set) => elementOf([6, 1, 5, 5], set))).toEqual([0, 25, 25]);
  });

  it('reads [c mod out, c mod in] of a dense layer and [c mod n] of a vector', () => {
    expect([0, 1, 2, 9, 10].map((set) => elementOf([10, 64], set))).toEqual([
      0,
      65,
      130,
      9 * 64 + 9,
      10, // row 0 again, column 10
    ]);
    expect([0, 1, 2, 3].map((set) => elementOf([3], set))).toEqual([0, 1, 2, 0]);
  });
});

describe('chooseWeights', () => {
  const params = Array.from({ length: 5 }, (_, node) => ({ name: `p${node}`, node, shape: [8, 2] }));

  it('takes the first tensors in declaration order, all if fewer', () => {
    expect(chooseWeights(params, { weights: 3, indexSets: 1 }).map(({ param }) => param.name)).toEqual([
      'p0',
      'p1',
      'p2',
    ]);
    expect(chooseWeights(params, { weights: 128, indexSets: 1 })).toHaveLength(5);
  });

  it('starts with flat index 0 and takes one element per index set', () => {
    expect(chooseWeights(params, { weights: 1, indexSets: 4 })[0]!.elements).toEqual([0, 3, 4, 7]);
  });
});
