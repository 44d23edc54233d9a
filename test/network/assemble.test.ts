import { describe, expect, it } from 'vitest';
import { NetworkAssembler } from '../../server/network/assemble.ts';
import { canonicalNetwork } from '../../server/network/canonical.ts';
import type { Network, Origin } from '../../server/network/network.ts';
import { ShapeError } from '../../server/network/op.ts';
import { formatShape, sameShape, shapeFromDims } from '../../server/network/shape.ts';
import { argsOf, HandBuilt, opNamed, ORIGIN } from './support/build.ts';

function shapeErrorOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof ShapeError) return `${error.message}. ${error.remedy}`;
    throw error;
  }
  return 'no error';
}

describe('NetworkAssembler', () => {
  it('names parameters by path and fills in what ops know', () => {
    const net = new HandBuilt(8, 8, 3);
    const node = net.apply('nor_conv_3x3');
    expect(node).toMatchObject({ id: 1, op: 'nor_conv_3x3', inputs: [0], shape: [3, 8, 8], layers: 1 });
    expect(node.macs).toBe(81 * 64);
    expect(node.params.map((param) => param.name)).toEqual([
      'nor_conv_3x3.1/conv.weight',
      'nor_conv_3x3.1/bn.weight',
      'nor_conv_3x3.1/bn.bias',
    ]);
    expect(node.params[0]).toMatchObject({ shape: [3, 3, 3, 3], init: { kind: 'kaiming', fanIn: 27 } });
  });

  it('stays usable after a shape error', () => {
    const assembler = new NetworkAssembler([3, 8, 8], ORIGIN);
    const placement = { path: 'dense.0', origin: ORIGIN };
    const dense = opNamed('dense');
    const args = argsOf(dense, { out: 10 });
    expect(() => assembler.apply(dense, args, [assembler.input], placement)).toThrow(ShapeError);
    const vector = assembler.apply(opNamed('gap'), {}, [assembler.input], { ...placement, path: 'gap.0' });
    const logits = assembler.apply(dense, args, [vector], placement);
    const network = assembler.finish('N', 10, logits);
    expect(network.nodes.map((node) => node.id)).toEqual([0, 1, 2]);
    expect(network.output).toBe(2);
  });

  it('takes as many tensors as the op', () => {
    const assembler = new NetworkAssembler([4], ORIGIN);
    const { input } = assembler;
    const apply = (name: string, count: number) =>
      assembler.apply(opNamed(name), {}, new Array(count).fill(input), { path: name, origin: ORIGIN });
    expect(() => apply('add', 1)).toThrow(TypeError);
    expect(() => apply('relu', 2)).toThrow(TypeError);
    expect(apply('add', 3).shape).toEqual([4]);
  });

  it('wants a vector of logits at the end, and says how to get it', () => {
    const ends = (...dims: number[]) => shapeErrorOf(() => new HandBuilt(...dims).finish('N', 10));
    expect(ends(10)).toBe('no error');
    expect(ends(8, 8, 3)).toBe(
      'the network must end in a vector of 10 logits, one per class, but ends in an image of 8x8x3. End with `gap -> dense(classes)`.',
    );
    expect(ends(16, 64)).toContain('tokens of 16x64. End with `mean_tokens -> dense(classes)`');
    expect(ends(11)).toContain('a vector of 11. End with `dense(classes)`.');
  });
});

describe('shapes', () => {
  it('are written height x width x channels', () => {
    expect(formatShape([16, 32, 8])).toBe('32x8x16');
    expect(shapeFromDims([32, 8, 16])).toEqual([16, 32, 8]);
    expect(formatShape([64, 192])).toBe('64x192');
    expect(sameShape([1, 2], [1, 2, 3])).toBe(false);
  });
});

describe('canonicalNetwork', () => {
  interface Variation {
    readonly name?: string;
    readonly origin?: Origin;
    readonly path?: string;
    readonly stride?: number;
    readonly second?: string;
    readonly reads?: 0 | 1;
    readonly classes?: number;
    readonly size?: number;
    readonly reversed?: boolean;
  }

  function network(variation: Variation = {}): Network {
    const { name = 'A', origin = ORIGIN, path = 'conv.0', stride = 1 } = variation;
    const { second = 'relu', reads = 1, classes = 10, size = 8, reversed = false } = variation;
    const assembler = new NetworkAssembler([4, size, size], origin);
    const apply = (op: string, named: Parameters<typeof argsOf>[1], input: number, at: string) => {
      const args = argsOf(opNamed(op), named);
      const ordered = Object.entries(args).sort(([a], [b]) => (a < b === reversed ? 1 : -1));
      const placement = { path: at, origin };
      return assembler.apply(opNamed(op), Object.fromEntries(ordered), [assembler.nodes[input]!], placement);
    };
    apply('conv', { out: 4, kernel: 3, stride }, 0, path);
    apply(second, {}, reads, 'second.0');
    apply('gap', {}, 2, 'gap.0');
    return assembler.finish(name, classes, apply('dense', { out: classes }, 3, 'dense.0'));
  }

  const key = (variation?: Variation): string => JSON.stringify(canonicalNetwork(network(variation)));

  it('ignores names, places and the order arguments are written in', () => {
    const elsewhere: Origin = {
      uri: 'file:///b.arch',
      span: { start: 7, end: 9 },
      calls: [{ uri: 'file:///b.arch', span: { start: 1, end: 2 }, label: 'Block(3)', kind: 'call' }],
    };
    expect(key({ name: 'B', origin: elsewhere })).toBe(key());
    expect(key({ reversed: true })).toBe(key());
  });

  it('differs whenever the mathematics does', () => {
    const variations: Variation[] = [
      {},
      // The values of a parameter are drawn by its path.
      { path: 'conv.1' },
      { stride: 2 },
      { second: 'gelu' },
      { reads: 0 },
      { classes: 11 },
      { size: 9 },
    ];
    expect(new Set(variations.map(key)).size).toBe(variations.length);
  });
});
