import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Value } from '../../server/tensor/builder.ts';
import { forward } from '../../server/tensor/transforms/forward.ts';
import type { ChosenWeight, PrimalProgram } from '../../server/tensor/ir.ts';
import { reverse } from '../../server/tensor/transforms/reverse.ts';
import { count } from '../../server/tensor/shapes.ts';
import {
  batch,
  contracted,
  differences,
  discrepancy,
  fixedCotangents,
  normals,
  outputOf,
  primalOf,
  type Declare,
} from './support/primal.ts';
import { cases } from '../support/property-runs.ts';

// Whole small networks: the two modes agree with each other and with differences, and lanes, weights and samples do not
// influence each other.

const classes = 4;
const epsilon = 1e-5;

function norm({ b, param }: Declare, x: Value): Value {
  const along = [1, x.shape[1]!, 1, 1];
  const scaled = b.mul(b.affine(x, 1 / Math.sqrt(1 + epsilon)), b.reshape(param([along[1]!]), along));
  return b.add(scaled, b.reshape(param([along[1]!]), along));
}

function conv(d: Declare, x: Value, outputs: number, kernel: number, stride = 1, groups = 1): Value {
  const inputs = x.shape[1]!;
  const pad = Math.floor(kernel / 2);
  const weight = d.param(
    [outputs, inputs / groups, kernel, kernel],
    Math.sqrt((2 * groups) / (inputs * kernel * kernel)),
  );
  return d.b.conv2d(x, weight, { stride: [stride, stride], pads: [pad, pad, pad, pad], groups });
}

function dense(d: Declare, x: Value, outputs: number): Value {
  const weight = d.param([outputs, x.shape.at(-1)!], Math.sqrt(1 / x.shape.at(-1)!));
  const product = d.b.matmul(x, weight, { transposeB: true });
  const along = product.shape.map((_, axis) => (axis === product.shape.length - 1 ? outputs : 1));
  return d.b.add(product, d.b.reshape(d.param([outputs]), along));
}

/** One step of a convolutional network, by name; all keep four dimensions. */
const steps: Readonly<Record<string, (d: Declare, x: Value) => Value>> = {
  conv: (d, x) => norm(d, conv(d, x, 4, 3)),
  strided: (d, x) => norm(d, conv(d, x, 6, 3, 2)),
  pointwise: (d, x) => conv(d, x, 4, 1, 2),
  depthwise: (d, x) => conv(d, x, x.shape[1]!, 3, 1, x.shape[1]),
  relu: (d, x) => d.b.unary('relu', x),
  relu6: (d, x) => d.b.clip(x, 0, 6),
  silu: (d, x) => d.b.mul(x, d.b.unary('sigmoid', x)),
  gelu: (d, x) => d.b.mul(x, d.b.affine(d.b.unary('erf', d.b.affine(x, Math.SQRT1_2)), 0.5, 0.5)),
  maxpool: (d, x) => d.b.pool('max', x, [3, 3], [1, 1], [1, 1, 1, 1]),
  avgpool: (d, x) => {
    const [, , height, width] = x.shape as readonly [number, number, number, number];
    const ones = d.b.broadcast(d.b.scalar(1, 4), [1, 1, height, width]);
    const pool = (value: Value): Value => d.b.pool('sum', value, [3, 3], [1, 1], [1, 1, 1, 1]);
    return d.b.mul(pool(x), d.b.unary('reciprocal', pool(ones)));
  },
  residual: (d, x) => d.b.add(x, norm(d, conv(d, d.b.unary('relu', x), x.shape[1]!, 3))),
  branches: (d, x) => d.b.concat([conv(d, x, 2, 1), x, d.b.unary('relu', conv(d, x, 3, 3))], 1),
  dead: (d, x) => d.b.add(x, conv(d, d.b.constant({ kind: 'fill', value: 0 }, x.shape), x.shape[1]!, 1)),
  squeeze: (d, x) => {
    const channels = x.shape[1]!;
    const pooled = d.b.reshape(d.b.reduce('mean', x, [2, 3]), [batch, channels]);
    const gate = d.b.unary('sigmoid', dense(d, d.b.unary('relu', dense(d, pooled, 2)), channels));
    return d.b.mul(x, d.b.reshape(gate, [batch, channels, 1, 1]));
  },
  layernorm: (d, x) => {
    const centred = d.b.sub(x, d.b.reduce('mean', x, [1]));
    const variance = d.b.reduce('mean', d.b.unary('square', centred), [1]);
    return d.b.mul(centred, d.b.unary('reciprocal', d.b.unary('sqrt', d.b.affine(variance, 1, 0.1))));
  },
  upsample: (d, x) => (x.shape[2]! > 4 ? x : d.b.upsample(x, [2, 2])),
};

