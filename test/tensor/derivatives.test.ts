import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { forward } from '../../server/tensor/transforms/forward.ts';
import type { BinaryFn, Pads, Pair, ReduceFn, UnaryFn } from '../../server/tensor/ir.ts';
import { materialise } from '../../server/tensor/materialise.ts';
import { reverse } from '../../server/tensor/transforms/reverse.ts';
import {
  allElements,
  contracted,
  differences,
  discrepancy,
  fixedCotangents,
  movable,
  normals,
  outputOf,
  primalOf,
  type Declare,
} from './support/primal.ts';
import type { Value } from '../../server/tensor/builder.ts';
import { cases } from '../support/property-runs.ts';

// Every op and every use of a parameter against central differences of the float64 interpreter, in both modes, raw and
// simplified, with one to three lanes.

type Build = (declare: Declare) => Value;

const lanes = fc.integer({ min: 1, max: 3 });
const runs = cases(25);

function check(build: Build, laneCount: number): void {
  const classes = 3;
  const { primal, inputs } = primalOf(build, classes);
  const weights = allElements(primal);
  const expected = differences(primal, weights, inputs);
  const cotangents = normals(laneCount * classes, 'cotangents');
  const projected = contracted(expected, cotangents, laneCount, classes);
  for (const simplify of [false, true]) {
    const backward = reverse(primal, weights, fixedCotangents(cotangents, laneCount), { simplify });
    expect(discrepancy(outputOf(backward, inputs, 'jacobian').data, projected)).toBeLessThan(1e-6);
    const tangents = forward(primal, weights, { simplify });
    expect(discrepancy(outputOf(tangents, inputs, 'jacobian').data, expected)).toBeLessThan(1e-6);
  }
}

function property<T>(arbitrary: fc.Arbitrary<T>, build: (value: T) => Build): void {
  fc.assert(
    fc.property(arbitrary, lanes, (value, laneCount) => {
      check(build(value), laneCount);
    }),
    runs,
  );
}

const small = fc.integer({ min: 1, max: 3 });
const pair = fc.tuple(small, small);
const image = fc.tuple(small, fc.integer({ min: 3, max: 5 }), fc.integer({ min: 3, max: 5 }));
const shape = fc.oneof(fc.tuple(fc.integer({ min: 1, max: 5 })), pair, image);
/** A shape, and whether each of its axes is kept or broadcast. */
const masked = shape.chain((extents) =>
  fc.record({ extents: fc.constant(extents), kept: fc.tuple(...extents.map(() => fc.boolean())) }),
);

describe('unary ops', () => {
  const smooth: UnaryFn[] = ['neg', 'exp', 'erf', 'tanh', 'sigmoid', 'relu', 'abs', 'square', 'step'];
  it.each(smooth)('%s', (fn) => {
    property(shape, (extents) => (d) => d.b.unary(fn, movable(d, extents)));
  });
  const positive: UnaryFn[] = ['log', 'sqrt', 'reciprocal'];
  it.each(positive)('%s', (fn) => {
    property(
      shape,
      (extents) => (d) => d.b.unary(fn, d.b.affine(d.b.unary('exp', movable(d, extents)), 1, 0.5)),
    );
  });
  it('affine', () => {
    property(shape, (extents) => (d) => d.b.affine(movable(d, extents), -1.5, 2));
    property(shape, (extents) => (d) => d.b.affine(movable(d, extents), 0, 2));
  });
  it('clip', () => {
    property(shape, (extents) => (d) => d.b.clip(movable(d, extents), -0.4, 0.8));
  });
  it('softmax', () => {
    property(shape, (extents) => (d) => d.b.softmax(movable(d, extents)));
  });
  it('argmaxOneHot stops derivatives', () => {
    property(shape, (extents) => (d) => {
      const x = movable(d, extents);
      return d.b.add(x, d.b.argmaxOneHot(x));
    });
  });
});

