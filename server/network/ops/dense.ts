import { ShapeError, type OpContext, type OpDefinition } from '../op.ts';
import { booleanArg, numberArg } from '../parts/args.ts';
import { currentShape, describeShape } from '../parts/inputs.ts';
import { linearMacs, linearParams, lowerLinear } from '../parts/linear.ts';
import { elementCount, type Shape } from '../shape.ts';

/** The current tensor as a vector or tokens: all axes but the last are treated alike. */
function denseInput(context: OpContext): Shape {
  const shape = currentShape(context);
  if (shape.length > 2) {
    throw new ShapeError(
      `\`dense\` needs a vector or tokens, but gets ${describeShape(shape)}`,
      'Insert `gap` or `flatten` before it (or `tokens`, to treat every position alike).',
      {
        changes: [
          { kind: 'before', op: 'gap' },
          { kind: 'before', op: 'flatten' },
        ],
      },
    );
  }
  return shape;
}

export const dense: OpDefinition = {
  name: 'dense',
  summary: 'Fully connected layer; on tokens it acts on each token alike.',
  doc: `\`y = W x + b\`. Weight \`[out, in]\`, Kaiming normal with fan-in; bias \`[out]\` at 0. On tokens \`count x width\` it gives \`count x out\`.`,
  args: [
    { name: 'out', type: { kind: 'integer', min: 1, max: 1048576 }, doc: 'Number of output features.' },
    {
      name: 'bias',
      type: { kind: 'boolean' },
      default: true,
      doc: 'Adds a learned number to every output feature.',
    },
  ],
  category: 'layer',
  shape: (context) => [...denseInput(context).slice(0, -1), numberArg(context.args, 'out')],
  params: (context) =>
    linearParams(
      denseInput(context).at(-1)!,
      numberArg(context.args, 'out'),
      booleanArg(context.args, 'bias'),
    ),
  macs: (context) => {
    const shape = denseInput(context);
    const rows = elementCount(shape.slice(0, -1));
    return linearMacs(rows, shape.at(-1)!, numberArg(context.args, 'out'), booleanArg(context.args, 'bias'));
  },
  layers: () => 1,
  lower: ({ builder, values, args, param }) => {
    const bias = booleanArg(args, 'bias') ? param('bias') : undefined;
    return lowerLinear(builder, values[0]!, param('weight'), bias);
  },
};
