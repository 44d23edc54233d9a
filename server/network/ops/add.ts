import { ShapeError, type OpContext, type OpDefinition } from '../op.ts';
import { currentShape, describeShape } from '../parts/inputs.ts';
import { sameShape, type Shape } from '../shape.ts';

function sumShape(context: OpContext): Shape {
  const first = currentShape(context);
  for (const other of context.inputs) {
    if (sameShape(first, other)) continue;
    const remedy =
      first.length === 3 && other.length === 3
        ? 'Bring them to one shape: a 1x1 `conv` changes the channels, its `stride` the resolution.'
        : 'Bring them to one shape before adding them.';
    throw new ShapeError(
      `\`add\` needs tensors of one shape, but gets ${describeShape(first)} and ${describeShape(other)}`,
      remedy,
    );
  }
  return first;
}

export const add: OpDefinition = {
  name: 'add',
  summary: 'Sum of tensors of one shape, element by element.',
  doc: '`y = x + a + b + …`, where `add(a, b)` names earlier tensors. `residual` and `parallel add` are made of it.',
  args: [],
  extraInputs: { min: 1, max: Infinity },
  category: 'merge',
  shape: sumShape,
  lower: ({ builder, values }) => values.reduce((sum, value) => builder.add(sum, value)),
};
