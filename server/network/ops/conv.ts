import type { OpContext, OpDefinition } from '../op.ts';
import { booleanArg, numberArg, paddingArg, pairArg } from '../parts/args.ts';
import {
  convolutionMacs,
  convolutionShape,
  convolutionWeight,
  lowerConvolution,
  type Convolution,
} from '../parts/convolution.ts';
import { CONV_BIAS_ARG, CONV_GROUPS_ARG, CONV_WINDOW_ARGS } from '../parts/conv-args.ts';
import { requireImage } from '../parts/inputs.ts';
import { biasParam } from '../parts/linear.ts';

function convolution(context: OpContext): Convolution {
  const { args } = context;
  return {
    input: requireImage('conv', context),
    out: numberArg(args, 'out'),
    kernel: pairArg(args, 'kernel'),
    stride: pairArg(args, 'stride'),
    padding: paddingArg(args, 'padding'),
    dilation: pairArg(args, 'dilation'),
    groups: numberArg(args, 'groups'),
  };
}

export const conv: OpDefinition = {
  name: 'conv',
  summary: 'Convolution of an image with a learned kernel per output channel.',
  doc: `\`y[o] = Σ_i w[o, i] ⋆ x[i]\` (cross-correlation, zero padding); with \`groups\` g, output channel o sees the in / g input channels of its group.

Size: \`⌊(in + pads − dilation·(kernel − 1) − 1) / stride⌋ + 1\`. Weight \`[out, in / groups, kh, kw]\`, Kaiming normal. No bias by default, since a norm usually follows.`,
  args: [
    { name: 'out', type: { kind: 'integer', min: 1, max: 65536 }, doc: 'Number of output channels.' },
    ...CONV_WINDOW_ARGS,
    CONV_GROUPS_ARG,
    CONV_BIAS_ARG,
  ],
  category: 'layer',
  shape: (context) => convolutionShape('conv', convolution(context)),
  params: (context) => {
    const weight = convolutionWeight('weight', convolution(context));
    return booleanArg(context.args, 'bias') ? [weight, biasParam(weight.shape[0]!)] : [weight];
  },
  macs: (context) => convolutionMacs('conv', convolution(context), booleanArg(context.args, 'bias')),
  layers: () => 1,
  lower: (context) => {
    const { builder, values, args, param } = context;
    const bias = booleanArg(args, 'bias') ? param('bias') : undefined;
    return lowerConvolution(builder, 'conv', convolution(context), values[0]!, param('weight'), bias);
  },
};
