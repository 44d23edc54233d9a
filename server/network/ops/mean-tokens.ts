import type { OpDefinition } from '../op.ts';
import { requireTokens } from '../parts/inputs.ts';

export const meanTokens: OpDefinition = {
  name: 'mean_tokens',
  summary: 'The mean of all tokens, as a vector.',
  doc: '`y = mean_t x[t]`: the step from tokens to the classifier in vision transformers without a class token.',
  args: [],
  category: 'pool',
  shape: (context) => [requireTokens('mean_tokens', context)[1]],
  lower: ({ builder, values }) => {
    const x = values[0]!;
    return builder.reshape(builder.reduce('mean', x, [1]), [builder.batch, x.shape[2]!]);
  },
};
