import { describe, expect, it } from 'vitest';
import { createBuilder } from '../../server/tensor/builder.ts';
import { evaluateConstants } from '../../server/tensor/interpret.ts';
import { fillNormals } from '../../server/tensor/random.ts';
import { reverse } from '../../server/tensor/transforms/reverse.ts';
import { countExactly, stepsOf } from '../support/steps.ts';
import { heaviest } from './support/heaviest.ts';

countExactly();

/** Steps of work of one size and of another that is four times as large: how many times as many. */
function growth(work: (size: number) => unknown): number {
  const small = stepsOf(() => work(1));
  return stepsOf(() => work(4)) / small;
}

describe('steps of what is done with tensors grow with their size', () => {
  it('drawing values', () => {
    const draw = (size: number) => {
      fillNormals(new Float64Array(10_000 * size), 1, 'w', 1);
    };
    expect(growth(draw)).toBeLessThan(4.4);
    expect(
      stepsOf(() => {
        draw(1);
      }) / 10_000,
    ).toBeLessThan(10);
  });

  it('flipping, tiling and scaling weights', () => {
    const evaluate = (size: number) => {
      const b = createBuilder(1);
      const w = b.constant({ kind: 'fill', value: 1 }, [40 * size, 50, 3, 3]);
      const flipped = b.gather(b.reshape(w, [40 * size, 50, 9]), 2, [8, 7, 6, 5, 4, 3, 2, 1, 0]);
      const swapped = b.reshape(b.transpose(flipped, [1, 0, 2]), [50, 40 * size, 3, 3]);
      const x = b.input('x', [1, 40 * size, 3, 3]);
      const y = b.conv2d(x, b.affine(swapped, 0.5));
      expect(evaluateConstants(b.finish({ y }), 1).constants.size).toBe(1);
    };
    expect(growth(evaluate)).toBeLessThan(4.4);
    expect(
      stepsOf(() => {
        evaluate(1);
      }) /
        (40 * 50 * 9),
    ).toBeLessThan(6);
  });
});

describe('steps of what is done with programs grow with their nodes', () => {
  it('building', () => {
    const build = (size: number) => {
      const b = createBuilder(8);
      let x = b.input('x', [8, 16, 32, 32]);
      for (let i = 0; i < 250 * size; i += 1) {
        const w = b.constant({ kind: 'normal', name: `w${i}`, std: 1 }, [16, 16, 3, 3]);
        const y = b.conv2d(b.unary('relu', x), w, { pads: [1, 1, 1, 1] });
        x = b.add(x, b.affine(y, 0.5));
      }
      expect(b.finish({ x }).nodes.length).toBe(1250 * size + 1);
    };
    expect(growth(build)).toBeLessThan(4.4);
  });

  it('reverse mode of the heaviest network of NAS-Bench-201, nine lanes, 128 weights', () => {
    const derive = (size: number) => {
      const primal = heaviest(size);
      const weights = primal.params.slice(0, 128).map((param) => ({ param, elements: [0] }));
      return reverse(primal, weights, (b) => ({
        value: b.broadcast(b.constant({ kind: 'signs', name: 'c', scale: 1 }, [1, 9, 10]), [b.batch, 9, 10]),
        lanes: 9,
      }));
    };
    expect(growth(derive)).toBeLessThan(4.4);
  });
});
