import type { Op, Pads, Pair } from './ir.ts';

/** An op with operands. */
export type AppliedOp = Exclude<Op, { readonly op: 'constant' | 'input' }>;

/** The shape of an op's result; throws `TypeError` when the op cannot be applied to operands of these shapes. */
export function inferShape(op: AppliedOp, inputs: readonly (readonly number[])[]): readonly number[] {
  requireThat(op.op === 'concat' ? inputs.length > 0 : inputs.length === arity(op), op.op, 'operand count');
  const x = inputs[0]!;
  switch (op.op) {
    case 'conv2d':
      return convShape(op, x, inputs[1]!);
    case 'matmul':
      return matmulShape(op.transposeA, op.transposeB, x, inputs[1]!);
    case 'unary':
    case 'softmax':
    case 'argmaxOneHot':
      requireThat(x.length > 0, op.op, 'rank ≥ 1');
      return x;
    case 'affine':
      requireThat(Number.isFinite(op.scale) && Number.isFinite(op.shift), op.op, 'finite scale and shift');
      return x;
    case 'clip':
      requireThat(
        Number.isFinite(op.low) && Number.isFinite(op.high) && op.low <= op.high,
        op.op,
        'finite low ≤ high',
      );
      return x;
    case 'binary':
      return broadcastShapes(x, inputs[1]!);
    case 'reduce': {
      const ordered = op.axes.every((axis, i) => isAxis(axis, x) && (i === 0 || axis > op.axes[i - 1]!));
      requireThat(ordered, op.op, () => `ascending axes within rank ${x.length}, got [${op.axes.join()}]`);
      return x.map((extent, axis) => (op.axes.includes(axis) ? 1 : extent));
    }
    case 'pool':
      return poolShape(op.fn, x, op.kernel, op.stride, op.pads);
    case 'pad':
      requireThat(
        isCountList(op.before, x.length) && isCountList(op.after, x.length) && Number.isFinite(op.value),
        op.op,
        () => `counts ≥ 0 for each of ${x.length} axes and a finite value`,
      );
      return x.map((extent, axis) => op.before[axis]! + extent + op.after[axis]!);
    case 'slice':
      return sliceShape(op.start, op.size, op.step, x);
    case 'concat':
      return concatShape(op.axis, inputs);
    case 'gather': {
      const extent = x[op.axis];
      requireThat(
        extent !== undefined &&
          op.indices.length > 0 &&
          op.indices.every((i) => Number.isInteger(i) && i >= 0 && i < extent),
        op.op,
        () => `indices within axis ${op.axis} of ${show(x)}`,
      );
      return x.map((other, axis) => (axis === op.axis ? op.indices.length : other));
    }
    case 'reshape':
      requireThat(
        isShape(op.shape) && count(op.shape) === count(x),
        op.op,
        () => `${show(x)} cannot become ${show(op.shape)}`,
      );
      return op.shape;
    case 'transpose':
      requireThat(
        op.permutation.length === x.length && x.every((_, axis) => op.permutation.includes(axis)),
        op.op,
        () => `[${op.permutation.join()}] is a permutation of ${x.length} axes`,
      );
      return op.permutation.map((axis) => x[axis]!);
    case 'broadcast':
      requireThat(
        isShape(op.shape) &&
          op.shape.length === x.length &&
          op.shape.every((e, axis) => x[axis] === e || x[axis] === 1),
        op.op,
        () => `${show(x)} to ${show(op.shape)}`,
      );
      return op.shape;
    case 'dilate':
      requireThat(
        x.length === 4 && isPositivePair(op.stride) && isPositivePair([op.height, op.width]),
        op.op,
        () => `rank 4, positive stride and extents, got ${show(x)}`,
      );
      return [x[0]!, x[1]!, op.height, op.width];
    case 'upsample':
      requireThat(
        x.length === 4 && isPositivePair(op.factor),
        op.op,
        () => `rank 4, positive factors, got ${show(x)}`,
      );
      return [x[0]!, x[1]!, x[2]! * op.factor[0], x[3]! * op.factor[1]];
    case 'adjointKernel':
      requireThat(
        x.length === 4 && isShape([op.groups]) && x[0]! % op.groups === 0,
        op.op,
        () => `rank 4, groups that divide axis 0, got ${show(x)} and ${op.groups}`,
      );
      return [x[1]! * op.groups, x[0]! / op.groups, x[2]!, x[3]!];
  }
}

/** Extent of a window op's result along one axis: ⌊(extent + pads − reach) / stride⌋ + 1. */
export function windowExtent(
  extent: number,
  window: number,
  stride: number,
  dilation: number,
  padding: number,
): number {
  return Math.floor((extent + padding - (dilation * (window - 1) + 1)) / stride) + 1;
}

/** Shape of an elementwise product of two tensors of equal rank, extents equal or 1. */
export function broadcastShapes(a: readonly number[], b: readonly number[]): readonly number[] {
  const fits = a.length === b.length && a.every((e, axis) => e === b[axis] || e === 1 || b[axis] === 1);
  requireThat(fits, 'binary', () => `${show(a)} and ${show(b)} broadcast`);
  return a.map((extent, axis) => (extent === 1 ? b[axis]! : extent));
}

/** Whether every extent is a positive integer (rank 0 allowed). */
export function isShape(shape: readonly number[]): boolean {
  return shape.every((extent) => Number.isInteger(extent) && extent > 0);
}

