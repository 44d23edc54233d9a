import { describe, expect, it } from 'vitest';
import { createBuilder, type Value } from '../../server/tensor/builder.ts';
import { compareModes, programCost } from '../../server/tensor/cost.ts';
import type { PrimalProgram } from '../../server/tensor/ir.ts';
import { ruleOf } from '../../server/tensor/ops/index.ts';
import { reverse } from '../../server/tensor/transforms/reverse.ts';

describe('programCost', () => {
  it('counts multiply-accumulates, traffic, constants and the peak', () => {
    const b = createBuilder(2);
    const x = b.input('x', [2, 4, 6, 6]);
    const w = b.constant({ kind: 'normal', name: 'w', std: 1 }, [8, 2, 3, 3]);
    const y = b.conv2d(x, b.affine(w, 0.5), { groups: 2, pads: [1, 1, 1, 1] });
    const flat = b.reshape(b.unary('relu', y), [2, 288]);
    const z = b.matmul(flat, b.constant({ kind: 'normal', name: 'v', std: 1 }, [3, 288]), {
      transposeB: true,
    });
    b.unary('exp', y);
    const cost = programCost(b.finish({ z }));
    expect(cost.macs).toBe(2 * 8 * 36 * 2 * 9 + 2 * 3 * 288);
    expect(cost.constantBytes).toBe(4 * (8 * 2 * 9 + 3 * 288));
    const [xs, ys, zs] = [2 * 4 * 36, 2 * 8 * 36, 2 * 3];
    expect(cost.bytesTouched).toBe(4 * (xs + 144 + ys + ys + ys + ys + 864 + zs));
    // The convolution's result and its relu; x is gone by then, the reshape is a view.
    expect(cost.peakBytes).toBe(4 * 2 * ys);
  });

  it('of the transpose of a convolution of patches is that of the convolution', () => {
    const b = createBuilder(1);
    const source = { kind: 'normal', name: 'w', std: 1 } as const;
    const [x, weight] = [b.input('x', [1, 3, 32, 32]), b.constant(source, [8, 3, 16, 16])];
    const op = { op: 'conv2d', stride: [16, 16], pads: [0, 0, 0, 0], dilation: [1, 1], groups: 1 } as const;
    const y = b.conv2d(x, weight, op);
    const { derivative } = ruleOf(op);
    if (derivative === 'zero almost everywhere') throw new Error('It has a derivative.');
    const map = derivative(b, { id: 2, op, inputs: [0, 1], operands: [x, weight], result: y }, 0);
    const back = map.transpose({ value: b.input('y', y.shape), lanes: 1 });
    const macsOfOutput = (value: Value): number => programCost(b.finish({ out: value })).macs;
    expect(macsOfOutput(back.value)).toBe(macsOfOutput(y));
  });

  it('grows in proportion to the batch', () => {
    const costs = [1, 3].map((batch) => {
      const b = createBuilder(batch);
      let x = b.input('x', [batch, 4, 6, 6]);
      for (let i = 0; i < 4; i += 1) {
        const w = b.constant({ kind: 'normal', name: `w${i}`, std: 1 }, [4, 4, 3, 3]);
        x = b.add(x, b.conv2d(x, w, { pads: [1, 1, 1, 1] }));
      }
      return programCost(b.finish({ x }));
    });
    expect(costs[1]!.macs).toBe(3 * costs[0]!.macs);
    expect(costs[1]!.peakBytes).toBe(3 * costs[0]!.peakBytes);
    expect(costs[1]!.constantBytes).toBe(costs[0]!.constantBytes);
  });
});

/** A chain of convolutions, and its logits. */
function chain(length: number, classes: number): PrimalProgram {
  const b = createBuilder(2);
  let x = b.input('x', [2, 4, 8, 8]);
  const params = Array.from({ length }, (_, i) => {
    const shape = [4, 4, 3, 3];
    const w = b.constant({ kind: 'normal', name: `w${i}`, std: 1 }, shape);
    x = b.unary('relu', b.conv2d(x, w, { pads: [1, 1, 1, 1] }));
    return { name: `w${i}`, node: w.node, shape };
  });
  const features = b.reshape(b.reduce('mean', x, [2, 3]), [2, 4]);
  const logits = b.matmul(features, b.constant({ kind: 'normal', name: 'v', std: 1 }, [4, classes]));
  return { program: b.finish({ logits }), params, logits: logits.node, nodeValues: [] };
}

describe('compareModes', () => {
  const first = (primal: PrimalProgram) => primal.params.map((param) => ({ param, elements: [0] }));

  it('prefers reverse mode for few lanes, forward mode for few weights', () => {
    const primal = chain(12, 100);
    expect(compareModes(primal, first(primal), 1).cheaper).toBe('reverse');
    expect(compareModes(primal, first(primal), 99).cheaper).toBe('forward');
    expect(compareModes(primal, first(primal).slice(-1), 9).cheaper).toBe('forward');
  });

  it('counts repeated elements once and distinct ones each', () => {
    const primal = chain(3, 4);
    const once = compareModes(primal, first(primal), 2);
    const with16 = (element: (set: number) => number) =>
      compareModes(
        primal,
        primal.params.map((param) => ({
          param,
          elements: Array.from({ length: 16 }, (_, set) => element(set)),
        })),
        2,
      );
    expect(with16(() => 5)).toEqual(once);
    expect(with16((set) => set).forward).toBeGreaterThan(5 * once.forward);
    expect(with16((set) => set).reverse).toBe(once.reverse);
  });

  it('counts a weight that is broadcast before it meets the input, as a class token is', () => {
    const b = createBuilder(2);
    const x = b.input('x', [2, 3, 4]);
    const shape = [1, 1, 4];
    const token = b.constant({ kind: 'normal', name: 'token', std: 1 }, shape);
    const tokens = b.concat([b.broadcast(token, [2, 1, 4]), x], 1);
    const weights = b.constant({ kind: 'normal', name: 'v', std: 1 }, [4, 5]);
    const logits = b.matmul(b.reshape(b.reduce('mean', tokens, [1]), [2, 4]), weights);
    const params = [{ name: 'token', node: token.node, shape }];
    const primal = { program: b.finish({ logits }), params, logits: logits.node, nodeValues: [] };
    const { forward } = compareModes(primal, first(primal), 2);
    const alone = compareModes(primal, [], 2).forward;
    expect(forward).toBeGreaterThan(alone);
    expect(forward).toBeLessThan(2.1 * alone);
  });

  it('counts about the multiply-accumulates that reverse mode takes', () => {
    const primal = chain(6, 10);
    const program = reverse(primal, first(primal), (b, logits) => ({
      value: b.softmax(logits),
      lanes: 1,
    }));
    const { macs } = programCost(program);
    const forwardMacs = programCost(primal.program).macs;
    // No derivative by the input: one convolution less.
    expect(macs).toBeLessThan(2 * forwardMacs);
    expect(macs).toBeGreaterThan(1.7 * forwardMacs);
  });
});
