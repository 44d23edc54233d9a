import { beforeAll, describe, expect, it } from 'vitest';
import type { Executor } from '../../server/engine/executor.ts';
import type { BinaryFn, ReduceFn, UnaryFn } from '../../server/tensor/ir.ts';
import type { AppliedOp } from '../../server/tensor/ir.ts';
import { difference, executors, inputsOf, programOf, runBoth } from './executors.ts';
import type { Operand } from './executors.ts';

interface Case {
  readonly op: AppliedOp;
  readonly operands: readonly Operand[];
}

const image: Operand = { shape: [2, 3, 5, 6] };
/** A channel count that lets onnxruntime take its blocked layout. */
const blocked: Operand = { shape: [2, 32, 6, 5] };
const matrix: Operand = { shape: [2, 7] };

function conv(
  x: readonly number[],
  weight: readonly number[],
  more: Partial<Extract<AppliedOp, { op: 'conv2d' }>> = {},
): Case[] {
  const op: AppliedOp = {
    op: 'conv2d',
    stride: [1, 1],
    pads: [0, 0, 0, 0],
    dilation: [1, 1],
    groups: 1,
    ...more,
  };
  // Weights are constants in a score's program, but an adjoint may convolve two values.
  return [true, false].map((constant) => ({ op, operands: [{ shape: x }, { shape: weight, constant }] }));
}

const positive: Operand = { shape: [2, 5], values: [0.1, 0.5, 1, 2, 3, 4, 5, 6, 1e-3, 1e3] };

/** Zeros, the smallest normal and the largest numbers of both signs. */
const extremes: Operand = {
  shape: [1, 8],
  values: [0, -0, 1.18e-38, -1.18e-38, 1e-3, 3.4e38, -3.4e38, Infinity],
};

const unaries: Readonly<Record<UnaryFn, readonly Operand[]>> = {
  neg: [image, matrix],
  exp: [image, matrix],
  log: [positive],
  sqrt: [positive],
  reciprocal: [positive],
  erf: [image, { shape: [1, 7], values: [-5, -1, -0.1, 0, 0.1, 1, 5] }],
  tanh: [image, { shape: [1, 5], values: [-50, -1, 0, 1, 50] }],
  sigmoid: [image, { shape: [1, 5], values: [-50, -1, 0, 1, 50] }],
  relu: [image, blocked],
  step: [image, blocked, extremes],
  abs: [image],
  square: [image, { shape: [2, 3, 4] }],
};

const binaries: readonly BinaryFn[] = ['add', 'sub', 'mul', 'div', 'max', 'min'];
const broadcasts: readonly (readonly [readonly number[], readonly number[]])[] = [
  [
    [2, 3, 5, 6],
    [2, 3, 5, 6],
  ],
  [
    [2, 3, 5, 6],
    [1, 3, 1, 1],
  ],
  [
    [2, 1, 5, 6],
    [2, 3, 1, 1],
  ],
  [
    [1, 1, 1, 1],
    [2, 3, 5, 6],
  ],
  [
    [2, 1, 4],
    [1, 3, 4],
  ],
  [
    [2, 7],
    [1, 7],
  ],
  [
    [2, 2, 3, 1, 2],
    [2, 2, 1, 4, 2],
  ],
];

const reductions: readonly (readonly [readonly number[], readonly number[]])[] = [
  [
    [2, 3, 5, 6],
    [2, 3],
  ],
  [[2, 3, 5, 6], [1]],
  [
    [2, 3, 5, 6],
    [1, 2, 3],
  ],
  [
    [2, 32, 6, 5],
    [2, 3],
  ],
  [[2, 3, 5, 6], [3]],
  [[2, 3, 4], [1]],
  [[2, 3, 4], [2]],
  [[2, 7], [1]],
  [
    [2, 2, 3, 4, 5],
    [3, 4],
  ],
  [[2, 3, 5, 6], []],
];

