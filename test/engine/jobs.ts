import type { TensorJob } from '../../server/engine/engine.ts';
import { inlineSource } from '../../server/tensor/materialise.ts';
import type { IrNode } from '../../server/tensor/ir.ts';

/** y = 2·x + 1 on `[chunks · 2, 3]`, with x = 0, 1, 2 … */
export function quickJob(chunks = 3): TensorJob {
  return {
    program: {
      batch: 2,
      nodes: [
        { op: { op: 'input', name: 'x' }, inputs: [], shape: [2, 3] },
        { op: { op: 'affine', scale: 2, shift: 1 }, inputs: [0], shape: [2, 3] },
      ],
      outputs: [{ name: 'y', node: 1, gather: 'samples' }],
    },
    chunks,
    bindings: {
      x: {
        shape: [2 * chunks, 3],
        source: inlineSource(Float32Array.from({ length: 6 * chunks }, (_, i) => i)),
      },
    },
    seed: 1,
  };
}

/** A chain of convolutions: `megaflop` million operations a chunk, more or less. */
export function slowJob({
  chunks,
  megaflop,
}: {
  readonly chunks: number;
  readonly megaflop: number;
}): TensorJob {
  const map = [1, 64, 32, 32];
  const layers = Math.max(1, Math.round(megaflop / 75));
  const nodes: IrNode[] = [
    { op: { op: 'input', name: 'x' }, inputs: [], shape: map },
    {
      op: { op: 'constant', source: { kind: 'normal', name: 'w', std: 0.04 } },
      inputs: [],
      shape: [64, 64, 3, 3],
    },
  ];
  for (let layer = 0; layer < layers; layer += 1)
    nodes.push({
      op: { op: 'conv2d', stride: [1, 1], pads: [1, 1, 1, 1], dilation: [1, 1], groups: 1 },
      inputs: [layer === 0 ? 0 : layer + 1, 1],
      shape: map,
    });
  nodes.push({
    op: { op: 'reduce', fn: 'mean', axes: [1, 2, 3] },
    inputs: [nodes.length - 1],
    shape: [1, 1, 1, 1],
  });
  return {
    program: { batch: 1, nodes, outputs: [{ name: 'y', node: nodes.length - 1, gather: 'samples' }] },
    chunks,
    bindings: { x: { shape: [chunks, ...map.slice(1)], source: { kind: 'normal', name: 'x', std: 1 } } },
    seed: 1,
  };
}

/** Holds two arrays of `megabytes` at a time, for long enough to be noticed. */
export function largeJob(megabytes: number): TensorJob {
  const shape = [1, (megabytes * 2 ** 20) / 4];
  const nodes: IrNode[] = [
    { op: { op: 'input', name: 'x' }, inputs: [], shape: [1, 1] },
    { op: { op: 'broadcast', shape }, inputs: [0], shape },
  ];
  for (let i = 0; i < 40; i += 1)
    nodes.push({ op: { op: 'unary', fn: i % 2 === 0 ? 'erf' : 'tanh' }, inputs: [i + 1], shape });
  nodes.push({
    op: { op: 'reduce', fn: 'sum', axes: [1] },
    inputs: [nodes.length - 1],
    shape: [1, 1],
  });
  return {
    program: { batch: 1, nodes, outputs: [{ name: 'y', node: nodes.length - 1, gather: 'samples' }] },
    chunks: 1,
    bindings: { x: { shape: [1, 1], source: { kind: 'fill', value: 1 } } },
    seed: 1,
  };
}

/** Multiplies by a matrix of `megabytes`, which is drawn. */
export function heavyJob(megabytes: number): TensorJob {
  const rows = (megabytes * 2 ** 20) / 4 / 64;
  const source = { kind: 'normal', name: 'w', std: 1 } as const;
  const nodes: IrNode[] = [
    { op: { op: 'input', name: 'x' }, inputs: [], shape: [1, rows] },
    { op: { op: 'constant', source }, inputs: [], shape: [rows, 64] },
    { op: { op: 'matmul', transposeA: false, transposeB: false }, inputs: [0, 1], shape: [1, 64] },
  ];
  return {
    program: { batch: 1, nodes, outputs: [{ name: 'y', node: 2, gather: 'samples' }] },
    chunks: 1,
    bindings: { x: { shape: [1, rows], source: { kind: 'fill', value: 1 } } },
    seed: 1,
  };
}

/** Sums values of `megabytes`, which come with the job. */
export function givenJob(megabytes: number): TensorJob {
  const shape = [1, (megabytes * 2 ** 20) / 4];
  const nodes: IrNode[] = [
    { op: { op: 'input', name: 'x' }, inputs: [], shape },
    { op: { op: 'reduce', fn: 'sum', axes: [1] }, inputs: [0], shape: [1, 1] },
  ];
  const base64 = Buffer.alloc(megabytes * 2 ** 20).toString('base64');
  return {
    program: { batch: 1, nodes, outputs: [{ name: 'y', node: 1, gather: 'samples' }] },
    chunks: 1,
    bindings: { x: { shape, source: { kind: 'inline', dtype: 'float32', base64 } } },
    seed: 1,
  };
}

/** A convolution by weights of `megabytes`, which are drawn. */
export function convolutionJob(megabytes: number): TensorJob {
  const outputs = (megabytes * 2 ** 20) / 4 / (1024 * 9);
  const source = { kind: 'normal', name: 'w', std: 1 } as const;
  const nodes: IrNode[] = [
    { op: { op: 'input', name: 'x' }, inputs: [], shape: [1, 1024, 3, 3] },
    { op: { op: 'constant', source }, inputs: [], shape: [outputs, 1024, 3, 3] },
    {
      op: { op: 'conv2d', stride: [1, 1], pads: [0, 0, 0, 0], dilation: [1, 1], groups: 1 },
      inputs: [0, 1],
      shape: [1, outputs, 1, 1],
    },
  ];
  return {
    program: { batch: 1, nodes, outputs: [{ name: 'y', node: 2, gather: 'samples' }] },
    chunks: 1,
    bindings: { x: { shape: [1, 1024, 3, 3], source: { kind: 'normal', name: 'x', std: 0.01 } } },
    seed: 1,
  };
}
