/** Extents per axis. */
export type Shape = readonly number[];

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

/** Whether every extent is a positive integer (rank 0 allowed). */
export function isShape(shape: Shape): boolean {
  return shape.every((extent) => Number.isInteger(extent) && extent > 0);
}

export function count(shape: Shape): number {
  let product = 1;
  for (const extent of shape) product *= extent;
  return product;
}

export function sameExtents(a: Shape, b: Shape): boolean {
  return a === b || (a.length === b.length && a.every((extent, axis) => extent === b[axis]));
}

/** Whether it is an axis of a tensor of that shape. */
export function isAxis(axis: number, shape: Shape): boolean {
  return Number.isInteger(axis) && axis >= 0 && axis < shape.length;
}

/** Whether there are `length` integers ≥ 0. */
export function isCountList(values: readonly number[], length: number): boolean {
  return values.length === length && values.every((value) => Number.isInteger(value) && value >= 0);
}

/** A shape in a message: `[2, 3]`. */
export function show(shape: Shape): string {
  return `[${shape.join(', ')}]`;
}

/** @throws TypeError that names the op and what it requires */
export function requireThat(condition: boolean, op: string, requirement: string | (() => string)): void {
  if (condition) return;
  throw new TypeError(`${op}: required: ${typeof requirement === 'string' ? requirement : requirement()}`);
}
