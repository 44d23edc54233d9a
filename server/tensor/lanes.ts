import type { ProgramBuilder, Value } from './program-builder.ts';

/**
 * K tensors of one shape `[B, a, …]` per sample, kept as one: the lanes are folded into axis 1, lane after lane,
 * `[B, K·a, …]`. For images lanes are thus groups of channels, and a convolution of all lanes is one grouped
 * convolution of rank 4.
 */
export interface Laned {
  readonly value: Value;
  readonly lanes: number;
}

/** Shape of a single lane, `[B, a, …]`. */
export function laneShape({ value, lanes }: Laned): readonly number[] {
  return value.shape.map((extent, axis) => (axis === 1 ? extent / lanes : extent));
}

/** The lanes on an axis of their own, `[B, K, a, …]`. */
export function unfold(b: ProgramBuilder, { value, lanes }: Laned): Value {
  const [batch, folded, ...rest] = value.shape;
  return b.reshape(value, [batch!, lanes, folded! / lanes, ...rest]);
}

/** Lanes from a tensor that has them on an axis of their own, `[B, K, a, …]`. */
export function fold(b: ProgramBuilder, value: Value): Laned {
  const [batch, lanes, extent, ...rest] = value.shape;
  return { value: b.reshape(value, [batch!, lanes! * extent!, ...rest]), lanes: lanes! };
}

/**
 * Applies an op that looks at axis 1: to the tensor as it is when there is one lane, otherwise to the unfolded one,
 * whose axes behind the batch come `shift` = 1 later. Per-axis lists are made with `perAxis`.
 */
export function onUnfolded(
  b: ProgramBuilder,
  x: Laned,
  apply: (
    value: Value,
    perAxis: (list: readonly number[], lanes: number) => readonly number[],
    shift: 0 | 1,
  ) => Value,
): Laned {
  if (x.lanes === 1) return { value: apply(x.value, (list) => list, 0), lanes: 1 };
  const perAxis = (list: readonly number[], forLanes: number): readonly number[] => [
    list[0]!,
    forLanes,
    ...list.slice(1),
  ];
  return fold(b, apply(unfold(b, x), perAxis, 1));
}

/** A tensor `[B, a, …]` (or `[1, a, …]`) repeated for every lane; for a = 1 broadcasting does that. */
export function tile(b: ProgramBuilder, value: Value, lanes: number): Value {
  return value.shape[1] === 1 ? value : repeated(b, value, lanes);
}

/** A tensor repeated for every lane, whatever its extents. */
export function repeated(b: ProgramBuilder, value: Value, lanes: number, axis = 1): Value {
  return b.concat(new Array<Value>(lanes).fill(value), axis);
}

/** Multiplies every lane by the same factor. The factor may broadcast to the lanes, and the lanes to the factor. */
export function scaleLanes(b: ProgramBuilder, x: Laned, factor: Value): Laned {
  const shape = laneShape(x);
  const own =
    shape[1] === 1 && factor.shape[1] !== 1
      ? broadcastLanes(b, x, [shape[0]!, factor.shape[1]!, ...shape.slice(2)])
      : x;
  return { value: b.mul(own.value, tile(b, factor, x.lanes)), lanes: x.lanes };
}

/** Repeats extents of 1 in every lane. */
export function broadcastLanes(b: ProgramBuilder, x: Laned, shape: readonly number[]): Laned {
  return shape[1] === laneShape(x)[1]
    ? { value: b.broadcast(x.value, foldShape(shape, x.lanes)), lanes: x.lanes }
    : onUnfolded(b, x, (value, perAxis) => b.broadcast(value, perAxis(shape, x.lanes)));
}

/** Sums axes of every lane, keeping them with extent 1. */
export function sumLanes(b: ProgramBuilder, x: Laned, axes: readonly number[]): Laned {
  return axes.includes(1)
    ? onUnfolded(b, x, (value, _, shift) =>
        b.reduce(
          'sum',
          value,
          axes.map((axis) => axis + shift),
        ),
      )
    : { value: b.reduce('sum', x.value, axes), lanes: x.lanes };
}

/** Gives every lane another shape of as many elements. */
export function reshapeLanes(b: ProgramBuilder, x: Laned, shape: readonly number[]): Laned {
  return { value: b.reshape(x.value, foldShape(shape, x.lanes)), lanes: x.lanes };
}

/** Picks positions along an axis of every lane. */
export function gatherLanes(b: ProgramBuilder, x: Laned, axis: number, indices: readonly number[]): Laned {
  if (axis !== 1) return { value: b.gather(x.value, axis, indices), lanes: x.lanes };
  const extent = laneShape(x)[1]!;
  const folded = Array.from({ length: x.lanes }, (_, lane) => indices.map((index) => lane * extent + index));
  return { value: b.gather(x.value, 1, folded.flat()), lanes: x.lanes };
}

export function addLanes(b: ProgramBuilder, x: Laned, y: Laned): Laned {
  return { value: b.add(x.value, y.value), lanes: x.lanes };
}

/** Shape of K lanes of shape `[B, a, …]`: `[B, K·a, …]`. */
export function foldShape(shape: readonly number[], lanes: number): readonly number[] {
  return shape.map((extent, axis) => (axis === 1 ? extent * lanes : extent));
}

/** Surrounds every lane with zeros. */
export function padLanes(
  b: ProgramBuilder,
  x: Laned,
  before: readonly number[],
  after: readonly number[],
): Laned {
  return before[1] === 0 && after[1] === 0
    ? { value: b.pad(x.value, before, after), lanes: x.lanes }
    : onUnfolded(b, x, (value, perAxis) => b.pad(value, perAxis(before, 0), perAxis(after, 0)));
}

/** Puts step − 1 zeros between the elements along every axis, none behind the last. */
export function spreadLanes(b: ProgramBuilder, x: Laned, step: readonly number[]): Laned {
  const extents = laneShape(x).map((extent, axis) => (extent - 1) * step[axis]! + 1);
  if (extents.length === 4 && step[1] === 1) {
    const value = b.dilate(x.value, [step[2]!, step[3]!], extents[2]!, extents[3]!);
    return { value, lanes: x.lanes };
  }
  return onUnfolded(b, x, (value, perAxis) => {
    const steps = perAxis(step, 1);
    return perAxis(extents, x.lanes).reduce((spread, extent, axis) => {
      if (steps[axis] === 1) return spread;
      const { shape } = spread;
      const split = [...shape.slice(0, axis + 1), 1, ...shape.slice(axis + 1)];
      const after = split.map((_, i) => (i === axis + 1 ? steps[axis]! - 1 : 0));
      const zeros = b.pad(
        b.reshape(spread, split),
        after.map(() => 0),
        after,
      );
      const joined = shape.map((e, i) => (i === axis ? e * steps[axis]! : e));
      const size = joined.map((e, i) => (i === axis ? extent : e));
      return b.slice(
        b.reshape(zeros, joined),
        size.map(() => 0),
        size,
      );
    }, value);
  });
}

/** Joins tensors of equally many lanes along an axis, lane by lane. */
export function concatLanes(b: ProgramBuilder, parts: readonly Laned[], axis: number): Laned {
  const { lanes } = parts[0]!;
  if (axis !== 1 || lanes === 1) {
    const values = parts.map(({ value }) => value);
    return { value: b.concat(values, axis), lanes };
  }
  const unfolded = parts.map((part) => unfold(b, part));
  return fold(b, b.concat(unfolded, 2));
}
