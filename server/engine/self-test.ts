import { evaluateConstants } from '../tensor/interpret.ts';
import { inlineSource } from '../tensor/materialise.ts';
import type { Program } from '../tensor/ir.ts';
import type { Executor } from './executor.ts';
import { Scratch } from './scratch.ts';

/**
 * A known-answer test. A library that loads may still compute wrong numbers on this machine (a miscompiled kernel, a wrong
 * layout, half precision where a GPU prefers it), and a wrong number is worse than none. The test goes through the kernels that
 * scores depend on most: convolution with a channel count that takes the blocked layout, the mask of a ReLU, a spatial
 * sum and a matrix product.
 *
 * @throws Error when the engine's answer is wrong
 */
export async function selfTest(executor: Executor): Promise<void> {
  const tested = program();
  const compiled = await executor.compile(tested, evaluateConstants(tested, 0), new Scratch());
  try {
    const { y, map } = await compiled.run({ x: Float32Array.from({ length: batch * size * size }, sample) });
    if (y?.length !== batch || map?.length !== batch * channels * positions)
      throw new Error('Self-test: a result is missing.');
    for (const [index, value] of map.entries()) {
      const wanted = convolution(Math.floor(index / positions), index % positions);
      if (!(Math.abs(value - wanted) <= precision))
        throw new Error(`Self-test: imprecise: ${value}, should be ${wanted}.`);
    }
    for (let n = 0; n < batch; n += 1) {
      const wanted = answer(n);
      if (!(Math.abs(y[n]! - wanted) <= 1e-4 * Math.abs(wanted)))
        throw new Error(`Self-test: got ${y[n]}, should be ${wanted}.`);
    }
  } finally {
    await compiled.release();
  }
}

/** Largest error of a sum of nine products up to 1. Half precision, or products of shortened mantissas, err by far more. */
const precision = 1e-5;

const batch = 2;
const size = 5;
const channels = 16;
const positions = size * size;

function program(): Program {
  const kernels = Float32Array.from({ length: channels * 9 }, (_, i) => weight(Math.floor(i / 9), i % 9));
  const ramp = Float32Array.from({ length: channels }, (_, i) => i + 1);
  const map = [batch, channels, size, size];
  return {
    batch,
    nodes: [
      { op: { op: 'input', name: 'x' }, inputs: [], shape: [batch, 1, size, size] },
      { op: { op: 'constant', source: inlineSource(kernels) }, inputs: [], shape: [channels, 1, 3, 3] },
      {
        op: { op: 'conv2d', stride: [1, 1], pads: [1, 1, 1, 1], dilation: [1, 1], groups: 1 },
        inputs: [0, 1],
        shape: map,
      },
      { op: { op: 'unary', fn: 'step' }, inputs: [2], shape: map },
      { op: { op: 'binary', fn: 'mul' }, inputs: [2, 3], shape: map },
      { op: { op: 'reduce', fn: 'sum', axes: [2, 3] }, inputs: [4], shape: [batch, channels, 1, 1] },
      { op: { op: 'reshape', shape: [batch, channels] }, inputs: [5], shape: [batch, channels] },
      { op: { op: 'constant', source: inlineSource(ramp) }, inputs: [], shape: [channels, 1] },
      { op: { op: 'matmul', transposeA: false, transposeB: false }, inputs: [6, 7], shape: [batch, 1] },
    ],
    outputs: [
      { name: 'y', node: 8, gather: 'samples' },
      { name: 'map', node: 2, gather: 'samples' },
    ],
  };
}

function sample(_: unknown, index: number): number {
  return (((index * 7) % 11) - 5) / 7;
}

function weight(channel: number, tap: number): number {
  return (((channel * 5 + tap * 3) % 7) - 3) / 3;
}

/** The answer in plain arithmetic: Σ_c (c + 1) · Σ_hw relu(conv(x)_c). */
function answer(n: number): number {
  let total = 0;
  for (let c = 0; c < channels; c += 1)
    for (let position = 0; position < positions; position += 1)
      total += (c + 1) * Math.max(0, convolution(n * channels + c, position));
  return total;
}

/** conv(x) at a position of a plane: channel `plane % channels` of sample `plane / channels`. */
function convolution(plane: number, position: number): number {
  const [n, c] = [Math.floor(plane / channels), plane % channels];
  const [row, column] = [Math.floor(position / size), position % size];
  let sum = 0;
  for (let tap = 0; tap < 9; tap += 1) {
    const [h, w] = [row + Math.floor(tap / 3) - 1, column + (tap % 3) - 1];
    if (h < 0 || w < 0 || h >= size || w >= size) continue;
    sum += weight(c, tap) * sample(undefined, n * positions + h * size + w);
  }
  return sum;
}
