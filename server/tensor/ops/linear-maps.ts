import type { ProgramBuilder, Value } from '../builder.ts';
import type { Op, Pair, Pads } from '../ir.ts';
import {
  addLanes,
  broadcastLanes,
  foldShape,
  gatherLanes,
  laneShape,
  onUnfolded,
  padLanes,
  repeated,
  reshapeLanes,
  scaleLanes,
  spreadLanes,
  sumLanes,
  type Laned,
} from '../transforms/lanes.ts';

type OpOf<Name extends Op['op']> = Extract<Op, { readonly op: Name }>;

/**
 * A linear map from tensors of one shape to tensors of another, sample by sample, and its transpose; both on any
 * number of lanes. The derivative of an op with respect to an operand is one: forward mode applies it to tangents,
 * reverse mode applies its transpose to cotangents.
 */
export interface LinearMap {
  readonly apply: (tangent: Laned) => Laned;
  readonly transpose: (cotangent: Laned) => Laned;
}

export const identityMap: LinearMap = { apply: (x) => x, transpose: (y) => y };

/** First maps first. */
export function composed(...maps: readonly LinearMap[]): LinearMap {
  return {
    apply: (x) => maps.reduce((value, map) => map.apply(value), x),
    transpose: (y) => maps.reduceRight((value, map) => map.transpose(value), y),
  };
}

/** Sum of maps between the same shapes. */
export function sumOfMaps(b: ProgramBuilder, maps: readonly LinearMap[]): LinearMap {
  const sum = (terms: readonly Laned[]): Laned => terms.reduce((total, term) => addLanes(b, total, term));
  return {
    apply: (x) => sum(maps.map((map) => map.apply(x))),
    transpose: (y) => sum(maps.map((map) => map.transpose(y))),
  };
}

/** x ↦ f(x), with f its own transpose and indifferent to lanes. */
export function elementwiseMap(f: (value: Value) => Value): LinearMap {
  const apply = (x: Laned): Laned => ({ value: f(x.value), lanes: x.lanes });
  return { apply, transpose: apply };
}

export function scaleMap(b: ProgramBuilder, scale: number): LinearMap {
  return elementwiseMap((value) => b.affine(value, scale));
}

/** x ↦ factor ⊙ x, the factor broadcasting to x. */
export function diagonalMap(b: ProgramBuilder, factor: Value): LinearMap {
  const apply = (x: Laned): Laned => scaleLanes(b, x, factor);
  return { apply, transpose: apply };
}

/** Repeats extents of 1. */
export function broadcastMap(b: ProgramBuilder, from: readonly number[], to: readonly number[]): LinearMap {
  const axes = from.flatMap((extent, axis) => (extent === to[axis] ? [] : [axis]));
  return {
    apply: (x) => broadcastLanes(b, x, to),
    transpose: (y) => (axes.length === 0 ? y : sumLanes(b, y, axes)),
  };
}

/** Sums axes, keeping them with extent 1. */
export function sumMap(b: ProgramBuilder, from: readonly number[], axes: readonly number[]): LinearMap {
  return {
    apply: (x) => sumLanes(b, x, axes),
    transpose: (y) => broadcastLanes(b, y, from),
  };
}

export function reshapeMap(b: ProgramBuilder, from: readonly number[], to: readonly number[]): LinearMap {
  return {
    apply: (x) => reshapeLanes(b, x, to),
    transpose: (y) => reshapeLanes(b, y, from),
  };
}

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

/** Picks a strided box; the transpose puts it back among zeros. */
export function sliceMap(b: ProgramBuilder, from: readonly number[], op: OpOf<'slice'>): LinearMap {
  const { start, size } = op;
  // A single element has no next one: any step is 1.
  const step = op.step.map((own, axis) => (size[axis] === 1 ? 1 : own));
  return {
    apply: (x) =>
      size[1] === from[1]
        ? { value: b.slice(x.value, start, foldShape(size, x.lanes), step), lanes: x.lanes }
        : onUnfolded(b, x, (value, perAxis) =>
            b.slice(value, perAxis(start, 0), perAxis(size, x.lanes), perAxis(step, 1)),
          ),
    transpose: (y) => {
      const spread = step.some((own) => own > 1) ? spreadLanes(b, y, step) : y;
      const extents = laneShape(spread);
      const after = from.map((extent, axis) => extent - start[axis]! - extents[axis]!);
      return padLanes(b, spread, start, after);
    },
  };
}

