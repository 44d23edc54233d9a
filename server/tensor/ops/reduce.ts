/** Ops along axes: `reduce`, `softmax`, `argmaxOneHot`. */

import { broadcastStrides } from '../array.ts';
import type { OpOf } from '../ir.ts';
import { broadcastLanes, scaleLanes, sumLanes, type Laned } from '../lanes.ts';
import { composed, diagonalMap, scaleMap, type LinearMap } from '../linear-map.ts';
import type { ProgramBuilder, Value } from '../program-builder.ts';
import { count, isAxis, requireThat, type Shape } from '../shapes.ts';
import type { OpRule } from './rule.ts';

export const reduce: OpRule<OpOf<'reduce'>> = {
  arity: 1,
  shape({ op, axes }, [x]) {
    const ordered = axes.every((axis, i) => isAxis(axis, x!) && (i === 0 || axis > axes[i - 1]!));
    requireThat(ordered, op, () => `ascending axes within rank ${x!.length}, got [${axes.join()}]`);
    return x!.map((extent, axis) => (axes.includes(axis) ? 1 : extent));
  },
  key: ({ fn, axes }) => `${fn} ${axes.join()}`,
  changesNothing: ({ axes }, [x]) => axes.every((axis) => x![axis] === 1),
  kernel({ fn, axes }, [x], shape, out) {
    const results = new Float64Array(out.length).fill(fn === 'max' ? -Infinity : 0);
    const rank = shape.length;
    // The result walked along the operand's indices: reduced axes stand still.
    const strides = broadcastStrides(shape, x!.shape);
    const index = new Array<number>(rank).fill(0);
    let to = 0;
    for (const value of x!.data) {
      results[to] = fn === 'max' ? Math.max(results[to]!, value) : results[to]! + value;
      for (let axis = rank - 1; axis >= 0; axis -= 1) {
        to += strides[axis]!;
        index[axis]! += 1;
        if (index[axis]! < x!.shape[axis]!) break;
        to -= strides[axis]! * x!.shape[axis]!;
        index[axis] = 0;
      }
    }
    if (fn === 'mean') {
      const terms = count(axes.map((axis) => x!.shape[axis]!));
      for (let i = 0; i < results.length; i += 1) results[i]! /= terms;
    }
    out.set(results);
  },
  macs: () => 0,
  uniform({ fn }, [x], [from], shape) {
    return x !== undefined && fn === 'sum' ? (x * count(from!)) / count(shape) : x;
  },
  linearity: ({ fn }) => (fn === 'max' ? 'positive' : 'linear'),
  derivative(b, { op: { fn, axes }, operands }) {
    const x = operands[0]!;
    const sum = sumMap(b, x.shape, axes);
    if (fn === 'sum') return sum;
    return fn === 'mean'
      ? composed(sum, scaleMap(b, 1 / count(axes.map((axis) => x.shape[axis]!))))
      : composed(diagonalMap(b, firstMaxima(b, x, axes)), sum);
  },
  keepsSamples: ({ axes }) => !axes.includes(0),
  mayMix: () => true,
};

/** Sums axes, keeping them with extent 1. */
function sumMap(b: ProgramBuilder, from: Shape, axes: readonly number[]): LinearMap {
  return {
    apply: (x) => sumLanes(b, x, axes),
    transpose: (y) => broadcastLanes(b, y, from),
  };
}

/** 1 at the first maximum along the axes, 0 elsewhere: they are brought behind the others and flattened. */
function firstMaxima(b: ProgramBuilder, x: Value, axes: readonly number[]): Value {
  const kept = x.shape.map((_, axis) => axis).filter((axis) => !axes.includes(axis));
  const order = [...kept, ...axes];
  const moved = b.transpose(x, order);
  const flat = b.reshape(moved, [
    ...kept.map((axis) => x.shape[axis]!),
    count(axes.map((axis) => x.shape[axis]!)),
  ]);
  const winners = b.reshape(b.argmaxOneHot(flat), moved.shape);
  const inverse = order.map((_, axis) => order.indexOf(axis));
  return b.transpose(winners, inverse);
}

export const softmax: OpRule<OpOf<'softmax'>> = {
  arity: 1,
  shape: lastAxisShape,
  key: () => '',
  kernel(_op, [x], _shape, out) {
    const { data } = x!;
    const width = x!.shape.at(-1)!;
    const exponentials = new Float64Array(width);
    for (let start = 0; start < out.length; start += width) {
      let largest = -Infinity;
      for (let i = 0; i < width; i += 1) largest = Math.max(largest, data[start + i]!);
      let sum = 0;
      for (let i = 0; i < width; i += 1) sum += exponentials[i] = Math.exp(data[start + i]! - largest);
      for (let i = 0; i < width; i += 1) out[start + i] = exponentials[i]! / sum;
    }
  },
  macs: () => 0,
  uniform: (_op, [x], [from]) => (x === undefined ? undefined : 1 / from!.at(-1)!),
  linearity: () => 'none',
  derivative: (b, { result }) => softmaxMap(b, result),
  // The probability of the only class is 1.
  isFlat: (_op, _operand, _zero, shape) => shape.at(-1) === 1,
  keepsSamples: (_op, [x]) => x!.length >= 2,
};

/** By its value y: x ↦ y ⊙ (x − Σ y ⊙ x), its own transpose. */
function softmaxMap(b: ProgramBuilder, y: Value): LinearMap {
  const last = y.shape.length - 1;
  const apply = (x: Laned): Laned => {
    const weighted = scaleLanes(b, x, y);
    const share = scaleLanes(b, sumLanes(b, weighted, [last]), y);
    return { value: b.sub(weighted.value, share.value), lanes: x.lanes };
  };
  return { apply, transpose: apply };
}

export const argmaxOneHot: OpRule<OpOf<'argmaxOneHot'>> = {
  arity: 1,
  shape: lastAxisShape,
  key: () => '',
  kernel(_op, [x], _shape, out) {
    const { data } = x!;
    const width = x!.shape.at(-1)!;
    for (let start = 0; start < out.length; start += width) {
      let best = 0;
      for (let i = 1; i < width; i += 1) if (data[start + i]! > data[start + best]!) best = i;
      out[start + best] = 1;
    }
  },
  macs: () => 0,
  uniform: () => undefined,
  linearity: () => 'invariant',
  derivative: 'zero almost everywhere',
  keepsSamples: (_op, [x]) => x!.length >= 2,
};

function lastAxisShape({ op }: OpOf<'softmax' | 'argmaxOneHot'>, [x]: readonly Shape[]): Shape {
  requireThat(x!.length > 0, op, 'rank ≥ 1');
  return x!;
}
