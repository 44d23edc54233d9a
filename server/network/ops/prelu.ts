import type { OpDefinition } from '../op.ts';
import { booleanArg, numberArg } from '../parts/args.ts';
import { channelAxis, channelCount, currentShape } from '../parts/inputs.ts';
import { alongAxis } from '../parts/linear.ts';

export const prelu: OpDefinition = {
  name: 'prelu',
  summary: 'ReLU whose factor on negative values is learned, for each channel.',
  doc: `\`x\` where x > 0, \`weight[c] · x\` elsewhere ([He et al., 2015](https://arxiv.org/abs/1502.01852)). Weight \`[channels]\`, or \`[1]\` when shared.`,
  args: [
    {
      name: 'init',
      type: { kind: 'number', min: -1, max: 1 },
      default: 0.25,
      doc: 'The factors at the start of training.',
    },
    {
      name: 'shared',
      type: { kind: 'boolean' },
      default: false,
      doc: 'One factor for all channels, as `nn.PReLU()` has it.',
    },
  ],
  category: 'activation',
  shape: currentShape,
  params: (context) => [
    {
      name: 'weight',
      shape: [booleanArg(context.args, 'shared') ? 1 : channelCount(currentShape(context))],
      init: { kind: 'fill', value: numberArg(context.args, 'init') },
    },
  ],
  lower: (context) => {
    const { builder, values, param } = context;
    const x = values[0]!;
    const positive = builder.unary('relu', x);
    const slope = alongAxis(builder, param('weight'), channelAxis(currentShape(context)) + 1, x.shape.length);
    return builder.add(positive, builder.mul(builder.sub(x, positive), slope));
  },
};
