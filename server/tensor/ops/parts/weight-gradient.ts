import { foldShape, scaleLanes, sumLanes, type Laned } from '../../lanes.ts';
import type { ProgramBuilder, Value } from '../../program-builder.ts';
import { sameExtents, type Shape } from '../../shapes.ts';

/**
 * Derivatives by some elements of a weight, for K lanes: `value` holds `[B, K, elements.length]` row-major, in
 * whatever shape came out.
 */
export interface GradientPiece {
  readonly value: Value;
  readonly elements: readonly number[];
}

/** Σ over rows and columns of `received`, or of `received ⊙ seen`: the derivatives by some elements of a weight. */
export interface Contraction {
  /** `[B, K·n, H, W]`, lane after lane */
  readonly received: Laned;
  /** `[B, n, H, W]`, the same for every lane */
  readonly seen?: Value;
  /** n elements of the weight */
  readonly elements: readonly number[];
}

/** A finished derivative, or a contraction to be done together with others. */
export type WeightGradient = GradientPiece | Contraction;

/** Σ of `received`, or of `received ⊙ seen`, over some axes. */
export function summed(
  b: ProgramBuilder,
  received: Laned,
  seen: Value | undefined,
  axes: readonly number[],
  elements: readonly number[],
): WeightGradient {
  const contraction = { received, elements, ...(seen === undefined ? {} : { seen }) };
  if (axes.join() === '2,3' && isContraction(contraction)) return contraction;
  const product = seen === undefined ? received : scaleLanes(b, received, seen);
  return { value: axes.length === 0 ? product.value : sumLanes(b, product, axes).value, elements };
}

/** Whether it is over images, with operands laid out as contractions are joined. */
function isContraction({ received, seen, elements }: Contraction): boolean {
  const { shape } = received.value;
  const isOfImages = shape.length === 4 && shape[2]! * shape[3]! > 1;
  return (
    isOfImages &&
    shape[1] === received.lanes * elements.length &&
    (seen === undefined || sameExtents(foldShape(seen.shape, received.lanes), shape))
  );
}

/** A box among zeros, for the tangent by one element of a weight. */
export function placed(b: ProgramBuilder, box: Value, start: readonly number[], shape: Shape): Value {
  return b.pad(
    box,
    start,
    shape.map((extent, axis) => extent - start[axis]! - box.shape[axis]!),
  );
}
