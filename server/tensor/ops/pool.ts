/** Sums and maxima over windows: `pool`. */

import type { OpOf } from '../ir.ts';
import { composed, diagonalMap, sumOfMaps, type LinearMap } from '../linear-map.ts';
import type { ProgramBuilder, Value } from '../program-builder.ts';
import { isCountList, isShape, requireThat, show, windowExtent, type Shape } from '../shapes.ts';
import type { OpRule } from './rule.ts';
import { padMap, sliceMap } from './slicing.ts';
import { adjointWindow } from './parts/window.ts';

export const pool: OpRule<OpOf<'pool'>> = {
  arity: 1,
  shape({ op, fn, kernel, stride, pads }, [x]) {
    requireThat(
      x!.length === 4 && isShape(kernel) && isShape(stride) && isCountList(pads, 4),
      op,
      () => `rank 4, positive kernel and stride, pads ≥ 0, got ${show(x!)}`,
    );
    const [top, left, bottom, right] = pads;
    requireThat(
      fn === 'sum' || (Math.max(top, bottom) < kernel[0] && Math.max(left, right) < kernel[1]),
      op,
      'every window of a max pool holds an element',
    );
    const height = windowExtent(x![2]!, kernel[0], stride[0], 1, top + bottom);
    const width = windowExtent(x![3]!, kernel[1], stride[1], 1, left + right);
    requireThat(height > 0 && width > 0, op, () => `kernel ${kernel.join('x')} fits into ${show(x!)}`);
    return [x![0]!, x![1]!, height, width];
  },
  key: ({ fn, kernel, stride, pads }) => `${fn} ${kernel.join()} ${stride.join()} ${pads.join()}`,
  changesNothing: ({ kernel, stride, pads }) =>
    kernel.join() === '1,1' && stride.join() === '1,1' && pads.join() === '0,0,0,0',
  kernel(op, [x], shape, out) {
    const [batch, channels, outHeight, outWidth] = shape as readonly [number, number, number, number];
    const [, , height, width] = x!.shape as readonly [number, number, number, number];
    const [strideY, strideX] = op.stride;
    const [top, left] = op.pads;
    const largest = op.fn === 'max';
    const { data } = x!;
    for (let plane = 0; plane < batch * channels; plane += 1) {
      for (let y = 0; y < outHeight; y += 1) {
        const y0 = Math.max(0, y * strideY - top);
        const y1 = Math.min(height, y * strideY - top + op.kernel[0]);
        for (let z = 0; z < outWidth; z += 1) {
          const x0 = Math.max(0, z * strideX - left);
          const x1 = Math.min(width, z * strideX - left + op.kernel[1]);
          let result = largest ? -Infinity : 0;
          for (let v = y0; v < y1; v += 1) {
            for (let u = x0; u < x1; u += 1) {
              const value = data[(plane * height + v) * width + u]!;
              result = largest ? Math.max(result, value) : result + value;
            }
          }
          out[(plane * outHeight + y) * outWidth + z] = result;
        }
      }
    }
  },
  macs: () => 0,
  uniform: ({ fn }, [x]) => (fn === 'max' || x === 0 ? x : undefined),
  linearity: ({ fn }) => (fn === 'max' ? 'positive' : 'linear'),
  derivative: (b, { op, operands, result }) =>
    op.fn === 'sum' ? sumPoolMap(b, operands[0]!.shape, op) : maxPoolMap(b, op, operands[0]!, result),
  keepsSamples: () => true,
};

/** Sums over windows; the transpose spreads every sum over its window. */
function sumPoolMap(b: ProgramBuilder, from: Shape, { kernel, stride, pads }: OpOf<'pool'>): LinearMap {
  const [height, width] = [from[2]!, from[3]!];
  return {
    apply: ({ value, lanes }) => ({ value: b.pool('sum', value, kernel, stride, pads), lanes }),
    transpose: (y) => {
      const disjoint =
        kernel[0] === stride[0] &&
        kernel[1] === stride[1] &&
        y.value.shape[2]! * stride[0] === height &&
        y.value.shape[3]! * stride[1] === width;
      if (disjoint && pads.every((pad) => pad === 0)) {
        return { value: b.upsample(y.value, kernel), lanes: y.lanes };
      }
      const { value, pads: around } = adjointWindow(b, y.value, kernel, [1, 1], stride, pads, [
        height,
        width,
      ]);
      return { value: b.pool('sum', value, kernel, [1, 1], around), lanes: y.lanes };
    },
  };
}

/**
 * Each window offset is a strided slice of the padded operand; its mask says where it holds the window's maximum and no
 * earlier offset does.
 */
function maxPoolMap(
  b: ProgramBuilder,
  { kernel, stride, pads }: OpOf<'pool'>,
  x: Value,
  y: Value,
): LinearMap {
  const [top, left] = pads;
  const [, , outHeight, outWidth] = y.shape as readonly [number, number, number, number];
  // Rows and columns that windows reach, so that every slice lies inside; beyond them the operand is cut off.
  const reach = ([0, 1] as const).map((i) => (y.shape[2 + i]! - 1) * stride[i] + kernel[i]);
  const before = [0, 0, top, left];
  const after = [0, 0, reach[0]! - top - x.shape[2]!, reach[1]! - left - x.shape[3]!];
  const cut = x.shape.map((extent, axis) => extent + Math.min(0, after[axis]!));
  const whole = { op: 'slice', start: [0, 0, 0, 0], size: cut, step: [1, 1, 1, 1] } as const;
  const padAfter = after.map((n) => Math.max(0, n));
  // Below every maximum: padding never wins.
  const lowest = -3.4e38;
  const padded = b.pad(b.slice(x, whole.start, cut), before, padAfter, lowest);

  const maps: LinearMap[] = [];
  let taken: Value | undefined;
  for (let ky = 0; ky < kernel[0]; ky += 1) {
    for (let kx = 0; kx < kernel[1]; kx += 1) {
      const window = {
        op: 'slice',
        start: [0, 0, ky, kx],
        size: [...padded.shape.slice(0, 2), outHeight, outWidth],
        step: [1, 1, ...stride],
      } as const;
      const maximal = b.binary('equal', b.slice(padded, window.start, window.size, window.step), y);
      const first = taken === undefined ? maximal : b.binary('max', b.sub(maximal, taken), b.scalar(0, 4));
      taken = taken === undefined ? maximal : b.binary('max', taken, maximal);
      maps.push(composed(sliceMap(b, padded.shape, window), diagonalMap(b, first)));
    }
  }
  return composed(sliceMap(b, x.shape, whole), padMap(b, cut, before, padAfter), sumOfMaps(b, maps));
}
