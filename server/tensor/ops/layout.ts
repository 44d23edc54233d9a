/** Ops that arrange a whole tensor otherwise: `reshape`, `transpose`, `broadcast`. */

import { broadcastStrides, copyStrided, stridesOf } from '../array.ts';
import type { OpOf } from '../ir.ts';
import { broadcastLanes, onUnfolded, reshapeLanes, sumLanes, type Laned } from '../lanes.ts';
import type { LinearMap } from '../linear-map.ts';
import type { ProgramBuilder } from '../program-builder.ts';
import { count, isShape, requireThat, sameExtents, show, type Shape } from '../shapes.ts';
import { elementwiseWeights } from './parts/elementwise-weights.ts';
import { movesElements, type OpRule } from './rule.ts';

export const reshape: OpRule<OpOf<'reshape'>> = {
  ...movesElements,
  arity: 1,
  shape({ op, shape }, [x]) {
    const fits = isShape(shape) && count(shape) === count(x!);
    requireThat(fits, op, () => `${show(x!)} cannot become ${show(shape)}`);
    return shape;
  },
  key: ({ shape }) => shape.join(),
  changesNothing: ({ shape }, [x]) => sameExtents(shape, x!),
  kernel: 'view',
  derivative: (b, { op, operands }) => ({
    apply: (x) => reshapeLanes(b, x, op.shape),
    transpose: (y) => reshapeLanes(b, y, operands[0]!.shape),
  }),
  keepsSamples: () => true,
  withRows: (op, rows) => ({ ...op, shape: rows(op.shape) }),
  withFactor: (r, _op, [x], scale) => [r.product({ value: x!, scale })],
  contracted: (op) => op,
  movesWhole: true,
};

export const transpose: OpRule<OpOf<'transpose'>> = {
  ...movesElements,
  arity: 1,
  shape({ op, permutation }, [x]) {
    requireThat(
      permutation.length === x!.length && x!.every((_, axis) => permutation.includes(axis)),
      op,
      () => `[${permutation.join()}] is a permutation of ${x!.length} axes`,
    );
    return permutation.map((axis) => x![axis]!);
  },
  key: ({ permutation }) => permutation.join(),
  changesNothing: ({ permutation }) => permutation.every((axis, i) => axis === i),
  kernel({ permutation }, [x], shape, out) {
    const strides = stridesOf(x!.shape);
    const permuted = permutation.map((axis) => strides[axis]!);
    copyStrided(x!.data, 0, permuted, shape, out, 0, stridesOf(shape));
  },
  derivative: (b, { op }) => transposeMap(b, op.permutation),
  keepsSamples: ({ permutation }) => permutation[0] === 0,
  withFactor: (r, _op, [x], scale) => [r.product({ value: x!, scale })],
  contracted: (op, inner) => ({
    op: 'transpose',
    permutation: op.permutation.map((axis) => inner.permutation[axis]!),
  }),
  movesWhole: true,
};

export const broadcast: OpRule<OpOf<'broadcast'>> = {
  ...movesElements,
  arity: 1,
  shape({ op, shape }, [x]) {
    requireThat(
      isShape(shape) &&
        shape.length === x!.length &&
        shape.every((e, axis) => x![axis] === e || x![axis] === 1),
      op,
      () => `${show(x!)} to ${show(shape)}`,
    );
    return shape;
  },
  key: ({ shape }) => shape.join(),
  changesNothing: ({ shape }, [x]) => sameExtents(shape, x!),
  kernel(_op, [x], shape, out) {
    copyStrided(x!.data, 0, broadcastStrides(x!.shape, shape), shape, out, 0, stridesOf(shape));
  },
  derivative: (b, { op, operands }) => broadcastMap(b, operands[0]!.shape, op.shape),
  weights: elementwiseWeights(
    () => true,
    () => undefined,
  ),
  keepsSamples: () => true,
  mayMix: (operand) => operand[0] === 1,
  withRows: (op, rows) => ({ ...op, shape: rows(op.shape) }),
  withFactor: (r, _op, [x], scale) => [r.product({ value: x!, scale })],
  contracted: (op) => op,
  movesWhole: true,
};

/** Permutes the axes of every lane. */
export function transposeMap(b: ProgramBuilder, permutation: readonly number[]): LinearMap {
  const permute = (x: Laned, order: readonly number[]): Laned =>
    order[1] === 1
      ? { value: b.transpose(x.value, order), lanes: x.lanes }
      : onUnfolded(b, x, (value, _, shift) =>
          b.transpose(value, shift === 0 ? order : [0, 1, ...order.slice(1).map((axis) => axis + 1)]),
        );
  const inverse = permutation.map((_, axis) => permutation.indexOf(axis));
  return { apply: (x) => permute(x, permutation), transpose: (y) => permute(y, inverse) };
}

/** Repeats extents of 1. */
export function broadcastMap(b: ProgramBuilder, from: Shape, to: Shape): LinearMap {
  const axes = from.flatMap((extent, axis) => (extent === to[axis] ? [] : [axis]));
  return {
    apply: (x) => broadcastLanes(b, x, to),
    transpose: (y) => (axes.length === 0 ? y : sumLanes(b, y, axes)),
  };
}
