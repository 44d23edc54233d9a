import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createBuilder, type ProgramBuilder, type Value } from '../../server/tensor/builder.ts';
import { evaluateConstants, interpret, materialise } from '../../server/tensor/interpret.ts';
import { inlineSource } from '../../server/tensor/materialise.ts';
import { cases } from '../support/property-runs.ts';

/** The values of an expression over one input `x`. */
function run(
  shape: readonly number[],
  values: readonly number[],
  build: (b: ProgramBuilder, x: Value) => Value,
) {
  const b = createBuilder(shape[0]!);
  const y = build(b, b.input('x', shape));
  const { y: result } = interpret(b.finish({ y }), { x: Float64Array.from(values) }, { seed: 1 });
  expect(result!.shape).toEqual(y.shape);
  expect(result!.data.length).toBe(y.shape.reduce((a, e) => a * e, 1));
  return [...result!.data];
}

const upTo = (n: number) => Array.from({ length: n }, (_, i) => i + 1);

describe('interpret', () => {
  it('convolves as defined', () => {
    const arbitrary = fc.record({
      groups: fc.integer({ min: 1, max: 3 }),
      inputs: fc.integer({ min: 1, max: 2 }),
      outputs: fc.integer({ min: 1, max: 2 }),
      kernel: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 })),
      stride: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 })),
      dilation: fc.tuple(fc.integer({ min: 1, max: 2 }), fc.integer({ min: 1, max: 2 })),
      pads: fc.tuple(...[0, 0, 0, 0].map(() => fc.integer({ min: 0, max: 3 }))),
      size: fc.tuple(fc.integer({ min: 5, max: 7 }), fc.integer({ min: 5, max: 7 })),
    });
    fc.assert(
      fc.property(arbitrary, ({ groups, inputs, outputs, kernel, stride, dilation, pads, size }) => {
        const [height, width] = size;
        const b = createBuilder(2);
        const x = b.input('x', [2, groups * inputs, height, width]);
        const w = b.constant({ kind: 'normal', name: 'w', std: 1 }, [groups * outputs, inputs, ...kernel]);
        const fourPads = pads as unknown as readonly [number, number, number, number];
        const y = b.conv2d(x, w, { groups, stride, dilation, pads: fourPads });
        const xs = materialise({ kind: 'normal', name: 'x', std: 1 }, x.shape, 1, 'float64');
        const ws = materialise({ kind: 'normal', name: 'w', std: 1 }, w.shape, 1, 'float64');
        const actual = interpret(b.finish({ y }), { x: xs }, { seed: 1 })['y']!;
        const [, channels, outHeight, outWidth] = y.shape as [number, number, number, number];
        let position = 0;
        for (let n = 0; n < 2; n += 1)
          for (let o = 0; o < channels; o += 1)
            for (let v = 0; v < outHeight; v += 1)
              for (let u = 0; u < outWidth; u += 1) {
                let sum = 0;
                for (let i = 0; i < inputs; i += 1)
                  for (let ky = 0; ky < kernel[0]; ky += 1)
                    for (let kx = 0; kx < kernel[1]; kx += 1) {
                      const row = v * stride[0] + ky * dilation[0] - fourPads[0];
                      const column = u * stride[1] + kx * dilation[1] - fourPads[1];
                      if (row < 0 || row >= height || column < 0 || column >= width) continue;
                      const channel = Math.floor(o / outputs) * inputs + i;
                      sum +=
                        ws[((o * inputs + i) * kernel[0] + ky) * kernel[1] + kx]! *
                        xs[((n * groups * inputs + channel) * height + row) * width + column]!;
                    }
                expect(actual.data[position]).toBeCloseTo(sum, 10);
                position += 1;
              }
      }),
      cases(60),
    );
  });

  it('multiplies matrices, with transpositions, shared and batched', () => {
    const x = upTo(12);
    const product = (transposeA: boolean, transposeB: boolean, batched: boolean) =>
      run([2, 2, 3], x, (b, a) => {
        const rows = transposeA ? 2 : 3;
        const shape = transposeB ? [1, rows] : [rows, 1];
        const column = b.constant(inlineSource(Float64Array.from(upTo(rows))), shape);
        const operand = batched ? b.broadcast(b.reshape(column, [1, ...shape]), [2, ...shape]) : column;
        return b.matmul(a, operand, { transposeA, transposeB });
      });
    for (const batched of [false, true]) {
      expect(product(false, false, batched)).toEqual([14, 32, 50, 68]);
      expect(product(false, true, batched)).toEqual([14, 32, 50, 68]);
      expect(product(true, false, batched)).toEqual([9, 12, 15, 27, 30, 33]);
      expect(product(true, true, batched)).toEqual([9, 12, 15, 27, 30, 33]);
    }
  });

  it('pools, padding never winning a maximum and adding nothing to a sum', () => {
    const x = [-1, -2, -3, -4, -5, -6, -7, -8, -9];
    const pool = (fn: 'max' | 'sum') => (b: ProgramBuilder, v: Value) =>
      b.pool(fn, v, [2, 2], [2, 1], [1, 0, 0, 1]);
    expect(run([1, 1, 3, 3], x, pool('max'))).toEqual([-1, -2, -3, -4, -5, -6]);
    expect(run([1, 1, 3, 3], x, pool('sum'))).toEqual([-3, -5, -3, -24, -28, -15]);
  });

  it('reduces, with softmax and argmax along the last axis', () => {
    const x = [1, 5, 2, 5, 3, 4];
    expect(run([1, 2, 3], x, (b, v) => b.reduce('sum', v, [1]))).toEqual([6, 8, 6]);
    expect(run([1, 2, 3], x, (b, v) => b.reduce('mean', v, [2]))).toEqual([8 / 3, 4]);
    expect(run([1, 2, 3], x, (b, v) => b.reduce('max', v, [1, 2]))).toEqual([5]);
    expect(run([1, 2, 3], [1, 5, 5, 5, 3, 4], (b, v) => b.argmaxOneHot(v))).toEqual([0, 1, 0, 1, 0, 0]);
    const p = run([1, 3], [1000, 1000 + Math.log(2), 1000], (b, v) => b.softmax(v));
    [0.25, 0.5, 0.25].forEach((expected, i) => {
      expect(p[i]).toBeCloseTo(expected, 12);
    });
  });

  it('applies elementwise functions', () => {
    const x = [-2, -0.5, 0, 3];
    const table: readonly (readonly [string, (b: ProgramBuilder, v: Value) => Value, readonly number[]])[] = [
      ['neg', (b, v) => b.unary('neg', v), [2, 0.5, -0, -3]],
      ['relu', (b, v) => b.unary('relu', v), [0, 0, 0, 3]],
      ['step', (b, v) => b.unary('step', v), [0, 0, 0, 1]],
      ['abs', (b, v) => b.unary('abs', v), [2, 0.5, 0, 3]],
      ['square', (b, v) => b.unary('square', v), [4, 0.25, 0, 9]],
      ['exp', (b, v) => b.unary('exp', v), x.map(Math.exp)],
      ['tanh', (b, v) => b.unary('tanh', v), x.map(Math.tanh)],
      ['sigmoid', (b, v) => b.unary('sigmoid', v), x.map((u) => 1 / (1 + Math.exp(-u)))],
      ['log', (b, v) => b.unary('log', b.unary('square', v)), x.map((u) => Math.log(u * u))],
      ['sqrt', (b, v) => b.unary('sqrt', b.unary('square', v)), [2, 0.5, 0, 3]],
      ['reciprocal', (b, v) => b.unary('reciprocal', v), [-0.5, -2, Infinity, 1 / 3]],
      ['affine', (b, v) => b.affine(v, 2, 1), [-3, 0, 1, 7]],
      ['clip', (b, v) => b.clip(v, -1, 2), [-1, -0.5, 0, 2]],
      ['sub', (b, v) => b.sub(v, b.scalar(1, 2)), [-3, -1.5, -1, 2]],
      ['div', (b, v) => b.binary('div', v, b.scalar(2, 2)), [-1, -0.25, 0, 1.5]],
      ['max', (b, v) => b.binary('max', v, b.scalar(-1, 2)), [-1, -0.5, 0, 3]],
      ['min', (b, v) => b.binary('min', v, b.scalar(-1, 2)), [-2, -1, -1, -1]],
      ['equal', (b, v) => b.binary('equal', v, b.scalar(3, 2)), [0, 0, 0, 1]],
    ];
    for (const [name, build, expected] of table)
      expect([name, run([1, 4], x, build)]).toEqual([name, expected]);
  });

  it('knows the error function to the last digits', () => {
    const x = [0, 1e-9, 0.5, 1, 2, 2.49, 2.51, 3, 4, -1, -5];
    const expected = [
      0.0, 1.1283791670955127e-9, 0.5204998778130465, 0.8427007929497149, 0.9953222650189527,
      0.9995707121322661, 0.9996142945182758, 0.9999779095030014, 0.9999999845827421, -0.8427007929497149,
      -0.9999999999984626,
    ];
    const actual = run([1, x.length], x, (b, v) => b.unary('erf', v));
    actual.forEach((value, i) => {
      expect(Math.abs(value - expected[i]!)).toBeLessThanOrEqual(1e-15 * Math.abs(expected[i]!));
    });
    // Continuous where the method changes.
    const [below, above] = run([1, 2], [2.4999999999, 2.5], (b, v) => b.unary('erf', v));
    expect(Math.abs(above! - below!)).toBeLessThan(1e-12);
  });

  it('broadcasts elementwise operands', () => {
    const x = upTo(12);
    const scaled = run([1, 2, 2, 3], x, (b, v) =>
      b.mul(v, b.constant(inlineSource(Float64Array.from([1, 10])), [1, 2, 1, 1])),
    );
    expect(scaled).toEqual([1, 2, 3, 4, 5, 6, 70, 80, 90, 100, 110, 120]);
    const outer = run([1, 2, 1], [1, 2], (b, v) => b.mul(v, b.reshape(v, [1, 1, 2])));
    expect(outer).toEqual([1, 2, 2, 4]);
  });

  it('moves data', () => {
    const x = upTo(6);
    const table: readonly (readonly [string, (b: ProgramBuilder, v: Value) => Value, readonly number[]])[] = [
      ['pad', (b, v) => b.pad(v, [0, 1, 0], [0, 0, 1], 9), [9, 9, 9, 9, 1, 2, 3, 9, 4, 5, 6, 9]],
      ['slice', (b, v) => b.slice(v, [0, 0, 0], [1, 2, 2], [1, 1, 2]), [1, 3, 4, 6]],
      ['concat', (b, v) => b.concat([v, b.affine(v, -1)], 2), [1, 2, 3, -1, -2, -3, 4, 5, 6, -4, -5, -6]],
      ['gather', (b, v) => b.gather(v, 2, [2, 0, 2]), [3, 1, 3, 6, 4, 6]],
      ['reshape', (b, v) => b.reshape(v, [1, 3, 2]), [1, 2, 3, 4, 5, 6]],
      ['transpose', (b, v) => b.transpose(v, [0, 2, 1]), [1, 4, 2, 5, 3, 6]],
      ['broadcast', (b, v) => b.broadcast(b.slice(v, [0, 0, 1], [1, 2, 1]), [1, 2, 3]), [2, 2, 2, 5, 5, 5]],
      [
        'dilate',
        (b, v) => b.dilate(b.reshape(v, [1, 1, 2, 3]), [2, 2], 3, 4),
        [1, 0, 2, 0, 0, 0, 0, 0, 4, 0, 5, 0],
      ],
      [
        'dilate more',
        (b, v) => b.dilate(b.reshape(v, [1, 1, 3, 2]), [1, 2], 2, 5),
        [1, 0, 2, 0, 0, 3, 0, 4, 0, 0],
      ],
      [
        'upsample',
        (b, v) => b.upsample(b.reshape(v, [1, 1, 2, 3]), [2, 1]),
        [1, 2, 3, 1, 2, 3, 4, 5, 6, 4, 5, 6],
      ],
    ];
    for (const [name, build, expected] of table)
      expect([name, run([1, 2, 3], x, build)]).toEqual([name, expected]);
    const wide = run([1, 1, 20], upTo(20), (b, v) => b.gather(b.broadcast(v, [1, 2, 20]), 1, [1, 0]));
    expect(wide).toEqual([...upTo(20), ...upTo(20)]);
  });

  it('keeps float32 between nodes when asked to', () => {
    const b = createBuilder(1);
    const y = b.affine(b.input('x', [1, 1]), 1 / 3);
    const program = b.finish({ y });
    const x = { x: Float64Array.of(1) };
    expect(interpret(program, x, { seed: 1, dtype: 'float32' })['y']!.data[0]).toBe(Math.fround(1 / 3));
    expect(interpret(program, x, { seed: 1 })['y']!.data[0]).toBe(1 / 3);
  });

  it('refuses missing and ill-sized inputs', () => {
    const b = createBuilder(1);
    const program = b.finish({ y: b.input('x', [1, 2]) });
    expect(() => interpret(program, {}, { seed: 1 })).toThrow(RangeError);
    expect(() => interpret(program, { x: new Float64Array(3) }, { seed: 1 })).toThrow(RangeError);
  });
});