/** Surrounds with zeros; the transpose cuts them off. */
export function padMap(
  b: ProgramBuilder,
  from: readonly number[],
  before: readonly number[],
  after: readonly number[],
): LinearMap {
  const to = from.map((extent, axis) => before[axis]! + extent + after[axis]!);
  const cut = sliceMap(b, to, { op: 'slice', start: before, size: from, step: from.map(() => 1) });
  return { apply: (x) => padLanes(b, x, before, after), transpose: cut.apply };
}

/** Picks positions along an axis, possibly several times; the transpose adds up what was picked. */
export function gatherMap(b: ProgramBuilder, from: readonly number[], op: OpOf<'gather'>): LinearMap {
  const places = Array.from({ length: from[op.axis]! }, (): number[] => []);
  for (const [position, index] of op.indices.entries()) places[index]!.push(position);
  const rounds = Math.max(...places.map((positions) => positions.length));
  // Beyond the last position lies a zero, for places picked less often than others.
  const none = op.indices.length;
  const needsZero = places.some((positions) => positions.length < rounds);
  return {
    apply: (x) => gatherLanes(b, x, op.axis, op.indices),
    transpose: (y) => {
      const after = laneShape(y).map((_, axis) => (axis === op.axis ? 1 : 0));
      const source = needsZero
        ? padLanes(
            b,
            y,
            after.map(() => 0),
            after,
          )
        : y;
      return Array.from({ length: rounds }, (_, round) =>
        gatherLanes(
          b,
          source,
          op.axis,
          places.map((positions) => positions[round] ?? none),
        ),
      ).reduce((sum, term) => addLanes(b, sum, term));
    },
  };
}

/** Zeros between and behind rows and columns; the transpose picks the rows and columns again. */
export function dilateMap(b: ProgramBuilder, from: readonly number[], op: OpOf<'dilate'>): LinearMap {
  const [height, width] = [from[2]!, from[3]!];
  const kept: Pair = [
    Math.min(height, Math.ceil(op.height / op.stride[0])),
    Math.min(width, Math.ceil(op.width / op.stride[1])),
  ];
  return {
    apply: ({ value, lanes }) => ({ value: b.dilate(value, op.stride, op.height, op.width), lanes }),
    transpose: ({ value, lanes }) => {
      const [batch, channels] = value.shape as [number, number];
      const picked = b.slice(value, [0, 0, 0, 0], [batch, channels, ...kept], [1, 1, ...op.stride]);
      const missing = [0, 0, height - kept[0], width - kept[1]];
      return { value: b.pad(picked, [0, 0, 0, 0], missing), lanes };
    },
  };
}

export function upsampleMap(b: ProgramBuilder, factor: Pair): LinearMap {
  return {
    apply: ({ value, lanes }) => ({ value: b.upsample(value, factor), lanes }),
    transpose: ({ value, lanes }) => ({ value: b.pool('sum', value, factor, factor, [0, 0, 0, 0]), lanes }),
  };
}

