import { integerStream } from '../tensor/random.ts';
import type { ChosenWeight, ParamRef } from '../tensor/ir.ts';
import type { ScoreSettings } from './settings.ts';

/** How many scalars of which tensors are read: docs/score.md#chosen-weights. */
export type WeightChoice = Pick<ScoreSettings, 'weights' | 'tensors' | 'indexSets'>;

/**
 * The scalars the Fisher information is taken over: one per chosen tensor and index set, in declaration order
 * (docs/score.md#chosen-weights). Index set 0 is flat index 0 of every tensor.
 *
 * @param seed of the draw: it decides which tensors are read at random, and nothing else
 */
export function chooseWeights(
  params: readonly ParamRef[],
  choice: WeightChoice,
  seed: number,
): ChosenWeight[] {
  return chooseTensors(params.length, choice, seed).map((index) => {
    const param = params[index]!;
    return {
      param,
      elements: Array.from({ length: choice.indexSets }, (_, set) => elementOf(param.shape, set)),
    };
  });
}

/**
 * Which of so many tensors, numbered in declaration order from 0, are read: ascending, P of them or all (docs/score.md#chosen-weights).
 *
 * @param seed as for `chooseWeights`
 */
export function chooseTensors(
  count: number,
  { weights, tensors }: Pick<WeightChoice, 'weights' | 'tensors'>,
  seed: number,
): number[] {
  const all = Array.from({ length: count }, (_, index) => index);
  if (count <= weights) return all;
  switch (tensors) {
    case 'first':
      return all.slice(0, weights);
    case 'spread':
      return all
        .slice(0, weights)
        .map((index) => (weights === 1 ? 0 : Math.round((index * (count - 1)) / (weights - 1))));
    case 'random':
      return shuffled(all, weights, seed).sort((a, b) => a - b);
  }
}

/** The first of the list in a random order (Fisher and Yates), each order being equally probable. */
function shuffled(list: readonly number[], first: number, seed: number): number[] {
  const order = [...list];
  const below = integerStream(seed, 'tensors');
  for (let index = 0; index < first; index++) {
    const other = index + below(order.length - index);
    [order[index], order[other]] = [order[other]!, order[index]!];
  }
  return order.slice(0, first);
}

/**
 * Flat index, row-major, of the element that index set c reads (docs/score.md#index-sets): the first two axes advance
 * together, each wrapping at its extent, the rest stay at 0. So conv `[c mod out, c mod in, 0, 0]`, dense `[c mod out, c mod in]`,
 * norm and bias `[c mod n]`, position embedding `[c mod tokens, c mod width]`.
 */
export function elementOf(shape: readonly number[], set: number): number {
  return shape.reduce((flat, extent, axis) => flat * extent + (axis < 2 ? set % extent : 0), 0);
}
