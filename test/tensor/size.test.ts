import { describe, expect, it } from 'vitest';
import { splitConstants } from '../../server/tensor/liveness.ts';
import { reverse } from '../../server/tensor/transforms/reverse.ts';
import { heaviest } from './support/heaviest.ts';

describe('the heaviest NAS-Bench-201 network, nine lanes, 128 weights', () => {
  const build = () => {
    const primal = heaviest();
    const weights = primal.params.slice(0, 128).map((param) => ({ param, elements: [0] }));
    return reverse(primal, weights, (b) => ({
      value: b.broadcast(b.constant({ kind: 'signs', name: 'c', scale: 1 }, [1, 9, 10]), [b.batch, 9, 10]),
      lanes: 9,
    }));
  };

  it('is a small program of rank 4, without reshapes and factors between its convolutions', () => {
    const program = build();
    const run = splitConstants(program).run.map((id) => program.nodes[id]!);
    const ops = run.map(({ op }) => op.op);
    expect(program.nodes.length).toBeLessThan(1300);
    expect(run.length).toBeLessThan(900);
    // 95 convolutions, their transposes but for the stem's, and the two of the shortcuts with theirs.
    expect(ops.filter((op) => op === 'conv2d').length).toBe(2 * 97 - 1);
    // Of the derivatives joined before their sum, those behind the shortcut's average pool have another scale; so have
    // some of the sums that are joined, which are small.
    const factors = run.filter(({ op }) => op.op === 'affine');
    expect(factors.filter(({ shape }) => shape[2]! > 1).length).toBeLessThanOrEqual(1);
    expect(factors.length).toBeLessThanOrEqual(3);
    expect(ops.filter((op) => op === 'reshape').length).toBeLessThan(8);
    expect(Math.max(...run.map(({ shape }) => shape.length))).toBe(4);
  });
});
