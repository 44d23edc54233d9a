import type { OpDefinition } from '../op.ts';
import { numberArg } from '../parts/args.ts';
import { channelAxis, channelCount, currentShape } from '../parts/inputs.ts';
import { alongAxis } from '../parts/linear.ts';

export const scale: OpDefinition = {
  name: 'scale',
  summary: 'Layer scale: a learned factor for every channel.',
  doc: `\`y[c] = weight[c] · x[c]\`, on images, tokens and vectors. Weight \`[channels]\`, all \`init\` at the start: 1e-6 in ConvNeXt ([Liu et al., 2022](https://arxiv.org/abs/2201.03545)), 1e-5 in CaiT ([Touvron et al., 2021](https://arxiv.org/abs/2103.17239)).`,
  args: [
    {
      name: 'init',
      type: { kind: 'number', min: -1e6, max: 1e6 },
      default: 1,
      doc: 'The factors at the start of training.',
    },
  ],
  category: 'layer',
  shape: currentShape,
  params: (context) => [
    {
      name: 'weight',
      shape: [channelCount(currentShape(context))],
      init: { kind: 'fill', value: numberArg(context.args, 'init') },
    },
  ],
  lower: (context) => {
    const { builder, values, param } = context;
    const x = values[0]!;
    const axis = channelAxis(currentShape(context)) + 1;
    return builder.mul(x, alongAxis(builder, param('weight'), axis, x.shape.length));
  },
};
