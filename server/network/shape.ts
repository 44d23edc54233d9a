/**
 * The shape of one sample, without the batch dimension, in the layout of the tensor programs:
 * images `[channels, height, width]`, tokens `[count, width]`, vectors `[features]`.
 * The language writes images as height × width × channels (`32x32x3`).
 */
export type Shape = readonly number[];

/** As the language writes it: `32x32x16` for `[16, 32, 32]`, `64x192` for tokens, `10` for a vector. */
export function formatShape(shape: Shape): string {
  const [first, ...rest] = shape;
  return (shape.length === 3 ? [...rest, first] : shape).join('x');
}

/** The shape written by the dims of a literal (`[32, 32, 3]` → `[3, 32, 32]`). */
export function shapeFromDims(dims: readonly number[]): Shape {
  return dims.length === 3 ? [dims[2]!, dims[0]!, dims[1]!] : dims;
}

export function elementCount(shape: Shape): number {
  return shape.reduce((product, extent) => product * extent, 1);
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((extent, axis) => extent === b[axis]);
}
