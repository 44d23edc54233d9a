import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chooseTensors, chooseWeights, elementOf } from '../../server/fisher/chosen-weights.ts';

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
    const first = { tensors: 'first', indexSets: 1 } as const;
    expect(chooseWeights(params, { ...first, weights: 3 }, 0).map(({ param }) => param.name)).toEqual([
      'p0',
      'p1',
      'p2',
    ]);
    expect(chooseWeights(params, { ...first, weights: 128 }, 0)).toHaveLength(5);
  });

  it('starts with flat index 0 and takes one element per index set', () => {
    const [weight] = chooseWeights(params, { weights: 1, tensors: 'first', indexSets: 4 }, 0);
    expect(weight!.elements).toEqual([0, 3, 4, 7]);
  });
});

describe('chooseTensors', () => {
  it('spreads them evenly, from the first to the last', () => {
    expect(chooseTensors(9, { weights: 5, tensors: 'spread' }, 0)).toEqual([0, 2, 4, 6, 8]);
    expect(chooseTensors(10, { weights: 4, tensors: 'spread' }, 0)).toEqual([0, 3, 6, 9]);
    expect(chooseTensors(10, { weights: 1, tensors: 'spread' }, 0)).toEqual([0]);
  });

  it.each(['first', 'spread', 'random'] as const)(
    'gives so many different ones, ascending: %s',
    (tensors) => {
      fc.assert(
        fc.property(
          fc.integer({ min: 0, max: 300 }),
          fc.integer({ min: 1, max: 300 }),
          fc.nat(),
          (count, weights, seed) => {
            const chosen = chooseTensors(count, { weights, tensors }, seed);
            expect(chosen).toHaveLength(Math.min(count, weights));
            expect(chosen.every((index, place) => index < count && index > (chosen[place - 1] ?? -1))).toBe(
              true,
            );
          },
        ),
      );
    },
  );

  it('draws them anew for every seed, each as often as the others', () => {
    const counts = new Array<number>(10).fill(0);
    const draws = 2000;
    for (let seed = 0; seed < draws; seed++)
      for (const index of chooseTensors(10, { weights: 3, tensors: 'random' }, seed)) counts[index]! += 1;
    // Four standard deviations of a binomial of 2,000 draws at 0.3.
    const tolerance = 4 * Math.sqrt(draws * 0.3 * 0.7);
    for (const count of counts) expect(Math.abs(count - 0.3 * draws)).toBeLessThan(tolerance);
    expect(chooseTensors(10, { weights: 3, tensors: 'random' }, 7)).toEqual(
      chooseTensors(10, { weights: 3, tensors: 'random' }, 7),
    );
  });
});
