import type { OpDefinition } from '../op.ts';
import { requireImage } from '../parts/inputs.ts';

export const gap: OpDefinition = {
  name: 'gap',
  summary: 'Global average pooling: the mean of each channel, as a vector.',
  doc: `\`y[c] = mean\` of x[c] over all positions ([Lin et al., 2013](https://arxiv.org/abs/1312.4400)). The usual step from an image to the classifier.`,
  args: [],
  category: 'pool',
  shape: (context) => [requireImage('gap', context)[0]],
  lower: ({ builder, values }) => {
    const x = values[0]!;
    return builder.reshape(builder.reduce('mean', x, [2, 3]), [builder.batch, x.shape[1]!]);
  },
};
