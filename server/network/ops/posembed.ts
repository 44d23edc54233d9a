import type { OpDefinition } from '../op.ts';
import { requireTokens } from '../parts/inputs.ts';

export const posembed: OpDefinition = {
  name: 'posembed',
  summary: 'Adds a learned position embedding to every token.',
  doc: `\`y = x + weight\`, with a learned tensor \`[count, width]\`, normal with standard deviation 0.02 at initialisation ([Dosovitskiy et al., 2020](https://arxiv.org/abs/2010.11929)).`,
  args: [],
  category: 'shape',
  shape: (context) => requireTokens('posembed', context),
  params: (context) => [
    { name: 'weight', shape: requireTokens('posembed', context), init: { kind: 'normal', std: 0.02 } },
  ],
  lower: (context) => {
    const { builder, values, param } = context;
    const weight = builder.reshape(param('weight'), [1, ...requireTokens('posembed', context)]);
    return builder.add(values[0]!, weight);
  },
};
