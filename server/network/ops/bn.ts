import type { OpDefinition } from '../op.ts';
import { numberArg } from '../parts/args.ts';
import { channelAxis, channelCount, currentShape } from '../parts/inputs.ts';
import { EPS_ARG, lowerBatchNorm, normParams } from '../parts/normalisation.ts';

export const bn: OpDefinition = {
  name: 'bn',
  summary: 'Batch normalisation, in evaluation mode at initialisation.',
  doc: `\`y = weight · (x − mean) / √(var + eps) + bias\` per channel ([Ioffe & Szegedy, 2015](https://arxiv.org/abs/1502.03167)). Scores are taken in evaluation mode at initialisation, where mean is 0 and var is 1: a multiplication by 1/√(1 + eps). Nothing is normalised, unless the setting of the norms (\`archlens.score.norm\`, \`--norm\`) says otherwise.

Channels are the last axis of tokens. Weight at 1, bias at 0.`,
  args: [EPS_ARG],
  category: 'norm',
  shape: currentShape,
  params: (context) => normParams(channelCount(currentShape(context))),
  lower: (context) => {
    const axis = channelAxis(currentShape(context)) + 1;
    return lowerBatchNorm(context, context.values[0]!, axis, numberArg(context.args, 'eps'));
  },
};
