/** Ops that put tensors together from parts, or take parts of them: `pad`, `slice`, `concat`, `gather`. */

import { copyStrided, splitAt, stridesOf } from '../array.ts';
import type { AppliedOp, OpOf } from '../ir.ts';
import { addLanes, foldShape, gatherLanes, laneShape, onUnfolded, padLanes, spreadLanes } from '../lanes.ts';
import type { LinearMap } from '../linear-map.ts';
import type { ProgramBuilder, Value } from '../program-builder.ts';
import { isAxis, isCountList, isShape, requireThat, sameExtents, show, type Shape } from '../shapes.ts';
import { unscaled, type Rewriter, type Scaled } from './parts/rewriting.ts';
import { movesElements, type OpRule } from './rule.ts';

export const pad: OpRule<OpOf<'pad'>> = {
  arity: 1,
  shape({ op, before, after, value }, [x]) {
    requireThat(
      isCountList(before, x!.length) && isCountList(after, x!.length) && Number.isFinite(value),
      op,
      () => `counts ≥ 0 for each of ${x!.length} axes and a finite value`,
    );
    return x!.map((extent, axis) => before[axis]! + extent + after[axis]!);
  },
  key: ({ before, after, value }) => `${before.join()} ${after.join()} ${value}`,
  changesNothing: ({ before, after }) => before.every((n) => n === 0) && after.every((n) => n === 0),
  kernel({ before, value }, [x], shape, out) {
    if (value !== 0) out.fill(value);
    const outStrides = stridesOf(shape);
    const offset = before.reduce((sum, n, axis) => sum + n * outStrides[axis]!, 0);
    copyStrided(x!.data, 0, stridesOf(x!.shape), x!.shape, out, offset, outStrides);
  },
  macs: () => 0,
  uniform: ({ value }, [x]) => (value === x ? x : undefined),
  linearity: ({ value }) => (value === 0 ? 'linear' : 'none'),
  derivative: (b, { op, operands }) => padMap(b, operands[0]!.shape, op.before, op.after),
  keepsSamples: ({ before, after }) => before[0] === 0 && after[0] === 0,
};

export const slice: OpRule<OpOf<'slice'>> = {
  ...movesElements,
  arity: 1,
  shape({ op, start, size, step }, [x]) {
    requireThat(
      isCountList(start, x!.length) &&
        isShape(size) &&
        size.length === x!.length &&
        isShape(step) &&
        step.length === x!.length &&
        x!.every((extent, axis) => start[axis]! + (size[axis]! - 1) * step[axis]! < extent),
      op,
      () => `[${start.join()}] + [${size.join()}] × [${step.join()}] lies within ${show(x!)}`,
    );
    return size;
  },
  key: ({ start, size, step }) => `${start.join()} ${size.join()} ${step.join()}`,
  changesNothing: ({ size }, [x]) => sameExtents(size, x!),
  kernel({ start, step }, [x], shape, out) {
    const strides = stridesOf(x!.shape);
    const offset = start.reduce((sum, n, axis) => sum + n * strides[axis]!, 0);
    const steps = strides.map((stride, axis) => stride * step[axis]!);
    copyStrided(x!.data, offset, steps, shape, out, 0, stridesOf(shape));
  },
  derivative: (b, { op, operands }) => sliceMap(b, operands[0]!.shape, op),
  keepsSamples: ({ size }, [x]) => size[0] === x![0],
  withRows: (op, rows) => ({ ...op, size: rows(op.size) }),
  contracted: (op, inner) => ({
    op: 'slice',
    start: op.start.map((start, axis) => inner.start[axis]! + start * inner.step[axis]!),
    size: op.size,
    step: op.step.map((step, axis) => step * inner.step[axis]!),
  }),
};