describe('materialise', () => {
  it('gives every kind of source', () => {
    expect([...materialise({ kind: 'fill', value: 0.1 }, [2], 0, 'float64')]).toEqual([0.1, 0.1]);
    expect([...materialise({ kind: 'fill', value: 0.1 }, [2], 0)]).toEqual([
      Math.fround(0.1),
      Math.fround(0.1),
    ]);
    const values = Float64Array.of(1 / 3, -2, 1e-300);
    expect(materialise(inlineSource(values), [3], 0, 'float64')).toEqual(values);
    expect(materialise(inlineSource(Float32Array.of(1 / 3, 2)), [2], 0)).toEqual(Float32Array.of(1 / 3, 2));
    expect(materialise({ kind: 'signs', name: 's', scale: 2 }, [9], 0).every((v) => Math.abs(v) === 2)).toBe(
      true,
    );
    expect(() => materialise(inlineSource(values), [4], 0)).toThrow(RangeError);
  });

  it('draws the same numbers in both types', () => {
    const source = { kind: 'normal', name: 'w', std: 0.3 } as const;
    expect(Float64Array.from(materialise(source, [4, 5], 9))).toEqual(
      materialise(source, [4, 5], 9, 'float64'),
    );
  });
});

describe('evaluateConstants', () => {
  it('computes what depends on constants only, and lists the rest', () => {
    const b = createBuilder(2);
    const w = b.constant({ kind: 'normal', name: 'w', std: 1 }, [3, 4]);
    const scaled = b.affine(b.transpose(w, [1, 0]), 2);
    b.affine(w, 5);
    const x = b.input('x', [2, 4]);
    const y = b.matmul(x, scaled);
    b.unary('relu', y);
    const fixed = b.broadcast(b.scalar(3, 2), [2, 1]);
    const { constants, run: nodes } = evaluateConstants(b.finish({ y, fixed }), 7);
    expect(nodes).toEqual([x.node, y.node]);
    expect([...constants.keys()].sort((i, j) => i - j)).toEqual([scaled.node, fixed.node]);
    const values = materialise({ kind: 'normal', name: 'w', std: 1 }, [3, 4], 7);
    expect(constants.get(scaled.node)![1]).toBe(2 * values[4]!);
    expect(constants.get(fixed.node)).toEqual(Float32Array.of(3, 3));
  });

  it('leaves repeating a constant to the engine', () => {
    const b = createBuilder(2);
    const w = b.constant({ kind: 'normal', name: 'w', std: 1 }, [3, 4]);
    const doubled = b.affine(w, 2);
    const repeated = b.concat([doubled, doubled], 0);
    const mixed = b.concat([doubled, w], 0);
    const x = b.input('x', [2, 4]);
    const y = b.add(b.matmul(x, repeated, { transposeB: true }), b.matmul(x, mixed, { transposeB: true }));
    const program = b.finish({ y });
    const { constants, run: nodes } = evaluateConstants(program, 7);
    expect([...constants.keys()].sort((i, j) => i - j)).toEqual([doubled.node, mixed.node]);
    expect(nodes[0]).toBe(repeated.node);
    expect(nodes.includes(mixed.node)).toBe(false);
  });
});
