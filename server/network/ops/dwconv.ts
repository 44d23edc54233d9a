import type { OpContext, OpDefinition } from '../op.ts';
import { booleanArg, numberArg, paddingArg, pairArg } from '../parts/args.ts';
import {
  convolutionMacs,
  convolutionShape,
  convolutionWeight,
  lowerConvolution,
  type Convolution,
} from '../parts/convolution.ts';
import { CONV_BIAS_ARG, CONV_WINDOW_ARGS } from '../parts/conv-args.ts';
import { requireImage } from '../parts/inputs.ts';
import { biasParam } from '../parts/linear.ts';

function convolution(context: OpContext): Convolution {
  const { args } = context;
  const input = requireImage('dwconv', context);
  return {
    input,
    out: input[0] * numberArg(args, 'multiplier'),
    kernel: pairArg(args, 'kernel'),
    stride: pairArg(args, 'stride'),
    padding: paddingArg(args, 'padding'),
    dilation: pairArg(args, 'dilation'),
    groups: input[0],
  };
}

export const dwconv: OpDefinition = {
  name: 'dwconv',
  summary: 'Depthwise convolution: every channel has its own kernel, channels do not mix.',
  doc: `\`y[c] = w[c] ⋆ x[c]\`: a convolution with as many groups as channels. Followed by a 1x1 \`conv\` it is the depthwise separable convolution of MobileNet ([Howard et al., 2017](https://arxiv.org/abs/1704.04861)).

Weight \`[channels · multiplier, 1, kh, kw]\`, Kaiming normal with fan-in kh · kw.`,
  args: [
    ...CONV_WINDOW_ARGS,
    {
      name: 'multiplier',
      type: { kind: 'integer', min: 1, max: 1024 },
      default: 1,
      doc: 'Output channels per input channel.',
    },
    CONV_BIAS_ARG,
  ],
  category: 'layer',
  shape: (context) => convolutionShape('dwconv', convolution(context)),
  params: (context) => {
    const weight = convolutionWeight('weight', convolution(context));
    return booleanArg(context.args, 'bias') ? [weight, biasParam(weight.shape[0]!)] : [weight];
  },
  macs: (context) => convolutionMacs('dwconv', convolution(context), booleanArg(context.args, 'bias')),
  layers: () => 1,
  lower: (context) => {
    const { builder, values, args, param } = context;
    const bias = booleanArg(args, 'bias') ? param('bias') : undefined;
    return lowerConvolution(builder, 'dwconv', convolution(context), values[0]!, param('weight'), bias);
  },
};
