import type { ProgramBuilder, Value } from './program-builder.ts';
import { addLanes, scaleLanes, type Laned } from './lanes.ts';

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

/** Maps one after the other, the first of the list first. */
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

/** x ↦ f(x), where f is its own transpose and works element by element. */
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
