import type { OpDefinition } from '../op.ts';
import { booleanArg } from '../parts/args.ts';
import { lowerAveragePool, POOL_ARGS, poolShape, poolWindow } from '../parts/pooling.ts';

export const avgpool: OpDefinition = {
  name: 'avgpool',
  summary: 'Mean over each window of an image.',
  doc: `\`y[c, i, j] = mean\` of x[c] over the kernel's window at (i, j) · stride. Padding is not counted unless asked for: at the border the mean is over the real elements.`,
  args: [
    ...POOL_ARGS,
    {
      name: 'count_include_pad',
      type: { kind: 'boolean' },
      default: false,
      doc: 'Zeros of the padding count in the mean, as in PyTorch unless told otherwise.',
    },
  ],
  category: 'pool',
  shape: (context) => poolShape('avgpool', context, poolWindow(context.args)),
  lower: ({ builder, values, args }) => {
    const countsPadding = booleanArg(args, 'count_include_pad');
    return lowerAveragePool(builder, 'avgpool', values[0]!, poolWindow(args), countsPadding);
  },
};
