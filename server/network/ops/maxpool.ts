import type { OpDefinition } from '../op.ts';
import { lowerMaxPool, POOL_ARGS, poolShape, poolWindow } from '../parts/pooling.ts';

export const maxpool: OpDefinition = {
  name: 'maxpool',
  summary: 'Maximum over each window of an image.',
  doc: `\`y[c, i, j] = max\` of x[c] over the kernel's window at (i, j) · stride; padding never wins.`,
  args: POOL_ARGS,
  category: 'pool',
  shape: (context) => poolShape('maxpool', context, poolWindow(context.args)),
  lower: ({ builder, values, args }) => lowerMaxPool(builder, 'maxpool', values[0]!, poolWindow(args)),
};