const convolutional = fc
  .array(fc.constantFrom(...Object.keys(steps)), { minLength: 1, maxLength: 6 })
  .map((names) => ({
    names,
    build: (d: Declare): Value => {
      const start = conv(d, d.input([2, 5, 4]), 3, 3);
      const end = names.reduce((x, name) => steps[name]!(d, x), start);
      return d.b.unary('tanh', d.b.reduce('mean', end, [2, 3]));
    },
  }));

/** Tokens with a class token, positions, and an encoder layer of two heads. */
function transformer(d: Declare): Value {
  const { b } = d;
  const [tokens, width, heads] = [4, 6, 2];
  const token = b.broadcast(b.reshape(d.param([width]), [1, 1, width]), [batch, 1, width]);
  const patches = b.transpose(
    b.reshape(conv(d, d.input([2, 3, 3]), width, 1, 2), [batch, width, 4]),
    [0, 2, 1],
  );
  const sequence = b.slice(b.concat([token, patches], 1), [0, 0, 0], [batch, tokens, width]);
  const x = b.add(sequence, b.reshape(d.param([tokens, width]), [1, tokens, width]));
  const layerNorm = (value: Value): Value => {
    const centred = b.sub(value, b.reduce('mean', value, [2]));
    const variance = b.reduce('mean', b.unary('square', centred), [2]);
    const standard = b.mul(centred, b.unary('reciprocal', b.unary('sqrt', b.affine(variance, 1, epsilon))));
    const scaled = b.mul(standard, b.reshape(d.param([width]), [1, 1, width]));
    return b.add(scaled, b.reshape(d.param([width]), [1, 1, width]));
  };
  const qkv = dense(d, layerNorm(x), 3 * width);
  const split = (part: number): Value => {
    const own = b.slice(qkv, [0, 0, part * width], [batch, tokens, width]);
    return b.transpose(b.reshape(own, [batch, tokens, heads, width / heads]), [0, 2, 1, 3]);
  };
  const [query, key, value] = [split(0), split(1), split(2)] as const;
  const scores = b.softmax(b.matmul(b.affine(query, Math.sqrt(heads / width)), key, { transposeB: true }));
  const merged = b.reshape(b.transpose(b.matmul(scores, value), [0, 2, 1, 3]), [batch, tokens, width]);
  const attended = b.add(x, dense(d, merged, width));
  const encoded = b.add(attended, dense(d, b.unary('tanh', dense(d, layerNorm(attended), 8)), width));
  return b.reshape(b.slice(encoded, [0, 0, 0], [batch, 1, width]), [batch, width]);
}

/** Elements as index sets choose them: wrapping in small tensors, so some repeat. */
function someElements({ params }: PrimalProgram, sets: number): ChosenWeight[] {
  return params.map((param) => ({
    param,
    elements: Array.from({ length: sets }, (_, set) => (set * 7) % count(param.shape)),
  }));
}

const unitCotangents = Float64Array.from({ length: classes * classes }, (_, i) =>
  Number(i % (classes + 1) === 0),
);

