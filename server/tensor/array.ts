export type Dtype = 'float32' | 'float64';
export type Numbers = Float32Array | Float64Array;

/** A dense row-major tensor. */
export interface Tensor {
  readonly shape: readonly number[];
  readonly data: Numbers;
}

export function allocate(dtype: Dtype, length: number): Numbers {
  return dtype === 'float32' ? new Float32Array(length) : new Float64Array(length);
}

/** Row-major strides, in elements. */
export function stridesOf(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis -= 1) {
    strides[axis] = stride;
    stride *= shape[axis]!;
  }
  return strides;
}

/** Strides that walk a tensor as if its extents of 1 were repeated to `shape`. */
export function broadcastStrides(own: readonly number[], shape: readonly number[]): number[] {
  return stridesOf(own).map((stride, axis) => (own[axis] === 1 && shape[axis] !== 1 ? 0 : stride));
}

/** The multi-index of a flat row-major index. */
export function unravel(flat: number, shape: readonly number[]): number[] {
  return stridesOf(shape).map((stride, axis) => Math.floor(flat / stride) % shape[axis]!);
}

/** Number of elements before, along and behind an axis: the tensor as [outer, extent, inner]. */
export function splitAt(
  shape: readonly number[],
  axis: number,
): { readonly outer: number; readonly extent: number; readonly inner: number } {
  let outer = 1;
  let inner = 1;
  for (let i = 0; i < axis; i += 1) outer *= shape[i]!;
  for (let i = axis + 1; i < shape.length; i += 1) inner *= shape[i]!;
  return { outer, extent: shape[axis]!, inner };
}

/**
 * out[i] = source[offset + Σ strides·i] over all multi-indices i of `shape`, in row-major order of `out`, whose own
 * element strides are `outStrides` from `outOffset`.
 */
export function copyStrided(
  source: Numbers,
  offset: number,
  strides: readonly number[],
  shape: readonly number[],
  out: Numbers,
  outOffset: number,
  outStrides: readonly number[],
): void {
  const rank = shape.length;
  if (rank === 0) {
    out[outOffset] = source[offset]!;
    return;
  }
  const extent = shape[rank - 1]!;
  const step = strides[rank - 1]!;
  const outStep = outStrides[rank - 1]!;
  const index = new Array<number>(rank).fill(0);
  let from = offset;
  let to = outOffset;
  for (;;) {
    if (step === 1 && outStep === 1 && extent > 16) {
      out.set(source.subarray(from, from + extent), to);
    } else {
      for (let i = 0, p = from, q = to; i < extent; i += 1, p += step, q += outStep) out[q] = source[p]!;
    }
    let axis = rank - 2;
    for (; axis >= 0; axis -= 1) {
      from += strides[axis]!;
      to += outStrides[axis]!;
      index[axis]! += 1;
      if (index[axis]! < shape[axis]!) break;
      from -= strides[axis]! * shape[axis]!;
      to -= outStrides[axis]! * shape[axis]!;
      index[axis] = 0;
    }
    if (axis < 0) return;
  }
}