describe('binary ops', () => {
  const functions: BinaryFn[] = ['add', 'sub', 'mul', 'div', 'max', 'min', 'equal'];
  it.each(functions)('%s, broadcasting either operand', (fn) => {
    property(fc.tuple(masked, fc.boolean()), ([{ extents, kept }, swap]) => (d) => {
      const whole = d.b.affine(d.b.unary('exp', movable(d, extents)), 1, 0.5);
      const part = movable(
        d,
        extents.map((extent, axis) => (kept[axis]! ? extent : 1)),
      );
      const other = d.b.affine(d.b.unary('exp', part), 1, 0.5);
      return swap ? d.b.binary(fn, other, whole) : d.b.binary(fn, whole, other);
    });
  });
  it('of operands that broadcast each other', () => {
    property(
      pair,
      ([rows, columns]) =>
        (d) =>
          d.b.mul(movable(d, [rows, 1]), movable(d, [1, columns])),
    );
  });
  it('of one value with itself', () => {
    property(shape, (extents) => (d) => {
      const x = movable(d, extents);
      return d.b.mul(x, d.b.add(x, x));
    });
  });
  it('with a constant', () => {
    property(shape, (extents) => (d) => d.b.mul(movable(d, extents), d.fixed([1, ...extents])));
  });
});

describe('reduce', () => {
  const functions: ReduceFn[] = ['sum', 'mean', 'max'];
  it.each(functions)('%s over any axes', (fn) => {
    property(masked, ({ extents, kept }) => (d) => {
      const axes = extents.flatMap((_, axis) => (kept[axis]! ? [] : [axis + 1]));
      return d.b.reduce(fn, movable(d, extents), axes);
    });
  });
});

describe('conv2d', () => {
  const geometry = fc.record({
    groups: small,
    inputs: fc.integer({ min: 1, max: 2 }),
    outputs: fc.integer({ min: 1, max: 2 }),
    kernel: pair,
    stride: pair,
    dilation: fc.tuple(fc.integer({ min: 1, max: 2 }), fc.integer({ min: 1, max: 2 })),
    pads: fc.tuple(fc.nat(3), fc.nat(3), fc.nat(3), fc.nat(3)),
    size: fc.tuple(fc.integer({ min: 5, max: 6 }), fc.integer({ min: 5, max: 6 })),
  });
  it('by its operand', () => {
    property(geometry, ({ groups, inputs, outputs, kernel, size, ...options }) => (d) => {
      const weight = d.fixed([groups * outputs, inputs, ...kernel]);
      return d.b.conv2d(movable(d, [groups * inputs, ...size]), weight, { groups, ...options });
    });
  });
  it('by its weight', () => {
    property(geometry, ({ groups, inputs, outputs, kernel, size, ...options }) => (d) => {
      const weight = d.param([groups * outputs, inputs, ...kernel]);
      return d.b.conv2d(d.input([groups * inputs, ...size]), weight, { groups, ...options });
    });
  });
  it('by an operand whose windows lie side by side', () => {
    property(geometry, ({ groups, inputs, outputs, kernel, size }) => (d) => {
      const weight = d.fixed([groups * outputs, inputs, ...kernel]);
      return d.b.conv2d(movable(d, [groups * inputs, ...size]), weight, { groups, stride: kernel });
    });
  });
  it('with a weight too large to be repeated for every lane', () => {
    // 724 · 725 · 2 lanes > 2²⁰ weights.
    const build: Build = (d) => {
      const wide = d.b.broadcast(movable(d, [1, 2, 1]), [2, 724, 2, 1]);
      return d.b.reduce('sum', d.b.conv2d(wide, d.fixed([725, 724, 1, 1])), [1]);
    };
    check(build, 2);
  });
});

