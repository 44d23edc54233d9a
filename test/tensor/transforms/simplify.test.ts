import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createBuilder, type ProgramBuilder, type Value } from '../../../server/tensor/builder.ts';
import { evaluateConstants } from '../../../server/tensor/interpret.ts';
import type { Program } from '../../../server/tensor/ir.ts';
import { materialise } from '../../../server/tensor/materialise.ts';
import { simplify } from '../../../server/tensor/transforms/simplify/simplify.ts';
import { discrepancy, outputOf } from '../support/primal.ts';
import { cases } from '../../support/property-runs.ts';

const samples = 2;

/** Names of the ops left to run, inputs and reshapes aside. */
function running(program: Program): string[] {
  return evaluateConstants(program, 1).run.flatMap((id) => {
    const { op } = program.nodes[id]!;
    if (op.op === 'input' || op.op === 'reshape') return [];
    return [op.op === 'unary' || op.op === 'binary' ? op.fn : op.op];
  });
}

/** Simplifies `y` of an input `x`, checks that the result is the same, and says what is left to run. */
function simplified(shape: readonly number[], build: (b: ProgramBuilder, x: Value) => Value): string[] {
  const b = createBuilder(samples);
  const program = b.finish({ y: build(b, b.input('x', [samples, ...shape])) });
  const after = simplify(program);
  const x = materialise({ kind: 'normal', name: 'x', std: 1 }, [samples, ...shape], 1, 'float64');
  const expected = outputOf(program, { x }, 'y');
  const actual = outputOf(after, { x }, 'y');
  expect(actual.shape).toEqual(expected.shape);
  expect(discrepancy(actual.data, expected.data)).toBeLessThan(1e-13);
  expect(simplify(after).nodes.length).toBeLessThanOrEqual(after.nodes.length);
  return running(after);
}

const image = [4, 5, 5] as const;
const normal = (name: string) => ({ kind: 'normal', name, std: 1 }) as const;
const fill = (value: number) => ({ kind: 'fill', value }) as const;

function conv(b: ProgramBuilder, x: Value, name: string): Value {
  return b.conv2d(x, b.constant(normal(name), [4, x.shape[1]!, 3, 3]), { pads: [1, 1, 1, 1] });
}

/** A norm at initialisation. */
function norm(b: ProgramBuilder, x: Value): Value {
  const along = [1, x.shape[1]!, 1, 1];
  const weight = b.reshape(b.constant(fill(1), [along[1]!]), along);
  const bias = b.reshape(b.constant(fill(0), [along[1]!]), along);
  return b.add(b.mul(b.affine(x, 0.999), weight), bias);
}

