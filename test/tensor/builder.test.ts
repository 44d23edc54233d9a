import { describe, expect, it } from 'vitest';
import { createBuilder } from '../../server/tensor/builder.ts';

const weight = { kind: 'normal', name: 'w', std: 1 } as const;

describe('createBuilder', () => {
  it('infers shapes', () => {
    const b = createBuilder(2);
    const x = b.input('x', [2, 6, 9, 8]);
    const w = b.constant(weight, [4, 3, 3, 2]);
    expect(b.conv2d(x, w, { groups: 2, stride: [2, 1], pads: [1, 0, 1, 1] }).shape).toEqual([2, 4, 5, 8]);
    expect(b.conv2d(x, w, { groups: 2, dilation: [2, 3] }).shape).toEqual([2, 4, 5, 5]);
    expect(b.pool('max', x, [3, 2], [2, 2], [1, 0, 1, 0]).shape).toEqual([2, 6, 5, 4]);
    expect(b.reduce('mean', x, [3, 1]).shape).toEqual([2, 1, 9, 1]);
    expect(b.dilate(x, [2, 3], 19, 22).shape).toEqual([2, 6, 19, 22]);
    expect(b.upsample(x, [2, 3]).shape).toEqual([2, 6, 18, 24]);
    expect(b.slice(x, [0, 1, 1, 0], [2, 3, 4, 8], [1, 2, 2, 1]).shape).toEqual([2, 3, 4, 8]);
    expect(b.pad(x, [0, 1, 0, 0], [0, 0, 2, 0]).shape).toEqual([2, 7, 11, 8]);
    expect(b.concat([x, x, x], 1).shape).toEqual([2, 18, 9, 8]);
    expect(b.gather(x, 1, [5, 5, 0]).shape).toEqual([2, 3, 9, 8]);
    const tokens = b.transpose(b.reshape(x, [2, 6, 72]), [0, 2, 1]);
    expect(tokens.shape).toEqual([2, 72, 6]);
    expect(b.matmul(tokens, b.constant(weight, [5, 6]), { transposeB: true }).shape).toEqual([2, 72, 5]);
    expect(b.matmul(tokens, tokens, { transposeA: true }).shape).toEqual([2, 6, 6]);
    expect(b.add(x, b.broadcast(b.scalar(1, 4), [1, 6, 1, 1])).shape).toEqual([2, 6, 9, 8]);
  });

  it('merges equal expressions, but never two constants', () => {
    const b = createBuilder(1);
    const x = b.input('x', [1, 2, 3]);
    expect(b.input('x', [1, 2, 3])).toBe(x);
    expect(b.add(b.unary('relu', x), x)).toBe(b.add(b.unary('relu', x), x));
    expect(b.affine(x, 2, 1)).not.toBe(b.affine(x, 2));
    expect(b.scalar(2, 3)).toBe(b.scalar(2, 3));
    expect(b.constant({ kind: 'fill', value: 1 }, [2])).not.toBe(b.constant({ kind: 'fill', value: 1 }, [2]));
  });

  it('gives the operand of a call that changes nothing', () => {
    const b = createBuilder(2);
    const x = b.input('x', [2, 3, 4, 5]);
    for (const same of [
      b.affine(x, 1),
      b.reshape(x, [2, 3, 4, 5]),
      b.broadcast(x, [2, 3, 4, 5]),
      b.slice(x, [0, 0, 0, 0], [2, 3, 4, 5]),
      b.pad(x, [0, 0, 0, 0], [0, 0, 0, 0]),
      b.concat([x], 1),
      b.gather(x, 2, [0, 1, 2, 3]),
      b.transpose(x, [0, 1, 2, 3]),
      b.dilate(x, [1, 1], 4, 5),
      b.upsample(x, [1, 1]),
      b.pool('max', x, [1, 1], [1, 1], [0, 0, 0, 0]),
      b.reduce('sum', x, []),
    ]) {
      expect(same).toBe(x);
    }
  });

  it('keeps node ids and names outputs', () => {
    const b = createBuilder(2);
    const unused = b.input('x', [2, 3]);
    const y = b.softmax(b.input('y', [2, 3]));
    const program = b.finish({ probabilities: y });
    expect(program.nodes[unused.node]!.op).toEqual({ op: 'input', name: 'x' });
    expect(program.nodes[y.node]!.shape).toEqual([2, 3]);
    expect(program.outputs).toEqual([{ name: 'probabilities', node: y.node, gather: 'samples' }]);
    expect(JSON.parse(JSON.stringify(program))).toEqual(program);
  });

  it('refuses malformed calls', () => {
    const b = createBuilder(2);
    const x = b.input('x', [2, 3, 4, 5]);
    const w = b.constant(weight, [4, 3, 5, 3]);
    const calls: (() => unknown)[] = [
      () => createBuilder(0),
      () => b.input('y', [3, 3]),
      () => b.input('x', [2, 3, 4]),
      () => b.constant(weight, [2, -1]),
      () => b.conv2d(x, w),
      () => b.conv2d(x, w, { pads: [1, 0, 0, 0], groups: 3 }),
      () => b.matmul(x, x),
      () => b.add(x, b.scalar(1, 3)),
      () => b.add(x, b.reshape(x, [2, 3, 5, 4])),
      () => b.reduce('sum', x, [4]),
      () => b.pool('max', x, [2, 2], [1, 1], [2, 0, 0, 0]),
      () => b.slice(x, [0, 0, 2, 0], [2, 3, 2, 5], [1, 1, 2, 1]),
      () => b.concat([x, b.slice(x, [0, 0, 0, 0], [2, 3, 4, 4])], 1),
      () => b.gather(x, 1, [3]),
      () => b.reshape(x, [2, 61]),
      () => b.transpose(x, [0, 1, 2, 2]),
      () => b.broadcast(x, [2, 6, 4, 5]),
      () => b.clip(x, 0, Infinity),
      () => b.affine(x, NaN),
      () => b.unary('relu', { node: x.node, shape: [2, 3] }),
      () => b.unary('relu', { node: 99, shape: [2, 3] }),
      () => b.finish({ y: w }),
    ];
    for (const call of calls) expect(call).toThrow(TypeError);
  });
});
