import type { OpDefinition } from '../op.ts';
import { currentShape } from '../parts/inputs.ts';

export const softmax: OpDefinition = {
  name: 'softmax',
  summary:
    'Makes features positive with sum 1: over a vector, each token, or the channels at each position of an image.',
  doc: `\`exp(x_i) / Σ_j exp(x_j)\`. A classifier does not end in it: scores are defined on logits, and softmax is part of the score.`,
  args: [],
  category: 'activation',
  shape: currentShape,
  lower: ({ builder, values }) => {
    const x = values[0]!;
    if (x.shape.length !== 4) return builder.softmax(x);
    const channelsLast = builder.softmax(builder.transpose(x, [0, 2, 3, 1]));
    return builder.transpose(channelsLast, [0, 3, 1, 2]);
  },
};
