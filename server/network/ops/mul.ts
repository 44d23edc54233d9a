import { ShapeError, type OpContext, type OpDefinition } from '../op.ts';
import { alignedValues, broadcastShape } from '../parts/broadcasting.ts';
import { currentShape, describeShape } from '../parts/inputs.ts';
import type { Shape } from '../shape.ts';

function productShape(context: OpContext): Shape {
  const shape = broadcastShape(context);
  if (!('misfit' in shape)) return shape;
  throw new ShapeError(
    `\`mul\` cannot multiply ${describeShape(currentShape(context))} by ${describeShape(shape.misfit)}`,
    'Give both the same shape, or one of them an extent of 1 where they differ (a vector scales channels).',
  );
}

export const mul: OpDefinition = {
  name: 'mul',
  summary:
    'Product of tensors, element by element; a vector scales the channels of an image or the width of tokens.',
  doc: '`y = x · a · b · …`, where `mul(a, b)` names earlier tensors. Extents of 1 are repeated: a gate of one channel scales every channel, a vector scales each channel of an image. `parallel mul` is made of it.',
  args: [],
  extraInputs: { min: 1, max: Infinity },
  category: 'merge',
  shape: productShape,
  lower: (context) =>
    alignedValues(context.builder, context, context.values).reduce((product, value) =>
      context.builder.mul(product, value),
    ),
};
