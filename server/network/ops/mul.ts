import { ShapeError, type OpContext, type OpDefinition } from '../op.ts';
import { channelAxis, currentShape, describeShape } from '../parts/inputs.ts';
import type { Shape } from '../shape.ts';

/** A vector stands for the channels of an image or the width of tokens: `[C]` as `[C, 1, 1]` or `[1, C]`. */
function aligned(shape: Shape, rank: number): Shape {
  if (shape.length !== 1 || rank === 1) return shape;
  const axis = channelAxis({ length: rank } as Shape);
  return Array.from({ length: rank }, (_, i) => (i === axis ? shape[0]! : 1));
}

function rankOf(context: OpContext): number {
  return Math.max(...context.inputs.map((shape) => shape.length));
}

function productShape(context: OpContext): Shape {
  const rank = rankOf(context);
  let product = aligned(currentShape(context), rank);
  for (const other of context.inputs.slice(1)) {
    const factor = aligned(other, rank);
    const fits =
      factor.length === product.length &&
      factor.every((extent, axis) => extent === product[axis] || extent === 1 || product[axis] === 1);
    if (!fits) {
      throw new ShapeError(
        `\`mul\` cannot multiply ${describeShape(currentShape(context))} by ${describeShape(other)}`,
        'Give both the same shape, or one of them an extent of 1 where they differ (a vector scales channels).',
      );
    }
    product = product.map((extent, axis) => Math.max(extent, factor[axis]!));
  }
  return product;
}

export const mul: OpDefinition = {
  name: 'mul',
  summary:
    'Product of tensors, element by element; a vector scales the channels of an image or the width of tokens.',
  doc: '`y = x · a · b · …`, where `mul(a, b)` names earlier tensors. Extents of 1 are repeated: a gate of one channel scales every channel, a vector scales each channel of an image.',
  args: [],
  extraInputs: { min: 1, max: Infinity },
  category: 'merge',
  shape: productShape,
  lower: (context) => {
    const { builder, values, inputs } = context;
    const rank = rankOf(context);
    return values
      .map((value, i) =>
        inputs[i]!.length === rank
          ? value
          : builder.reshape(value, [builder.batch, ...aligned(inputs[i]!, rank)]),
      )
      .reduce((product, value) => builder.mul(product, value));
  },
};