describe('pool', () => {
  const geometry = fc
    .record({
      channels: small,
      size: fc.tuple(fc.integer({ min: 3, max: 6 }), fc.integer({ min: 3, max: 6 })),
      kernel: pair,
      stride: pair,
      pads: fc.tuple(fc.nat(2), fc.nat(2), fc.nat(2), fc.nat(2)),
    })
    .map(({ pads, ...rest }) => ({
      ...rest,
      pads: pads.map((pad, i) => Math.min(pad, rest.kernel[i % 2]! - 1)) as unknown as Pads,
    }));
  it.each(['sum', 'max'] as const)('%s', (fn) => {
    property(
      geometry,
      ({ channels, size, kernel, stride, pads }) =>
        (d) =>
          d.b.pool(fn, movable(d, [channels, ...size]), kernel, stride, pads),
    );
  });
  it('passes to the first of equal maxima', () => {
    // All zeros, so every window ties; window (y, x) starts at row y − 1 and column x − 1, cut off at the border.
    const { primal, inputs } = primalOf(({ b, param }) => {
      const zeros = b.broadcast(b.reshape(param([1, 4, 4], 0), [1, 1, 4, 4]), [2, 1, 4, 4]);
      return b.pool('max', zeros, [3, 3], [1, 1], [1, 1, 1, 1]);
    });
    const projection = materialise({ kind: 'normal', name: 'constant 2', std: 1 }, [16, 3], 1, 'float64');
    const expected = new Float64Array(2 * 3 * 16);
    for (let window = 0; window < 16; window += 1) {
      const [y, x] = [Math.floor(window / 4), window % 4];
      const winner = Math.max(0, y - 1) * 4 + Math.max(0, x - 1);
      for (let c = 0; c < 3; c += 1) {
        for (const n of [0, 1]) expected[(n * 3 + c) * 16 + winner]! += projection[window * 3 + c]!;
      }
    }
    const weights = allElements(primal);
    const unit = fixedCotangents(Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1), 3);
    for (const program of [reverse(primal, weights, unit), forward(primal, weights)]) {
      expect(discrepancy(outputOf(program, inputs, 'jacobian').data, expected)).toBeLessThan(1e-12);
    }
  });
});

describe('matmul', () => {
  const geometry = fc.record({
    leading: fc.array(small, { maxLength: 2 }),
    rows: small,
    inner: small,
    columns: small,
    transposeA: fc.boolean(),
    transposeB: fc.boolean(),
  });
  const matrix = (rows: number, columns: number, transposed: boolean): Pair =>
    transposed ? [columns, rows] : [rows, columns];
  it('of two matrices per sample', () => {
    property(geometry, ({ leading, rows, inner, columns, transposeA, transposeB }) => (d) => {
      const left = movable(d, [...leading, ...matrix(rows, inner, transposeA)]);
      const right = movable(d, [...leading, ...matrix(inner, columns, transposeB)]);
      return d.b.matmul(left, right, { transposeA, transposeB });
    });
  });
  it('by a shared weight, and by what it multiplies', () => {
    property(geometry, ({ leading, rows, inner, columns, transposeB }) => (d) => {
      const left = movable(d, [...leading, rows, inner]);
      return d.b.matmul(left, d.param(matrix(inner, columns, transposeB)), { transposeB });
    });
  });
  it('of vectors', () => {
    property(geometry, ({ inner, columns, transposeB }) => (d) => {
      const weight = d.param(matrix(inner, columns, transposeB));
      return d.b.matmul(movable(d, [inner]), weight, { transposeB });
    });
  });
  it('of transposed operands with a shared matrix', () => {
    property(
      geometry,
      ({ rows, inner, columns, transposeB }) =>
        (d) =>
          d.b.matmul(movable(d, [inner, rows]), d.fixed(matrix(inner, columns, transposeB)), {
            transposeA: true,
            transposeB,
          }),
    );
  });
});