const cases: Readonly<Record<AppliedOp['op'], readonly Case[]>> = {
  conv2d: [
    ...conv([2, 3, 5, 6], [4, 3, 3, 3], { pads: [1, 1, 1, 1] }),
    ...conv([2, 3, 7, 6], [4, 3, 3, 2], { stride: [2, 1], pads: [0, 1, 2, 0] }),
    ...conv([2, 3, 9, 9], [4, 3, 3, 3], { dilation: [2, 3], pads: [2, 3, 2, 3] }),
    ...conv([2, 3, 9, 9], [4, 3, 3, 3], { dilation: [2, 2], stride: [2, 2], pads: [2, 2, 2, 2] }),
    ...conv([2, 4, 5, 6], [6, 2, 3, 3], { groups: 2, pads: [1, 1, 1, 1] }),
    ...conv([2, 4, 5, 6], [4, 1, 3, 3], { groups: 4, pads: [1, 1, 1, 1] }),
    ...conv([2, 4, 7, 7], [8, 1, 5, 5], { groups: 4, pads: [2, 2, 2, 2], stride: [2, 2] }),
    ...conv([2, 3, 5, 6], [4, 3, 1, 1]),
    ...conv([2, 3, 5, 6], [4, 3, 1, 1], { stride: [2, 2] }),
    // The blocked layout: few input channels, many, groups of whole blocks, depthwise.
    ...conv([2, 3, 6, 6], [32, 3, 3, 3], { pads: [1, 1, 1, 1] }),
    ...conv([2, 32, 6, 6], [16, 32, 3, 3], { pads: [1, 1, 1, 1], stride: [2, 2] }),
    ...conv([2, 48, 6, 6], [48, 16, 3, 3], { pads: [1, 1, 1, 1], groups: 3 }),
    ...conv([2, 32, 6, 6], [32, 1, 3, 3], { pads: [1, 1, 1, 1], groups: 32 }),
  ],
  matmul: [
    ...[false, true].flatMap((transposeA) =>
      [false, true].flatMap((transposeB) =>
        [[], [2], [2, 3]].flatMap((leading) =>
          (leading.length === 0 ? [[]] : [leading, []]).map((leadingB) => ({
            op: { op: 'matmul' as const, transposeA, transposeB },
            operands: [
              { shape: [...leading, ...(transposeA ? [4, 2] : [2, 4])] },
              { shape: [...leadingB, ...(transposeB ? [5, 4] : [4, 5])] },
            ],
          })),
        ),
      ),
    ),
    // Large enough to be an input of the model of onnxruntime.
    ...[true, false].flatMap((transposeB) =>
      [
        [2, 520],
        [2, 3, 520],
      ].map((shape) => ({
        op: { op: 'matmul' as const, transposeA: false, transposeB },
        operands: [{ shape }, { shape: transposeB ? [512, 520] : [520, 512], constant: true }],
      })),
    ),
  ],
  unary: Object.entries(unaries).flatMap(([fn, operands]) =>
    operands.map((operand) => ({ op: { op: 'unary' as const, fn: fn as UnaryFn }, operands: [operand] })),
  ),
  binary: [
    ...binaries.flatMap((fn) =>
      broadcasts.map(([a, b]) => ({
        op: { op: 'binary' as const, fn },
        operands: [{ shape: a }, { shape: b }],
      })),
    ),
    {
      op: { op: 'binary', fn: 'equal' },
      operands: [
        { shape: [2, 3], values: [1, 2, 3, 4, 5, 0] },
        { shape: [2, 3], values: [1, 0, 3, -4, 5.5, -0] },
      ],
    },
    { op: { op: 'binary', fn: 'equal' }, operands: [image, { shape: [1, 1, 1, 1], values: [0] }] },
  ],
  affine: [
    { op: { op: 'affine', scale: 2.5, shift: -1 }, operands: [image] },
    { op: { op: 'affine', scale: 1, shift: 0 }, operands: [matrix] },
    { op: { op: 'affine', scale: -0.5, shift: 0 }, operands: [blocked] },
    { op: { op: 'affine', scale: 1, shift: 3 }, operands: [{ shape: [2, 3, 4] }] },
  ],
  clip: [
    { op: { op: 'clip', low: 0, high: 0.5 }, operands: [image] },
    { op: { op: 'clip', low: -1, high: 1 }, operands: [matrix] },
  ],
  reduce: (['sum', 'mean', 'max'] satisfies ReduceFn[]).flatMap((fn) =>
    reductions.map(([shape, axes]) => ({ op: { op: 'reduce' as const, fn, axes }, operands: [{ shape }] })),
  ),
  softmax: [
    { op: { op: 'softmax' }, operands: [matrix] },
    { op: { op: 'softmax' }, operands: [image] },
    { op: { op: 'softmax' }, operands: [{ shape: [1, 3], values: [1000, -1000, 999] }] },
  ],
  pool: (['max', 'sum'] as const).flatMap((fn) =>
    (
      [
        { kernel: [2, 2], stride: [2, 2], pads: [0, 0, 0, 0] },
        { kernel: [3, 3], stride: [1, 1], pads: [1, 1, 1, 1] },
        { kernel: [3, 2], stride: [2, 1], pads: [1, 0, 2, 1] },
        { kernel: [1, 1], stride: [2, 2], pads: [0, 0, 0, 0] },
        { kernel: [3, 3], stride: [2, 2], pads: [0, 0, 1, 1] },
        { kernel: [5, 6], stride: [1, 1], pads: [0, 0, 0, 0] },
      ] as const
    ).flatMap((window) =>
      [image, { shape: [2, 32, 6, 6] }].map((operand) => ({
        op: { op: 'pool' as const, fn, ...window },
        operands: [operand],
      })),
    ),
  ),
  pad: [
    { op: { op: 'pad', before: [0, 0, 1, 2], after: [0, 0, 0, 3], value: 0 }, operands: [image] },
    { op: { op: 'pad', before: [0, 1, 0, 0], after: [0, 2, 0, 0], value: -1.5 }, operands: [image] },
    { op: { op: 'pad', before: [0, 2], after: [0, 1], value: 0 }, operands: [matrix] },
    { op: { op: 'pad', before: [0, 1, 0], after: [0, 0, 2], value: 0 }, operands: [{ shape: [2, 3, 4] }] },
    {
      op: { op: 'pad', before: [0, 1, 0, 0, 1], after: [0, 0, 2, 1, 0], value: 0 },
      operands: [{ shape: [2, 3, 2, 2, 2] }],
    },
  ],
  slice: [
    { op: { op: 'slice', start: [0, 1, 0, 2], size: [2, 2, 5, 3], step: [1, 1, 1, 1] }, operands: [image] },
    { op: { op: 'slice', start: [0, 0, 1, 0], size: [2, 3, 2, 3], step: [1, 1, 2, 2] }, operands: [image] },
    { op: { op: 'slice', start: [0, 1], size: [2, 3], step: [1, 2] }, operands: [matrix] },
    { op: { op: 'slice', start: [0, 0, 0, 0], size: [2, 3, 5, 6], step: [1, 1, 1, 1] }, operands: [image] },
    {
      op: { op: 'slice', start: [1, 0, 1], size: [1, 3, 3], step: [1, 1, 1] },
      operands: [{ shape: [2, 3, 4] }],
    },
  ],
  concat: [
    { op: { op: 'concat', axis: 1 }, operands: [image, { shape: [2, 2, 5, 6] }, image] },
    { op: { op: 'concat', axis: 3 }, operands: [image, image] },
    { op: { op: 'concat', axis: 1 }, operands: [matrix, { shape: [2, 3] }] },
    { op: { op: 'concat', axis: 0 }, operands: [image, image] },
    { op: { op: 'concat', axis: 1 }, operands: [blocked, blocked] },
    { op: { op: 'concat', axis: 1 }, operands: [matrix] },
  ],
  gather: [
    { op: { op: 'gather', axis: 1, indices: [2, 0, 2, 1] }, operands: [image] },
    { op: { op: 'gather', axis: 2, indices: [4, 4, 0] }, operands: [image] },
    { op: { op: 'gather', axis: 1, indices: [6] }, operands: [matrix] },
  ],
  reshape: [
    { op: { op: 'reshape', shape: [2, 90] }, operands: [image] },
    { op: { op: 'reshape', shape: [2, 5, 6, 3] }, operands: [image] },
    { op: { op: 'reshape', shape: [2, 7, 1, 1] }, operands: [matrix] },
    { op: { op: 'reshape', shape: [2, 1, 3, 5, 6] }, operands: [image] },
  ],
  transpose: [
    { op: { op: 'transpose', permutation: [0, 2, 3, 1] }, operands: [image] },
    { op: { op: 'transpose', permutation: [0, 2, 1, 3] }, operands: [image] },
    { op: { op: 'transpose', permutation: [1, 0] }, operands: [matrix] },
    { op: { op: 'transpose', permutation: [0, 2, 1] }, operands: [{ shape: [2, 3, 4] }] },
    { op: { op: 'transpose', permutation: [2, 0, 3, 1, 4] }, operands: [{ shape: [2, 3, 2, 3, 2] }] },
  ],
  broadcast: [
    { op: { op: 'broadcast', shape: [2, 3, 5, 6] }, operands: [{ shape: [2, 3, 1, 1] }] },
    { op: { op: 'broadcast', shape: [2, 3, 5, 6] }, operands: [{ shape: [1, 1, 5, 1] }] },
    { op: { op: 'broadcast', shape: [4, 7] }, operands: [{ shape: [1, 7] }] },
    { op: { op: 'broadcast', shape: [2, 4, 3, 2, 2] }, operands: [{ shape: [2, 1, 3, 2, 2] }] },
    { op: { op: 'broadcast', shape: [2, 7] }, operands: [matrix] },
  ],
  dilate: [
    { op: { op: 'dilate', stride: [2, 2], height: 10, width: 12 }, operands: [image] },
    { op: { op: 'dilate', stride: [2, 2], height: 9, width: 11 }, operands: [image] },
    { op: { op: 'dilate', stride: [3, 1], height: 16, width: 6 }, operands: [image] },
    { op: { op: 'dilate', stride: [2, 3], height: 9, width: 20 }, operands: [image] },
    { op: { op: 'dilate', stride: [2, 2], height: 12, width: 10 }, operands: [blocked] },
    // Rows that are spread in pieces, and one that can only be spread element by element.
    { op: { op: 'dilate', stride: [2, 2], height: 4, width: 132 }, operands: [{ shape: [1, 2, 2, 66] }] },
    { op: { op: 'dilate', stride: [1, 3], height: 2, width: 199 }, operands: [{ shape: [1, 2, 2, 67] }] },
  ],
  upsample: [
    { op: { op: 'upsample', factor: [2, 2] }, operands: [image] },
    { op: { op: 'upsample', factor: [3, 1] }, operands: [image] },
    { op: { op: 'upsample', factor: [2, 3] }, operands: [blocked] },
  ],
  adjointKernel: [
    { op: { op: 'adjointKernel', groups: 1 }, operands: [image] },
    { op: { op: 'adjointKernel', groups: 2 }, operands: [{ shape: [4, 3, 2, 3] }] },
    { op: { op: 'adjointKernel', groups: 2 }, operands: [{ shape: [4, 3, 2, 3], constant: true }] },
    { op: { op: 'adjointKernel', groups: 3 }, operands: [{ shape: [3, 1, 3, 3], constant: true }] },
  ],
  argmaxOneHot: [
    { op: { op: 'argmaxOneHot' }, operands: [matrix] },
    { op: { op: 'argmaxOneHot' }, operands: [image] },
    { op: { op: 'argmaxOneHot' }, operands: [{ shape: [2, 3], values: [1, 1, 0, 0, 2, 2] }] },
  ],
};

for (const [engine, create] of Object.entries(executors)) {
  describe(`${engine} agrees with the interpreter on`, () => {
    let executor: Executor;
    beforeAll(async () => {
      executor = await create();
    });

    for (const [name, variants] of Object.entries(cases)) {
      it(name, async () => {
        for (const { op, operands } of variants) {
          const program = programOf(operands, [{ op, inputs: operands.map((_, id) => id) }]);
          const { got, wanted } = await runBoth(executor, program, inputsOf(operands));
          const label = JSON.stringify({ op, shapes: operands.map(({ shape }) => shape) });
          expect(difference(got, wanted), label).toBeLessThan(2e-6);
        }
      });
    }
  });
}
