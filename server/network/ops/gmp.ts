import type { OpDefinition } from '../op.ts';
import { requireImage } from '../parts/inputs.ts';

export const gmp: OpDefinition = {
  name: 'gmp',
  summary: 'Global max pooling: the maximum of each channel, as a vector.',
  doc: `\`y[c] = max\` of x[c] over all positions.`,
  args: [],
  category: 'pool',
  shape: (context) => [requireImage('gmp', context)[0]],
  lower: ({ builder, values }) => {
    const x = values[0]!;
    return builder.reshape(builder.reduce('max', x, [2, 3]), [builder.batch, x.shape[1]!]);
  },
};