describe('simplify', () => {
  it('leaves nothing of a norm at initialisation behind a convolution', () => {
    expect(simplified(image, (b, x) => b.unary('relu', norm(b, conv(b, x, 'a'))))).toEqual([
      'conv2d',
      'relu',
    ]);
  });

  it('lets a convolution behind take the factor when the one before is read twice', () => {
    const ops = simplified(image, (b, x) => {
      const first = conv(b, x, 'a');
      return b.add(conv(b, b.unary('relu', norm(b, first)), 'b'), b.unary('tanh', first));
    });
    expect(ops.filter((op) => op !== 'affine').sort()).toEqual(['add', 'conv2d', 'conv2d', 'relu', 'tanh']);
    expect(ops).not.toContain('affine');
  });

  it('carries factors through linear and positively homogeneous ops into the next weight', () => {
    const ops = simplified(image, (b, x) => {
      const scaled = b.affine(b.unary('relu', b.affine(b.unary('tanh', x), 0.5)), 3);
      const pooled = b.pool(
        'max',
        b.pool('sum', b.unary('neg', scaled), [2, 2], [1, 1], [0, 0, 0, 0]),
        [1, 1],
        [1, 1],
        [0, 0, 0, 0],
      );
      const moved = b.dilate(
        b.pad(b.slice(pooled, [0, 0, 1, 1], [2, 4, 3, 3]), [0, 0, 1, 0], [0, 0, 0, 0]),
        [2, 1],
        8,
        3,
      );
      return conv(b, b.concat([moved, b.gather(moved, 1, [3, 0])], 1), 'a');
    });
    expect(ops.sort()).toEqual([
      'concat',
      'conv2d',
      'dilate',
      'gather',
      'pad',
      'pool',
      'relu',
      'slice',
      'tanh',
    ]);
  });

  it('does not carry negative factors through maxima', () => {
    const ops = simplified(image, (b, x) =>
      b.reduce('max', b.pool('max', b.unary('relu', b.affine(x, -2)), [2, 2], [1, 1], [0, 0, 0, 0]), [2, 3]),
    );
    expect(ops).toEqual(['affine', 'relu', 'pool', 'reduce']);
    expect(simplified(image, (b, x) => b.unary('step', b.affine(x, -2)))).toEqual(['affine', 'step']);
    expect(simplified(image, (b, x) => b.unary('step', b.affine(x, 2)))).toEqual(['step']);
    expect(simplified([3], (b, x) => b.argmaxOneHot(b.affine(x, -2)))).toEqual(['affine', 'argmaxOneHot']);
  });

  it('multiplies many scaled parts of a concatenation at once', () => {
    const ops = simplified([4], (b, x) =>
      b.concat(
        [1, 2, 3, 4].map((scale) => b.affine(b.unary('tanh', b.affine(x, scale, 1)), scale)),
        1,
      ),
    );
    expect(ops.filter((op) => op === 'mul').length).toBe(1);
    expect(ops.at(-1)).toBe('mul');
  });

  it('scales the smaller factor of a product', () => {
    const ops = simplified([6, 2], (b, x) => b.softmax(b.matmul(b.affine(x, 0.5), x, { transposeB: true })));
    expect(ops).toEqual(['affine', 'matmul', 'softmax']);
    const dense = simplified([6, 2], (b, x) => b.matmul(b.affine(x, 0.5), b.constant(normal('w'), [2, 3])));
    expect(dense).toEqual(['matmul']);
  });

  it('drops zeros, and what is multiplied by them', () => {
    const ops = simplified(image, (b, x) => {
      const zeros = b.constant(fill(0), x.shape);
      const dead = norm(b, conv(b, b.unary('relu', zeros), 'a'));
      return b.add(b.add(x, dead), b.mul(b.unary('tanh', x), zeros));
    });
    expect(ops).toEqual([]);
  });

  it('makes shifts of uniform operands', () => {
    const ops = simplified(image, (b, x) =>
      b.sub(b.scalar(2, 4), b.add(x, b.constant(fill(3), [1, 4, 1, 1]))),
    );
    expect(ops).toEqual(['affine']);
    // Broadcasting by a uniform operand stays.
    expect(simplified([1, 3], (b, x) => b.mul(x, b.constant(fill(2), [1, 4, 1])))).toEqual([
      'affine',
      'broadcast',
    ]);
  });

  it('merges equal constants and chains of the same movement', () => {
    const ops = simplified([4, 6], (b, x) => {
      const [w, v] = [0, 1].map(() => b.constant(normal('w'), [6, 6]));
      const turned = b.transpose(b.transpose(b.transpose(x, [0, 2, 1]), [0, 2, 1]), [0, 2, 1]);
      const cut = b.slice(b.slice(turned, [0, 1, 0], [2, 3, 4], [1, 2, 1]), [0, 1, 1], [2, 2, 2], [1, 1, 2]);
      const picked = b.gather(b.gather(x, 2, [5, 3, 1]), 2, [0, 2]);
      const products = b.mul(b.matmul(x, w!), b.matmul(x, v!));
      const flat = b.concat(
        [cut, picked, products].map((value) => b.reshape(value, [2, value.shape[1]! * value.shape[2]!])),
        1,
      );
      return flat;
    });
    expect(ops.sort()).toEqual(['concat', 'gather', 'matmul', 'mul', 'slice', 'transpose']);
  });

  it('makes slices of gathers of evenly spaced positions', () => {
    const ops = simplified([6, 4], (b, x) =>
      b.slice(b.gather(x, 1, [1, 3, 5]), [0, 1, 0], [2, 2, 3], [1, 1, 1]),
    );
    expect(ops).toEqual(['slice']);
    expect(simplified([6, 4], (b, x) => b.gather(x, 1, [1, 3, 4]))).toEqual(['gather']);
    expect(simplified([6, 4], (b, x) => b.gather(x, 1, [3, 1]))).toEqual(['gather']);
  });

  it('makes a concatenation of the parts of a split', () => {
    const split = (b: ProgramBuilder, x: Value, gap: number): Value => {
      const parts = [0, 1, 2].map((part) => {
        const own = b.affine(b.unary('tanh', b.affine(x, part + 1, 1)), part + 1);
        return b.pad(own, [0, 0, part * (2 + gap)], [0, 0, (2 - part) * (2 + gap)]);
      });
      return b.add(b.add(parts[2]!, parts[1]!), parts[0]!);
    };
    const ops = simplified([3, 2], (b, x) => split(b, x, 0));
    expect(ops.filter((op) => op === 'pad' || op === 'add')).toEqual([]);
    expect(ops.filter((op) => op === 'concat').length).toBe(1);
    expect(simplified([3, 2], (b, x) => split(b, x, 1)).filter((op) => op === 'pad').length).toBe(3);
  });

  it('leaves broadcasting to elementwise ops', () => {
    const ops = simplified([3, 4], (b, x) =>
      b.mul(x, b.broadcast(b.reduce('max', x, [1, 2]), [samples, 3, 4])),
    );
    expect(ops).toEqual(['reduce', 'mul']);
  });

  it('multiplies the smaller factor of an elementwise product', () => {
    const b = createBuilder(samples);
    const x = b.input('x', [samples, 3, 4]);
    const small = b.reduce('max', x, [1]);
    const program = simplify(b.finish({ y: b.add(b.affine(b.mul(x, small), 0.3), x) }));
    const affine = program.nodes.find(({ op }) => op.op === 'affine');
    expect(affine?.shape).toEqual([samples, 1, 4]);
  });

  it('keeps ids dense, and inputs that outputs need', () => {
    const b = createBuilder(samples);
    const x = b.input('x', [samples, 3]);
    b.unary('exp', x);
    const program = simplify(b.finish({ y: b.affine(x, 2), x }));
    expect(program.nodes.length).toBe(2);
    expect(program.outputs.map(({ name, node }) => [name, program.nodes[node]!.op.op])).toEqual([
      ['y', 'affine'],
      ['x', 'input'],
    ]);
  });

  it('gives the same results for random programs', () => {
    // Grows a program by random calls; malformed ones are skipped by the builder's checks.
    type Call = (b: ProgramBuilder, x: Value, y: Value, n: number) => Value;
    const scalars = [0, 1, -1, 0.5, 3];
    const calls: readonly Call[] = [
      (b, x, _, n) => b.affine(x, scalars[n % 5]!, scalars[(n >> 2) % 5]),
      (b, x, _, n) => b.affine(x, scalars[1 + (n % 4)]!),
      (b, x, _, n) => b.unary((['relu', 'step', 'neg', 'abs', 'tanh', 'square'] as const)[n % 6]!, x),
      (b, x, y, n) => b.binary((['add', 'sub', 'mul', 'max', 'min', 'equal'] as const)[n % 6]!, x, y),
      (b, x, _, n) =>
        b.binary(
          (['add', 'sub', 'mul', 'div'] as const)[n % 4]!,
          x,
          b.scalar(scalars[1 + (n % 4)]!, x.shape.length),
        ),
      (b, x, _, n) => b.mul(b.constant(fill(scalars[n % 5]!), [1, ...x.shape.slice(1)]), x),
      (b, x, _, n) => b.mul(x, b.constant(normal(`c${n % 3}`), [1, ...x.shape.slice(1)])),
      (b, x, _, n) =>
        b.conv2d(x, b.constant(normal(`w${n % 3}`), [4, x.shape[1]!, 3, 3]), { pads: [1, 1, 1, 1] }),
      (b, x, _, n) => b.conv2d(x, b.constant(fill(scalars[n % 5]!), [4, x.shape[1]!, 1, 1])),
      (b, x, _, n) => b.pool(n % 2 === 0 ? 'max' : 'sum', x, [2, 2], [1, 1], [1, 0, 0, 1]),
      (b, x, _, n) => b.reduce((['sum', 'mean', 'max'] as const)[n % 3]!, x, [2 + (n % 2)]),
      (b, x) => b.broadcast(x, [samples, x.shape[1]!, 5, 5]),
      (b, x) => b.clip(x, -1, 2),
      (b, x) => b.softmax(x),
      (b, x) => b.argmaxOneHot(x),
      (b, x, _, n) => b.pad(x, [0, 0, 1, 0], [0, 0, 0, 0], n % 3),
      (b, x, _, n) =>
        b.slice(x, [0, 0, n % 2, 0], [...x.shape.slice(0, 2), x.shape[2]! - (n % 2), x.shape[3]!]),
      (b, x, y) => b.concat([x, b.affine(y, 2), b.affine(x, 3), b.affine(y, 4)], 1),
      (b, x, _, n) => b.gather(x, 1, [n % x.shape[1]!, 0]),
      (b, x) => b.transpose(x, [0, 1, 3, 2]),
      (b, x) => b.dilate(x, [1, 2], x.shape[2]!, x.shape[3]!),
      (b, x) => b.matmul(x, x, { transposeB: true }),
      (b, x, _, n) => b.matmul(x, b.constant(normal(`m${n % 2}`), [x.shape[3]!, 5])),
    ];
    const steps = fc.array(fc.tuple(fc.nat(calls.length - 1), fc.nat(50), fc.nat(50), fc.nat(50)), {
      maxLength: 14,
    });
    fc.assert(
      fc.property(steps, (sequence) => {
        const b = createBuilder(samples);
        const values = [b.input('x', [samples, ...image]), b.constant(fill(0), [samples, ...image])];
        for (const [call, first, second, n] of sequence) {
          try {
            values.push(calls[call]!(b, values[first % values.length]!, values[second % values.length]!, n));
          } catch (error) {
            if (!(error instanceof TypeError)) throw error;
          }
        }
        const program = b.finish({ last: values.at(-1)!, sum: b.reduce('sum', values.at(-2)!, [1, 2, 3]) });
        const after = simplify(program);
        // Positive values: programs of this kind meet the kinks of relu at 0 otherwise.
        const x = materialise(normal('x'), [samples, ...image], 1, 'float64').map(Math.abs);
        for (const name of ['last', 'sum']) {
          const [expected, actual] = [program, after].map((own) => outputOf(own, { x }, name));
          expect(actual!.shape).toEqual(expected!.shape);
          if (expected!.data.every(Number.isFinite)) {
            expect(discrepancy(actual!.data, expected!.data)).toBeLessThan(1e-9);
          }
        }
      }),
      cases(300),
    );
  });
});
