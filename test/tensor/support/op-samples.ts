import type { AppliedOp, BinaryFn, OpOf, UnaryFn } from '../../../server/tensor/ir.ts';
import type { Shape } from '../../../server/tensor/shapes.ts';

/** An op and shapes that it can be applied to. */
export interface Sample {
  readonly op: AppliedOp;
  readonly operands: readonly Shape[];
}

/** Extent of axis 0 of operands that hold samples. */
export const batch = 4;

const image: Shape = [batch, 4, 6, 5];

const sample = (op: AppliedOp, ...operands: readonly Shape[]): Sample => ({ op, operands });

const unaryFns: Readonly<Record<UnaryFn, true>> = {
  neg: true,
  exp: true,
  log: true,
  sqrt: true,
  reciprocal: true,
  erf: true,
  tanh: true,
  sigmoid: true,
  relu: true,
  step: true,
  abs: true,
  square: true,
};

const binaryFns: Readonly<Record<BinaryFn, true>> = {
  add: true,
  sub: true,
  mul: true,
  div: true,
  max: true,
  min: true,
  equal: true,
};

const conv = (more: Partial<OpOf<'conv2d'>>): AppliedOp => ({
  op: 'conv2d',
  stride: [1, 1],
  pads: [0, 0, 0, 0],
  dilation: [1, 1],
  groups: 1,
  ...more,
});

const product = (transposeA: boolean, transposeB: boolean): AppliedOp => ({
  op: 'matmul',
  transposeA,
  transposeB,
});

/** At least one of each op, and one of each way in which its rule decides. */
export const samples: Readonly<Record<AppliedOp['op'], readonly Sample[]>> = {
  conv2d: [
    sample(conv({ pads: [1, 0, 2, 1], stride: [2, 1] }), image, [3, 4, 3, 2]),
    sample(conv({ groups: 2, dilation: [2, 1] }), image, [6, 2, 2, 3]),
    sample(conv({ stride: [2, 2] }), image, [5, 4, 1, 1]),
    sample(conv({ groups: 2, stride: [3, 2] }), image, [6, 2, 3, 2]),
  ],
  matmul: [
    sample(product(false, true), [batch, 6], [3, 6]),
    sample(product(true, false), [batch, batch], [batch, 3]),
    sample(product(true, false), [batch, 2, 6], [2, 3]),
    sample(product(false, false), [batch, 2, 6], [batch, 6, 3]),
    sample(product(true, true), [batch, 2, 6, 3], [batch, 2, 4, 6]),
  ],
  unary: (Object.keys(unaryFns) as UnaryFn[]).map((fn) => sample({ op: 'unary', fn }, [batch, 3, 2])),
  binary: (Object.keys(binaryFns) as BinaryFn[]).flatMap((fn) => [
    sample({ op: 'binary', fn }, [batch, 3, 2], [batch, 3, 2]),
    sample({ op: 'binary', fn }, [batch, 3, 1], [batch, 1, 2]),
  ]),
  affine: [
    sample({ op: 'affine', scale: -1.5, shift: 0 }, [batch, 3]),
    sample({ op: 'affine', scale: 2, shift: 0 }, [batch, 3]),
    sample({ op: 'affine', scale: 2, shift: 0.5 }, [batch, 3]),
    sample({ op: 'affine', scale: 0, shift: 0.5 }, [batch, 3]),
  ],
  clip: [
    sample({ op: 'clip', low: 0, high: 6 }, [batch, 9]),
    sample({ op: 'clip', low: -0.5, high: 0.7 }, [batch, 9]),
    sample({ op: 'clip', low: -2, high: 0 }, [batch, 9]),
    sample({ op: 'clip', low: 0.3, high: 0.9 }, [batch, 9]),
  ],
  reduce: (['sum', 'mean', 'max'] as const).flatMap((fn) =>
    [[1], [1, 2], [2, 3], [0]].map((axes) => sample({ op: 'reduce', fn, axes }, image)),
  ),
  softmax: [sample({ op: 'softmax' }, [batch, 3, 4]), sample({ op: 'softmax' }, [batch, 1])],
  pool: [
    sample({ op: 'pool', fn: 'sum', kernel: [2, 2], stride: [2, 1], pads: [1, 0, 0, 1] }, image),
    sample({ op: 'pool', fn: 'sum', kernel: [3, 5], stride: [3, 5], pads: [0, 0, 0, 0] }, image),
    sample({ op: 'pool', fn: 'max', kernel: [2, 3], stride: [1, 2], pads: [0, 1, 1, 1] }, image),
  ],
  pad: [
    sample({ op: 'pad', before: [0, 1, 0], after: [0, 0, 2], value: 0 }, [batch, 3, 2]),
    sample({ op: 'pad', before: [0, 1, 0], after: [0, 0, 2], value: 2 }, [batch, 3, 2]),
    sample({ op: 'pad', before: [4, 0, 0], after: [0, 0, 0], value: 0 }, [batch, 3, 2]),
  ],
  slice: [
    sample({ op: 'slice', start: [0, 1, 0], size: [4, 2, 3], step: [1, 1, 2] }, [batch, 4, 5]),
    sample({ op: 'slice', start: [0, 0, 0], size: [2, 4, 5], step: [2, 1, 1] }, [batch, 4, 5]),
  ],
  concat: [
    sample({ op: 'concat', axis: 1 }, [batch, 1, 5], [batch, 2, 5], [batch, 3, 5]),
    sample({ op: 'concat', axis: 2 }, [batch, 5, 3], [batch, 5, 1]),
    sample({ op: 'concat', axis: 0 }, [batch, 2], [batch, 2]),
  ],
  gather: [
    sample({ op: 'gather', axis: 1, indices: [2, 0, 2] }, [batch, 3, 5]),
    sample({ op: 'gather', axis: 2, indices: [1, 3] }, [batch, 3, 5]),
    sample({ op: 'gather', axis: 0, indices: [1, 1, 3, 0] }, [batch, 3, 5]),
  ],
  reshape: [sample({ op: 'reshape', shape: [batch, 3, 4] }, [batch, 2, 6])],
  transpose: [
    sample({ op: 'transpose', permutation: [0, 2, 1] }, [batch, 4, 2]),
    sample({ op: 'transpose', permutation: [0, 3, 1, 2] }, image),
    sample({ op: 'transpose', permutation: [1, 0, 2] }, [batch, 4, 2]),
  ],
  broadcast: [sample({ op: 'broadcast', shape: [batch, 3, 2] }, [batch, 1, 2])],
  dilate: [
    sample({ op: 'dilate', stride: [2, 3], height: 12, width: 13 }, image),
    sample({ op: 'dilate', stride: [2, 2], height: 7, width: 12 }, image),
  ],
  upsample: [sample({ op: 'upsample', factor: [2, 3] }, image)],
  adjointKernel: [sample({ op: 'adjointKernel', groups: 2 }, [4, 3, 2, 3])],
  argmaxOneHot: [sample({ op: 'argmaxOneHot' }, [batch, 3, 4])],
};