describe('networks', () => {
  it('have the same Jacobian in both modes, raw and simplified, and by differences', () => {
    fc.assert(
      fc.property(convolutional, fc.integer({ min: 1, max: 3 }), ({ build }, sets) => {
        const { primal, inputs } = primalOf(build, classes);
        const weights = someElements(primal, sets);
        const expected = differences(primal, weights, inputs);
        const logits = outputOf(primal.program, inputs, 'logits').data;
        for (const simplify of [false, true]) {
          const backward = reverse(primal, weights, fixedCotangents(unitCotangents, classes), { simplify });
          const tangents = forward(primal, weights, { simplify });
          const jacobian = outputOf(backward, inputs, 'jacobian');
          expect(jacobian.shape).toEqual([batch, classes, sets, weights.length]);
          expect(discrepancy(outputOf(tangents, inputs, 'jacobian').data, jacobian.data)).toBeLessThan(1e-12);
          expect(discrepancy(jacobian.data, expected)).toBeLessThan(2e-6);
          expect(discrepancy(outputOf(backward, inputs, 'logits').data, logits)).toBeLessThan(1e-12);
          expect(discrepancy(outputOf(tangents, inputs, 'logits').data, logits)).toBeLessThan(1e-12);
        }
      }),
      cases(25),
    );
  });

  it('with attention have the same Jacobian in both modes and by differences', () => {
    const { primal, inputs } = primalOf(transformer, classes);
    const weights = someElements(primal, 4);
    const backward = reverse(primal, weights, fixedCotangents(unitCotangents, classes));
    const jacobian = outputOf(backward, inputs, 'jacobian').data;
    expect(discrepancy(outputOf(forward(primal, weights), inputs, 'jacobian').data, jacobian)).toBeLessThan(
      1e-12,
    );
    expect(discrepancy(jacobian, differences(primal, weights, inputs))).toBeLessThan(2e-6);
  });

  const lanes = 3;
  const cotangents = normals(lanes * classes, 'cotangents');

  it.each([
    [
      'convolutional',
      (d: Declare) => steps['residual']!(d, steps['strided']!(d, steps['branches']!(d, d.input([3, 5, 5])))),
    ],
    ['transformer', transformer],
  ])('run K lanes as K runs of one: %s', (_, build) => {
    const { primal, inputs } = primalOf(build, classes);
    const weights = someElements(primal, 2);
    const rest = 2 * weights.length;
    const together = outputOf(
      reverse(primal, weights, fixedCotangents(cotangents, lanes)),
      inputs,
      'jacobian',
    ).data;
    for (let lane = 0; lane < lanes; lane += 1) {
      const own = cotangents.subarray(lane * classes, (lane + 1) * classes);
      const alone = outputOf(reverse(primal, weights, fixedCotangents(own, 1)), inputs, 'jacobian').data;
      for (let n = 0; n < batch; n += 1) {
        const part = together.subarray((n * lanes + lane) * rest, (n * lanes + lane + 1) * rest);
        expect(discrepancy(part, alone.subarray(n * rest, (n + 1) * rest))).toBeLessThan(1e-13);
      }
    }
  });

  it('let weights be spread over several programs', () => {
    const { primal, inputs } = primalOf(transformer, classes);
    const weights = someElements(primal, 2);
    const whole = outputOf(forward(primal, weights), inputs, 'jacobian').data;
    const cut = 5;
    const parts = [weights.slice(0, cut), weights.slice(cut)].map((own) => ({
      own,
      data: outputOf(forward(primal, own), inputs, 'jacobian').data,
    }));
    const rows = whole.length / weights.length;
    for (let row = 0; row < rows; row += 1) {
      const joined = parts.flatMap(({ own, data }) => [
        ...data.subarray(row * own.length, (row + 1) * own.length),
      ]);
      const expected = whole.subarray(row * weights.length, (row + 1) * weights.length);
      expect(discrepancy(Float64Array.from(joined), expected)).toBeLessThan(1e-13);
    }
  });

  it('keep samples apart', () => {
    const { primal, inputs } = primalOf((d) => steps['squeeze']!(d, d.input([3, 4, 4])), classes);
    const weights = someElements(primal, 1);
    const program = reverse(primal, weights, fixedCotangents(cotangents, lanes));
    const both = outputOf(program, inputs, 'jacobian').data;
    const x = inputs['input 0']!;
    const swapped = Float64Array.from([...x.subarray(x.length / 2), ...x.subarray(0, x.length / 2)]);
    const other = outputOf(program, { 'input 0': swapped }, 'jacobian').data;
    const half = both.length / 2;
    expect(discrepancy(other.subarray(0, half), both.subarray(half))).toBeLessThan(1e-14);
    expect(discrepancy(other.subarray(half), both.subarray(0, half))).toBeLessThan(1e-14);
  });

  it('take cotangents that depend on the logits and on inputs of their own', () => {
    const { primal, inputs } = primalOf((d) => dense(d, d.input([5]), 6), classes);
    const weights = someElements(primal, 1);
    const program = reverse(primal, weights, (b, logits) => {
      const signs = b.input('signs', [batch, 1, classes]);
      const p = b.reshape(b.softmax(logits), [batch, 1, classes]);
      return { value: b.mul(p, signs), lanes: 1 };
    });
    const signs = normals(batch * classes, 'signs');
    const actual = outputOf(program, { ...inputs, signs }, 'jacobian').data;
    const jacobian = Float64Array.from(outputOf(forward(primal, weights), inputs, 'jacobian').data);
    const logits = Float64Array.from(outputOf(primal.program, inputs, 'logits').data);
    for (let n = 0; n < batch; n += 1) {
      const own = logits.subarray(n * classes, (n + 1) * classes);
      const total = own.reduce((sum, z) => sum + Math.exp(z), 0);
      const cotangent = Float64Array.from(own, (z, c) => (Math.exp(z) / total) * signs[n * classes + c]!);
      const expected = contracted(jacobian, cotangent, 1, classes);
      const size = weights.length;
      expect(
        discrepancy(actual.subarray(n * size, (n + 1) * size), expected.subarray(n * size, (n + 1) * size)),
      ).toBeLessThan(1e-12);
    }
  });
});
