import { ShapeError, type OpContext, type OpDefinition } from '../op.ts';
import { channelAxis, currentShape, describeShape } from '../parts/inputs.ts';
import type { Shape } from '../shape.ts';

function concatShape(context: OpContext): Shape {
  const first = currentShape(context);
  const axis = channelAxis(first);
  let channels = 0;
  for (const other of context.inputs) {
    const fits =
      other.length === first.length && other.every((extent, i) => i === axis || extent === first[i]);
    if (!fits) {
      throw new ShapeError(
        `\`concat\` needs tensors that differ in channels only, but gets ${describeShape(first)} and ${describeShape(other)}`,
        first.length === 3 && other.length === 3
          ? 'Bring them to one resolution (stride, pooling or `upsample`) before concatenating.'
          : 'Bring them to one kind and size before concatenating.',
      );
    }
    channels += other[axis]!;
  }
  return first.map((extent, i) => (i === axis ? channels : extent));
}

export const concat: OpDefinition = {
  name: 'concat',
  summary: 'Tensors side by side along the channels (the width of tokens, the features of vectors).',
  doc: '`concat(a, b)` puts the channels of the named tensors after those of the current one. `parallel concat` is made of it.',
  args: [],
  extraInputs: { min: 1, max: Infinity },
  category: 'merge',
  shape: concatShape,
  lower: (context) => context.builder.concat(context.values, channelAxis(currentShape(context)) + 1),
};