export const concat: OpRule<OpOf<'concat'>> = {
  ...movesElements,
  arity: 'some',
  shape({ op, axis }, operands) {
    const [first] = operands as readonly [Shape, ...Shape[]];
    const fits =
      isAxis(axis, first) &&
      operands.every(
        (shape) => shape.length === first.length && shape.every((e, i) => i === axis || e === first[i]),
      );
    requireThat(fits, op, () => `${operands.map(show).join(', ')} agree but for axis ${axis}`);
    let extent = 0;
    for (const shape of operands) extent += shape[axis]!;
    return first.map((other, i) => (i === axis ? extent : other));
  },
  key: ({ axis }) => String(axis),
  changesNothing: (_op, operands) => operands.length === 1,
  kernel({ axis }, operands, shape, out) {
    const { outer, extent, inner } = splitAt(shape, axis);
    let start = 0;
    for (const { data, shape: own } of operands) {
      const block = own[axis]! * inner;
      for (let o = 0; o < outer; o += 1) {
        out.set(data.subarray(o * block, (o + 1) * block), o * extent * inner + start);
      }
      start += block;
    }
  },
  uniform: (_op, operands) => (operands.every((other) => other === operands[0]) ? operands[0] : undefined),
  derivative(b, { op: { axis }, operands, result }, operand) {
    const { shape } = operands[operand]!;
    const before = operands.slice(0, operand).reduce((sum, other) => sum + other.shape[axis]!, 0);
    const after = result.shape[axis]! - before - shape[axis]!;
    const along = (extent: number): number[] => shape.map((_, i) => (i === axis ? extent : 0));
    return padMap(b, shape, along(before), along(after));
  },
  keepsSamples: ({ axis }) => axis !== 0,
  rewrite: (r, { axis }, operands) => scaledConcat(r, axis, operands),
  movesWhole: true,
};

export const gather: OpRule<OpOf<'gather'>> = {
  ...movesElements,
  arity: 1,
  shape({ op, axis, indices }, [x]) {
    const extent = x![axis];
    requireThat(
      extent !== undefined &&
        indices.length > 0 &&
        indices.every((i) => Number.isInteger(i) && i >= 0 && i < extent),
      op,
      () => `indices within axis ${axis} of ${show(x!)}`,
    );
    return x!.map((other, i) => (i === axis ? indices.length : other));
  },
  key: ({ axis, indices }) => `${axis} ${indices.join()}`,
  changesNothing: ({ axis, indices }, [x]) =>
    indices.length === x![axis] && indices.every((index, i) => index === i),
  kernel(op, [x], _shape, out) {
    const { outer, extent, inner } = splitAt(x!.shape, op.axis);
    const indices = Int32Array.from(op.indices);
    const count = indices.length;
    const { data } = x!;
    let to = 0;
    if (inner === 1) {
      // Kernel flips move millions of single elements: a loop without slices.
      for (let base = 0; base < outer * extent; base += extent) {
        for (let i = 0; i < count; i += 1, to += 1) out[to] = data[base + indices[i]!]!;
      }
      return;
    }
    for (let o = 0; o < outer; o += 1) {
      const base = o * extent * inner;
      for (let i = 0; i < count; i += 1) {
        const index = indices[i]!;
        const from = base + index * inner;
        if (inner > 16) {
          out.set(data.subarray(from, from + inner), to);
        } else {
          for (let j = 0; j < inner; j += 1) out[to + j] = data[from + j]!;
        }
        to += inner;
      }
    }
  },
  derivative: (b, { op, operands }) => gatherMap(b, operands[0]!.shape, op),
  keepsSamples: ({ axis }) => axis !== 0,
  contracted: (op, inner) =>
    op.axis === inner.axis
      ? { op: 'gather', axis: op.axis, indices: op.indices.map((i) => inner.indices[i]!) }
      : undefined,
  instead: asSlice,
  movesWhole: true,
};

/** A gather of evenly spaced positions, which then contracts with slices along other axes. */
function asSlice({ axis, indices }: OpOf<'gather'>, shape: Shape): AppliedOp | undefined {
  const first = indices[0]!;
  const step = indices.length === 1 ? 1 : indices[1]! - first;
  if (step < 1 || indices.some((index, i) => index !== first + i * step)) return undefined;
  const along = (own: number, other: (extent: number) => number): number[] =>
    shape.map((extent, i) => (i === axis ? own : other(extent)));
  return {
    op: 'slice',
    start: along(first, () => 0),
    size: along(indices.length, (extent) => extent),
    step: along(step, () => 1),
  };
}

