import type { OpContext, OpDefinition } from '../op.ts';
import { numberArg } from '../parts/args.ts';
import { divided } from '../parts/groups.ts';
import { requireImage } from '../parts/inputs.ts';

function groupWidth(context: OpContext): number {
  const [channels] = requireImage('channel_shuffle', context);
  return divided('channel_shuffle', channels, numberArg(context.args, 'groups'), 'groups');
}

export const channelShuffle: OpDefinition = {
  name: 'channel_shuffle',
  summary: 'Orders channels anew, so that each group of the next convolution sees some of every group.',
  doc: '`y[i · groups + g] = x[g · n + i]`, n = channels / groups: the channels as a table with a row for each group, read by columns ([Zhang et al., 2017](https://arxiv.org/abs/1707.01083)).',
  args: [
    {
      name: 'groups',
      type: { kind: 'integer', min: 1, max: 65536 },
      doc: 'Number of groups; divides the channels.',
    },
  ],
  category: 'shape',
  shape: (context) => {
    groupWidth(context);
    return requireImage('channel_shuffle', context);
  },
  lower: (context) => {
    const { builder, values, args } = context;
    const [channels, height, width] = requireImage('channel_shuffle', context);
    const { batch } = builder;
    const table = [batch, numberArg(args, 'groups'), groupWidth(context), height * width];
    const shuffled = builder.transpose(builder.reshape(values[0]!, table), [0, 2, 1, 3]);
    return builder.reshape(shuffled, [batch, channels, height, width]);
  },
};
