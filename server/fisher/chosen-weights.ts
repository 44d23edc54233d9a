import type { ChosenWeight, ParamRef } from '../tensor/ir.ts';

/** How many scalars of how many tensors are read: docs/score.md#chosen-weights. */
export interface WeightChoice {
  /** P: the first P tensors in declaration order, all if fewer. */
  readonly weights: number;
  /** M: elements per tensor, one Jacobian each. */
  readonly indexSets: number;
}

/**
 * The scalars the Fisher information is taken over: one per tensor and index set, from the first `weights` tensors in
 * declaration order (docs/score.md#chosen-weights). Index set 0 is flat index 0 of every tensor.
 */
export function chooseWeights(params: readonly ParamRef[], choice: WeightChoice): ChosenWeight[] {
  return params.slice(0, choice.weights).map((param) => ({
    param,
    elements: Array.from({ length: choice.indexSets }, (_, set) => elementOf(param.shape, set)),
  }));
}

/**
 * Flat index, row-major, of the element that index set c reads (docs/score.md#index-sets): the first two axes advance
 * together, each wrapping at its extent, the rest stay at 0. So conv `[c mod out, c mod in, 0, 0]`, dense `[c mod out, c mod in]`,
 * norm and bias `[c mod n]`, position embedding `[c mod tokens, c mod width]`.
 */
export function elementOf(shape: readonly number[], set: number): number {
  return shape.reduce((flat, extent, axis) => flat * extent + (axis < 2 ? set % extent : 0), 0);
}