/** Picks a strided box; the transpose puts it back among zeros. */
export function sliceMap(b: ProgramBuilder, from: Shape, op: OpOf<'slice'>): LinearMap {
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
  from: Shape,
  before: readonly number[],
  after: readonly number[],
): LinearMap {
  const to = from.map((extent, axis) => before[axis]! + extent + after[axis]!);
  const cut = sliceMap(b, to, { op: 'slice', start: before, size: from, step: from.map(() => 1) });
  return { apply: (x) => padLanes(b, x, before, after), transpose: cut.apply };
}

/** Picks positions along an axis, possibly several times; the transpose adds up what was picked. */
function gatherMap(b: ProgramBuilder, from: Shape, op: OpOf<'gather'>): LinearMap {
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

/** Parts with scales of their own: many are multiplied at once by a vector along the axis, few one by one. */
function scaledConcat(r: Rewriter, axis: number, parts: readonly Scaled[]): Scaled {
  const op = { op: 'concat', axis } as const;
  // Zeros have any scale.
  const scales = new Set(parts.filter(({ value }) => r.uniform(value) !== 0).map(({ scale }) => scale));
  if (scales.size <= 1) {
    return {
      value: r.apply(
        op,
        parts.map(({ value }) => value),
      ),
      scale: [...scales][0] ?? 1,
    };
  }
  if (parts.filter(({ scale }) => scale !== 1).length <= 2) {
    return unscaled(
      r.apply(
        op,
        parts.map((part) => r.product(part)),
      ),
    );
  }
  const joined = r.apply(
    op,
    parts.map(({ value }) => value),
  );
  const factors = r.apply(
    op,
    parts.map(({ value, scale }) =>
      r.fill(
        scale,
        joined.shape.map((_, i) => (i === axis ? value.shape[axis]! : 1)),
      ),
    ),
  );
  return unscaled(r.apply({ op: 'binary', fn: 'mul' }, [joined, factors]));
}

/**
 * The sum of two tensors that lie next to each other among zeros, as the cotangents of the parts of a split do: one
 * after the other among the zeros that are left.
 */
export function joinedPads(r: Rewriter, x: Scaled, y: Scaled): Scaled | undefined {
  const [a, c] = [r.madeOf(x.value), r.madeOf(y.value)];
  if (a.op.op !== 'pad' || c.op.op !== 'pad' || a.op.value !== 0 || c.op.value !== 0) return undefined;
  const axis = onlyPaddedAxis(a.op);
  if (axis === undefined || axis !== onlyPaddedAxis(c.op)) return undefined;
  const swapped = a.op.before[axis]! > c.op.before[axis]!;
  const [first, second] = swapped ? [c, a] : [a, c];
  const [low, high] = [first.op as OpOf<'pad'>, second.op as OpOf<'pad'>];
  const [left, right] = [first.operands[0]!, second.operands[0]!];
  if (low.before[axis]! + left.shape[axis]! !== high.before[axis]!) return undefined;
  const parts = (value: Value, scale: number): Scaled[] => {
    const { op, operands } = r.madeOf(value);
    const own = op.op === 'concat' && op.axis === axis ? operands : [value];
    return own.map((part) => ({ value: part, scale }));
  };
  const [leftScale, rightScale] = swapped ? [y.scale, x.scale] : [x.scale, y.scale];
  const joined = scaledConcat(r, axis, [...parts(left, leftScale), ...parts(right, rightScale)]);
  const value = r.apply({ op: 'pad', before: low.before, after: high.after, value: 0 }, [joined.value]);
  return { value, scale: joined.scale };
}

function onlyPaddedAxis({ before, after }: OpOf<'pad'>): number | undefined {
  const axes = before.flatMap((n, axis) => (n + after[axis]! > 0 ? [axis] : []));
  return axes.length === 1 ? axes[0] : undefined;
}
