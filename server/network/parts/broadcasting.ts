import type { ProgramBuilder, Value } from '../../tensor/builder.ts';
import type { OpContext } from '../op.ts';
import type { Shape } from '../shape.ts';
import { channelAxis } from './inputs.ts';

/** A vector stands for the channels of an image or the width of tokens: `[C]` as `[C, 1, 1]` or `[1, C]`. */
function aligned(shape: Shape, rank: number): Shape {
  if (shape.length !== 1 || rank === 1) return shape;
  const axis = channelAxis({ length: rank } as Shape);
  return Array.from({ length: rank }, (_, i) => (i === axis ? shape[0]! : 1));
}

function rankOf(shapes: readonly Shape[]): number {
  return Math.max(...shapes.map((shape) => shape.length));
}

/**
 * The shape of tensors taken together element by element, extents of 1 being repeated; or one that does not fit the first. A tensor
 * of a lower rank that is no vector never fits.
 */
export function broadcastShape({ inputs }: Pick<OpContext, 'inputs'>): Shape | { readonly misfit: Shape } {
  const rank = rankOf(inputs);
  let joint: Shape = Array.from({ length: rank }, () => 1);
  for (const input of inputs) {
    const shape = aligned(input, rank);
    const fits =
      shape.length === rank &&
      shape.every((extent, axis) => extent === joint[axis] || extent === 1 || joint[axis] === 1);
    if (!fits) return { misfit: input === inputs[0] ? inputs.find(({ length }) => length === rank)! : input };
    joint = joint.map((extent, axis) => Math.max(extent, shape[axis]!));
  }
  return joint;
}

/** The values in one rank, so that the program's operations repeat what has an extent of 1. */
export function alignedValues(
  builder: ProgramBuilder,
  { inputs }: Pick<OpContext, 'inputs'>,
  values: readonly Value[],
): readonly Value[] {
  const rank = rankOf(inputs);
  return values.map((value, i) =>
    inputs[i]!.length === rank
      ? value
      : builder.reshape(value, [builder.batch, ...aligned(inputs[i]!, rank)]),
  );
}