describe('data movement', () => {
  const margins = shape.chain((extents) =>
    fc.record({
      extents: fc.constant(extents),
      before: fc.tuple(...extents.map(() => fc.nat(2))),
      after: fc.tuple(...extents.map(() => fc.nat(2))),
      step: fc.tuple(...extents.map(() => small)),
      axis: fc.nat(extents.length - 1),
      order: fc.shuffledSubarray(
        extents.map((_, axis) => axis + 1),
        { minLength: extents.length },
      ),
    }),
  );
  it('pad', () => {
    property(
      margins,
      ({ extents, before, after }) =>
        (d) =>
          d.b.pad(movable(d, extents), [0, ...before], [0, ...after], 0.5),
    );
  });
  it('slice', () => {
    property(margins, ({ extents, before, after, step }) => (d) => {
      const whole = extents.map((extent, axis) => before[axis]! + extent + after[axis]!);
      const size = extents.map((extent, axis) => Math.ceil(extent / step[axis]!));
      return d.b.slice(movable(d, whole), [0, ...before], [2, ...size], [1, ...step]);
    });
  });
  it('concat', () => {
    property(fc.tuple(margins, fc.boolean()), ([{ extents, axis }, still]) => (d) => {
      const other = still ? d.input(extents) : movable(d, extents);
      return d.b.concat([movable(d, extents), other, movable(d, extents)], axis + 1);
    });
  });
  it('gather', () => {
    const picks = margins.chain((margin) =>
      fc.record({
        margin: fc.constant(margin),
        indices: fc.array(fc.nat(margin.extents[margin.axis]! - 1), { minLength: 1, maxLength: 5 }),
      }),
    );
    property(
      picks,
      ({ margin: { extents, axis }, indices }) =>
        (d) =>
          d.b.gather(movable(d, extents), axis + 1, indices),
    );
  });
  it('reshape and transpose', () => {
    property(margins, ({ extents, order }) => (d) => {
      const turned = d.b.transpose(movable(d, extents), [0, ...order]);
      const flat = d.b.reshape(turned, [2, extents.reduce((product, extent) => product * extent, 1)]);
      return d.b.mul(d.b.reshape(d.b.unary('tanh', flat), turned.shape), turned);
    });
  });
  it('broadcast', () => {
    property(masked, ({ extents, kept }) => (d) => {
      const part = movable(
        d,
        extents.map((extent, axis) => (kept[axis]! ? extent : 1)),
      );
      return d.b.mul(d.b.broadcast(part, [2, ...extents]), d.input(extents));
    });
  });
  it('dilate', () => {
    property(
      fc.tuple(image, pair, fc.nat(9), fc.nat(9)),
      ([extents, stride, height, width]) =>
        (d) =>
          d.b.dilate(movable(d, extents), stride, 1 + height, 1 + width),
    );
  });
  it('upsample', () => {
    property(
      fc.tuple(image, pair),
      ([extents, factor]) =>
        (d) =>
          d.b.upsample(movable(d, extents), factor),
    );
  });
});

describe('parameters', () => {
  const uses = masked.chain((value) =>
    fc.record({ value: fc.constant(value), scale: fc.boolean(), swap: fc.boolean() }),
  );
  it('as operands of add and mul, broadcast along any axes', () => {
    property(uses, ({ value: { extents, kept }, scale, swap }) => (d) => {
      const own = extents.map((extent, axis) => (kept[axis]! ? extent : 1));
      const param = d.b.reshape(d.param(own), [1, ...own]);
      const [left, right] = swap ? [param, movable(d, extents)] : [movable(d, extents), param];
      return scale ? d.b.mul(left, right) : d.b.add(left, right);
    });
  });
  it('broadcast to all samples', () => {
    property(masked, ({ extents, kept }) => (d) => {
      const own = extents.map((extent, axis) => (kept[axis]! ? extent : 1));
      const token = d.b.broadcast(d.b.reshape(d.param(own), [1, ...own]), [2, ...extents]);
      return d.b.mul(token, movable(d, extents));
    });
  });
  it('used twice', () => {
    property(fc.tuple(small, small), ([rows, width]) => (d) => {
      const weight = d.param([width, width]);
      const once = d.b.unary('tanh', d.b.matmul(d.input([rows, width]), weight));
      return d.b.matmul(once, weight, { transposeB: true });
    });
  });
  it('without influence have derivative zero', () => {
    check((d) => {
      d.param([3]);
      const unseen = d.b.conv2d(d.input([1, 1, 1]), d.param([1, 1, 3, 3]), { pads: [1, 1, 1, 1] });
      return d.b.add(unseen, d.b.affine(movable(d, [1, 1, 1]), 1));
    }, 2);
    check((d) => {
      d.param([2]);
      return d.input([4]);
    }, 2);
  });
  it('are refused where there is no rule', () => {
    const { primal } = primalOf((d) =>
      d.b.mul(d.input([2]), d.b.unary('exp', d.b.reshape(d.param([2]), [1, 2]))),
    );
    const weights = allElements(primal);
    const cotangents = fixedCotangents(normals(3, 'cotangents'), 1);
    expect(() => reverse(primal, weights, cotangents)).toThrow(
      'parameter param 0: no derivative as operand 0 of unary',
    );
    expect(() => forward(primal, weights)).toThrow(TypeError);
    expect(() => reverse(primal, [], cotangents)).toThrow(TypeError);
    expect(() => forward(primal, [{ param: primal.params[0]!, elements: [2] }])).toThrow(TypeError);
  });
  it('are refused behind an op that mixes samples', () => {
    const { primal } = primalOf((d) => d.b.transpose(movable(d, [2]), [1, 0]));
    expect(() => forward(primal, allElements(primal))).toThrow('axis 0 must stay the samples');
  });
});
