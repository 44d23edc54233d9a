import type { OpDefinition, ParamInit, ParamSpec } from '../op.ts';
import { booleanArg, numberArg } from '../parts/args.ts';
import { channelAxis, channelCount, currentShape } from '../parts/inputs.ts';
import { addBias, alongAxis, biasParam } from '../parts/linear.ts';

export const scale: OpDefinition = {
  name: 'scale',
  summary: 'Layer scale: a learned factor for every channel, and a learned summand where asked for.',
  doc: `\`y[c] = weight[c] · x[c] + bias[c]\`, on images, tokens and vectors. Weight \`[channels]\`, all \`init\` at the start: 1e-6 in ConvNeXt ([Liu et al., 2022](https://arxiv.org/abs/2201.03545)), 1e-5 in CaiT ([Touvron et al., 2021](https://arxiv.org/abs/2103.17239)). With a bias \`[channels]\` at 0 it is the affine layer of ResMLP.`,
  args: [
    {
      name: 'init',
      type: { kind: 'number', min: -1e6, max: 1e6 },
      default: 1,
      doc: 'The factors at the start of training.',
    },
    {
      name: 'bias',
      type: { kind: 'boolean' },
      default: false,
      doc: 'Adds a learned number to every channel.',
    },
  ],
  category: 'layer',
  shape: currentShape,
  params: (context) => {
    const channels = channelCount(currentShape(context));
    const init: ParamInit = { kind: 'fill', value: numberArg(context.args, 'init') };
    const weight: ParamSpec = { name: 'weight', shape: [channels], init };
    return booleanArg(context.args, 'bias') ? [weight, biasParam(channels)] : [weight];
  },
  lower: (context) => {
    const { builder, values, args, param } = context;
    const x = values[0]!;
    const axis = channelAxis(currentShape(context)) + 1;
    const scaled = builder.mul(x, alongAxis(builder, param('weight'), axis, x.shape.length));
    return booleanArg(args, 'bias') ? addBias(builder, scaled, param('bias'), axis) : scaled;
  },
};
