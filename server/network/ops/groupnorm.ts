import { ShapeError, type OpContext, type OpDefinition } from '../op.ts';
import { numberArg } from '../parts/args.ts';
import { divided } from '../parts/groups.ts';
import { currentShape, describeShape } from '../parts/inputs.ts';
import { EPS_ARG, normParams, scaleAndShift, standardise } from '../parts/normalisation.ts';
import { elementCount, type Shape } from '../shape.ts';

function groupnormInput(context: OpContext): Shape {
  const shape = currentShape(context);
  if (shape.length === 2) {
    throw new ShapeError(
      `\`groupnorm\` needs an image or a vector, but gets ${describeShape(shape)}`,
      'Use `layernorm` on tokens.',
    );
  }
  divided('groupnorm', shape[0]!, numberArg(context.args, 'groups'), 'groups');
  return shape;
}

export const groupnorm: OpDefinition = {
  name: 'groupnorm',
  summary: 'Normalises groups of channels together, each image on its own.',
  doc: `\`y = weight · (x − mean) / √(var + eps) + bias\`, mean and (biased) variance taken over the channels of a group and all positions; weight and bias per channel ([Wu & He, 2018](https://arxiv.org/abs/1803.08494)). One group is layer normalisation over the whole image, a group per channel is instance normalisation.`,
  args: [
    {
      name: 'groups',
      type: { kind: 'integer', min: 1, max: 65536 },
      default: 32,
      doc: 'Number of groups; divides the channels.',
    },
    EPS_ARG,
  ],
  category: 'norm',
  shape: groupnormInput,
  params: (context) => normParams(groupnormInput(context)[0]!),
  lower: (context) => {
    const { builder, values, args, param } = context;
    const shape = groupnormInput(context);
    const groups = numberArg(args, 'groups');
    const grouped = builder.reshape(values[0]!, [builder.batch, groups, elementCount(shape) / groups]);
    const standardised = standardise(builder, grouped, [2], numberArg(args, 'eps'));
    const restored = builder.reshape(standardised, [builder.batch, ...shape]);
    return scaleAndShift(builder, restored, param('weight'), param('bias'), 1);
  },
};