/** Sums over windows; the transpose spreads every sum over its window. */
export function sumPoolMap(
  b: ProgramBuilder,
  from: readonly number[],
  { kernel, stride, pads }: { readonly kernel: Pair; readonly stride: Pair; readonly pads: Pads },
): LinearMap {
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
 * Prepares the cotangent of a strided window op for the stride-1 window op that is its transpose: spreads it by the
 * stride, and gives the padding with which the result has exactly the operand's extents. Rows and columns that only
 * padding saw are cut off.
 */
export function adjointWindow(
  b: ProgramBuilder,
  cotangent: Value,
  kernel: Pair,
  dilation: Pair,
  stride: Pair,
  pads: Pads,
  extent: Pair,
): { readonly value: Value; readonly pads: Pads } {
  const spreadTo = ([0, 1] as const).map((i) => {
    const toLast = (cotangent.shape[2 + i]! - 1) * stride[i] + 1;
    // Zeros behind the last element, where they stand for padding: spreading evenly is cheaper for engines.
    return toLast + Math.min(stride[i] - 1, Math.max(0, extent[i] - toLast + pads[i]));
  });
  const spread = b.dilate(cotangent, stride, spreadTo[0]!, spreadTo[1]!);
  const before = ([0, 1] as const).map((i) => dilation[i] * (kernel[i] - 1) - pads[i]);
  const after = ([0, 1] as const).map((i) => extent[i] - spreadTo[i]! + pads[i]);
  const cut = (pad: number): number => Math.max(0, -pad);
  const size = ([0, 1] as const).map((i) => spreadTo[i]! - cut(before[i]!) - cut(after[i]!));
  const value = b.slice(
    spread,
    [0, 0, cut(before[0]!), cut(before[1]!)],
    [spread.shape[0]!, spread.shape[1]!, size[0]!, size[1]!],
  );
  const [top, left, bottom, right] = [...before, ...after].map((pad) => Math.max(0, pad)) as [
    number,
    number,
    number,
    number,
  ];
  return { value, pads: [top, left, bottom, right] };
}

/** Softmax over the last axis, by its value y: x ↦ y ⊙ (x − Σ y ⊙ x), its own transpose. */
export function softmaxMap(b: ProgramBuilder, y: Value): LinearMap {
  const last = y.shape.length - 1;
  const apply = (x: Laned): Laned => {
    const weighted = scaleLanes(b, x, y);
    const share = scaleLanes(b, sumLanes(b, weighted, [last]), y);
    return { value: b.sub(weighted.value, share.value), lanes: x.lanes };
  };
  return { apply, transpose: apply };
}

/** x ↦ x · other; with `transposeB` x ↦ x · otherᵀ. The other factor is a matrix for all samples or one each. */
export function timesMatrixMap(
  b: ProgramBuilder,
  from: readonly number[],
  other: Value,
  transposeB: boolean,
): LinearMap {
  const times = (x: Laned, transposed: boolean): Laned => {
    const shared = other.shape.length === 2;
    if (x.lanes === 1 || (from.length > 2 && shared) || from.length === 3) {
      // Lanes are further rows.
      return { value: b.matmul(x.value, other, { transposeB: transposed }), lanes: x.lanes };
    }
    return from.length === 2
      ? onUnfolded(b, x, (value) => b.matmul(value, other, { transposeB: transposed }))
      : { value: b.matmul(x.value, repeated(b, other, x.lanes), { transposeB: transposed }), lanes: x.lanes };
  };
  return { apply: (x) => times(x, transposeB), transpose: (y) => times(y, !transposeB) };
}

/** x ↦ other · x, with one other factor per sample; with `transposeA` x ↦ otherᵀ · x. */
export function matrixTimesMap(b: ProgramBuilder, other: Value, transposeA: boolean): LinearMap {
  const times = (x: Laned, transposed: boolean): Laned => {
    if (other.shape.length > 3) {
      return {
        value: b.matmul(repeated(b, other, x.lanes), x.value, { transposeA: transposed }),
        lanes: x.lanes,
      };
    }
    return onUnfolded(b, x, (value, _, shift) => {
      const [batch, ...matrix] = other.shape;
      const own =
        shift === 0
          ? other
          : b.broadcast(b.reshape(other, [batch!, 1, ...matrix]), [batch!, x.lanes, ...matrix]);
      return b.matmul(own, value, { transposeA: transposed });
    });
  };
  return { apply: (x) => times(x, transposeA), transpose: (y) => times(y, !transposeA) };
}

/** x ↦ xᵀ over the last two axes. */
export function matrixTransposeMap(b: ProgramBuilder, from: readonly number[]): LinearMap {
  const rank = from.length;
  const axes = from.map((_, axis) => axis);
  return transposeMap(b, [...axes.slice(0, -2), rank - 1, rank - 2]);
}
