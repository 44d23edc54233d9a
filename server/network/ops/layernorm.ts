import type { OpDefinition } from '../op.ts';
import { numberArg } from '../parts/args.ts';
import { channelAxis, channelCount, currentShape } from '../parts/inputs.ts';
import { EPS_ARG, normParams, scaleAndShift, standardise } from '../parts/normalisation.ts';

export const layernorm: OpDefinition = {
  name: 'layernorm',
  summary: 'Layer normalisation over the width of each token, or the channels at each position of an image.',
  doc: `\`y = weight · (x − mean) / √(var + eps) + bias\`, mean and (biased) variance taken over the last axis of tokens and vectors ([Ba et al., 2016](https://arxiv.org/abs/1607.06450)), and over the channels of every position of an image, as in ConvNeXt ([Liu et al., 2022](https://arxiv.org/abs/2201.03545)).`,
  args: [EPS_ARG],
  category: 'norm',
  shape: currentShape,
  params: (context) => normParams(channelCount(currentShape(context))),
  lower: (context) => {
    const { builder, values, args, param } = context;
    const axis = channelAxis(currentShape(context)) + 1;
    const standardised = standardise(builder, values[0]!, [axis], numberArg(args, 'eps'));
    return scaleAndShift(builder, standardised, param('weight'), param('bias'), axis);
  },
};