export function count(shape: readonly number[]): number {
  let product = 1;
  for (const extent of shape) product *= extent;
  return product;
}

export function sameExtents(a: readonly number[], b: readonly number[]): boolean {
  return a === b || (a.length === b.length && a.every((extent, axis) => extent === b[axis]));
}

function arity(op: Op): number {
  return op.op === 'conv2d' || op.op === 'matmul' || op.op === 'binary' ? 2 : 1;
}

function convShape(
  op: { readonly stride: Pair; readonly pads: Pads; readonly dilation: Pair; readonly groups: number },
  x: readonly number[],
  w: readonly number[],
): readonly number[] {
  const [top, left, bottom, right] = op.pads;
  requireThat(x.length === 4 && w.length === 4, 'conv2d', () => `rank 4, got ${show(x)} and ${show(w)}`);
  requireThat(isPositivePair(op.stride) && isPositivePair(op.dilation), 'conv2d', 'stride and dilation ≥ 1');
  requireThat(isCountList(op.pads, 4), 'conv2d', 'pads ≥ 0');
  requireThat(
    isPositivePair([op.groups, 1]) && x[1] === w[1]! * op.groups && w[0]! % op.groups === 0,
    'conv2d',
    () => `${show(x)} and ${show(w)} in ${op.groups} groups`,
  );
  const height = windowExtent(x[2]!, w[2]!, op.stride[0], op.dilation[0], top + bottom);
  const width = windowExtent(x[3]!, w[3]!, op.stride[1], op.dilation[1], left + right);
  requireThat(height > 0 && width > 0, 'conv2d', () => `kernel ${show(w)} fits into ${show(x)}`);
  return [x[0]!, w[0]!, height, width];
}

function matmulShape(
  transposeA: boolean,
  transposeB: boolean,
  a: readonly number[],
  b: readonly number[],
): readonly number[] {
  const leading = a.slice(0, -2);
  const fits =
    a.length >= 2 && (b.length === 2 || (b.length === a.length && sameExtents(leading, b.slice(0, -2))));
  requireThat(fits, 'matmul', () => `leading axes of ${show(a)} and ${show(b)} agree`);
  const [rows, inner] = transposeA ? [a.at(-1)!, a.at(-2)!] : [a.at(-2)!, a.at(-1)!];
  const [innerB, columns] = transposeB ? [b.at(-1)!, b.at(-2)!] : [b.at(-2)!, b.at(-1)!];
  requireThat(inner === innerB, 'matmul', () => `inner extents of ${show(a)} and ${show(b)} agree`);
  return [...leading, rows, columns];
}

function poolShape(
  fn: 'max' | 'sum',
  x: readonly number[],
  kernel: Pair,
  stride: Pair,
  pads: Pads,
): readonly number[] {
  requireThat(
    x.length === 4 && isPositivePair(kernel) && isPositivePair(stride) && isCountList(pads, 4),
    'pool',
    () => `rank 4, positive kernel and stride, pads ≥ 0, got ${show(x)}`,
  );
  const [top, left, bottom, right] = pads;
  requireThat(
    fn === 'sum' || (Math.max(top, bottom) < kernel[0] && Math.max(left, right) < kernel[1]),
    'pool',
    'every window of a max pool holds an element',
  );
  const height = windowExtent(x[2]!, kernel[0], stride[0], 1, top + bottom);
  const width = windowExtent(x[3]!, kernel[1], stride[1], 1, left + right);
  requireThat(height > 0 && width > 0, 'pool', () => `kernel ${kernel.join('x')} fits into ${show(x)}`);
  return [x[0]!, x[1]!, height, width];
}

function sliceShape(
  start: readonly number[],
  size: readonly number[],
  step: readonly number[],
  x: readonly number[],
): readonly number[] {
  requireThat(
    isCountList(start, x.length) &&
      isShape(size) &&
      size.length === x.length &&
      isShape(step) &&
      step.length === x.length &&
      x.every((extent, axis) => start[axis]! + (size[axis]! - 1) * step[axis]! < extent),
    'slice',
    () => `[${start.join()}] + [${size.join()}] × [${step.join()}] lies within ${show(x)}`,
  );
  return size;
}

function concatShape(axis: number, inputs: readonly (readonly number[])[]): readonly number[] {
  const [first] = inputs;
  const fits =
    isAxis(axis, first!) &&
    inputs.every(
      (shape) => shape.length === first!.length && shape.every((e, i) => i === axis || e === first![i]),
    );
  requireThat(fits, 'concat', () => `${inputs.map(show).join(', ')} agree but for axis ${axis}`);
  let extent = 0;
  for (const shape of inputs) extent += shape[axis]!;
  return first!.map((other, i) => (i === axis ? extent : other));
}

function isAxis(axis: number, shape: readonly number[]): boolean {
  return Number.isInteger(axis) && axis >= 0 && axis < shape.length;
}

function isPositivePair(pair: Pair): boolean {
  return isShape(pair);
}

function isCountList(values: readonly number[], length: number): boolean {
  return values.length === length && values.every((value) => Number.isInteger(value) && value >= 0);
}

function show(shape: readonly number[]): string {
  return `[${shape.join(', ')}]`;
}

function requireThat(condition: boolean, op: string, requirement: string | (() => string)): void {
  if (condition) return;
  throw new TypeError(`${op}: required: ${typeof requirement === 'string' ? requirement : requirement()}`);
}
