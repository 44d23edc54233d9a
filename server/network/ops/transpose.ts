import type { OpDefinition } from '../op.ts';
import { requireTokens } from '../parts/inputs.ts';

export const transpose: OpDefinition = {
  name: 'transpose',
  summary: 'Exchanges tokens and width: every feature becomes a token of its values at all tokens.',
  doc: '`y[i, t] = x[t, i]`. Between two of them `dense` mixes tokens instead of features, as in MLP-Mixer ([Tolstikhin et al., 2021](https://arxiv.org/abs/2105.01601)).',
  args: [],
  category: 'shape',
  shape: (context) => {
    const [count, width] = requireTokens('transpose', context);
    return [width, count];
  },
  lower: ({ builder, values }) => builder.transpose(values[0]!, [0, 2, 1]),
};
