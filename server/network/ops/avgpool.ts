import type { OpDefinition } from '../op.ts';
import { lowerAveragePool, POOL_ARGS, poolShape, poolWindow } from '../parts/pooling.ts';

export const avgpool: OpDefinition = {
  name: 'avgpool',
  summary: 'Mean over each window of an image.',
  doc: `\`y[c, i, j] = mean\` of x[c] over the kernel's window at (i, j) · stride. Padding is not counted: at the border the mean is over the real elements.`,
  args: POOL_ARGS,
  category: 'pool',
  shape: (context) => poolShape('avgpool', context, poolWindow(context.args)),
  lower: ({ builder, values, args }) => lowerAveragePool(builder, 'avgpool', values[0]!, poolWindow(args)),
};
