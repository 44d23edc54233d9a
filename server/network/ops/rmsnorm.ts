import type { OpDefinition } from '../op.ts';
import { numberArg } from '../parts/args.ts';
import { channelAxis, channelCount, currentShape } from '../parts/inputs.ts';
import { alongAxis } from '../parts/linear.ts';
import { EPS_ARG } from '../parts/normalisation.ts';

export const rmsnorm: OpDefinition = {
  name: 'rmsnorm',
  summary: 'Divides each token, or the channels at each position of an image, by its root mean square.',
  doc: `\`y = weight · x / √(mean(x²) + eps)\`, the mean over the axis that \`layernorm\` takes; no mean is subtracted and there is no bias ([Zhang & Sennrich, 2019](https://arxiv.org/abs/1910.07467)). Weight \`[channels]\` at 1.`,
  args: [{ ...EPS_ARG, default: 1e-6, doc: 'Added to the mean square before the square root.' }],
  category: 'norm',
  shape: currentShape,
  params: (context) => [
    { name: 'weight', shape: [channelCount(currentShape(context))], init: { kind: 'fill', value: 1 } },
  ],
  lower: (context) => {
    const { builder, values, args, param } = context;
    const x = values[0]!;
    const axis = channelAxis(currentShape(context)) + 1;
    const power = builder.reduce('mean', builder.unary('square', x), [axis]);
    const root = builder.unary('sqrt', builder.affine(power, 1, numberArg(args, 'eps')));
    const normalised = builder.mul(x, builder.unary('reciprocal', root));
    return builder.mul(normalised, alongAxis(builder, param('weight'), axis, x.shape.length));
  },
};
