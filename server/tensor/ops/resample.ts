/** Ops that give images another resolution: `dilate`, `upsample`. */

import { copyStrided, stridesOf } from '../array.ts';
import type { OpOf, Pair } from '../ir.ts';
import type { LinearMap } from '../linear-map.ts';
import type { ProgramBuilder } from '../program-builder.ts';
import { isShape, requireThat, show, type Shape } from '../shapes.ts';
import { movesElements, type OpRule } from './rule.ts';

export const dilate: OpRule<OpOf<'dilate'>> = {
  ...movesElements,
  arity: 1,
  shape({ op, stride, height, width }, [x]) {
    requireThat(
      x!.length === 4 && isShape(stride) && isShape([height, width]),
      op,
      () => `rank 4, positive stride and extents, got ${show(x!)}`,
    );
    return [x![0]!, x![1]!, height, width];
  },
  key: ({ stride, height, width }) => `${stride.join()} ${height} ${width}`,
  changesNothing: ({ stride, height, width }, [x]) =>
    stride[0] === 1 && stride[1] === 1 && height === x![2] && width === x![3],
  kernel(op, [x], shape, out) {
    const [batch, channels] = x!.shape as [number, number];
    const outStrides = stridesOf(shape);
    const spread = [outStrides[0]!, outStrides[1]!, outStrides[2]! * op.stride[0], op.stride[1]];
    copyStrided(x!.data, 0, stridesOf(x!.shape), [batch, channels, ...kept(op, x!.shape)], out, 0, spread);
  },
  uniform: (_op, [x]) => (x === 0 ? 0 : undefined),
  derivative: (b, { op, operands }) => dilateMap(b, operands[0]!.shape, op),
  keepsSamples: () => true,
  withFactor: (r, _op, [x], scale) => [r.product({ value: x!, scale })],
};

/** Rows and columns of the operand that the crop leaves. */
function kept({ stride, height, width }: OpOf<'dilate'>, from: Shape): Pair {
  return [
    Math.min(from[2]!, Math.ceil(height / stride[0])),
    Math.min(from[3]!, Math.ceil(width / stride[1])),
  ];
}

/** Zeros between and behind rows and columns; the transpose picks the rows and columns again. */
function dilateMap(b: ProgramBuilder, from: Shape, op: OpOf<'dilate'>): LinearMap {
  const [rows, columns] = kept(op, from);
  return {
    apply: ({ value, lanes }) => ({ value: b.dilate(value, op.stride, op.height, op.width), lanes }),
    transpose: ({ value, lanes }) => {
      const [batch, channels] = value.shape as [number, number];
      const picked = b.slice(value, [0, 0, 0, 0], [batch, channels, rows, columns], [1, 1, ...op.stride]);
      const missing = [0, 0, from[2]! - rows, from[3]! - columns];
      return { value: b.pad(picked, [0, 0, 0, 0], missing), lanes };
    },
  };
}

export const upsample: OpRule<OpOf<'upsample'>> = {
  ...movesElements,
  arity: 1,
  shape({ op, factor }, [x]) {
    requireThat(x!.length === 4 && isShape(factor), op, () => `rank 4, positive factors, got ${show(x!)}`);
    return [x![0]!, x![1]!, x![2]! * factor[0], x![3]! * factor[1]];
  },
  key: ({ factor }) => factor.join(),
  changesNothing: ({ factor }) => factor[0] === 1 && factor[1] === 1,
  kernel({ factor: [factorY, factorX] }, [x], _shape, out) {
    const [batch, channels, height, width] = x!.shape as [number, number, number, number];
    const split = [batch * channels, height, factorY, width, factorX];
    copyStrided(x!.data, 0, [height * width, width, 0, 1, 0], split, out, 0, stridesOf(split));
  },
  derivative: (b, { op: { factor } }) => ({
    apply: ({ value, lanes }) => ({ value: b.upsample(value, factor), lanes }),
    transpose: ({ value, lanes }) => ({ value: b.pool('sum', value, factor, factor, [0, 0, 0, 0]), lanes }),
  }),
  keepsSamples: () => true,
  withFactor: (r, _op, [x], scale) => [r.product({ value: x!, scale })],
};
