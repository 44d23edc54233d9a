import type { OpDefinition } from '../op.ts';
import { requireTokens } from '../parts/inputs.ts';

export const clsToken: OpDefinition = {
  name: 'cls_token',
  summary: 'Puts a learned class token before the tokens.',
  doc: `\`count + 1\` tokens, the first being a learned vector \`[width]\`, normal with standard deviation 0.02 at initialisation ([Dosovitskiy et al., 2020](https://arxiv.org/abs/2010.11929)). \`take_token\` takes it out again before the classifier.`,
  args: [],
  category: 'shape',
  shape: (context) => {
    const [count, width] = requireTokens('cls_token', context);
    return [count + 1, width];
  },
  params: (context) => [
    { name: 'token', shape: [requireTokens('cls_token', context)[1]], init: { kind: 'normal', std: 0.02 } },
  ],
  lower: (context) => {
    const { builder, values, param } = context;
    const width = requireTokens('cls_token', context)[1];
    // Added to zeros rather than repeated: in a batch of one a repetition is no op, and the parameter would be joined
    // to the tokens as it is, where it has no derivative.
    const zeros = builder.broadcast(builder.scalar(0, 3), [builder.batch, 1, width]);
    const token = builder.add(zeros, builder.reshape(param('token'), [1, 1, width]));
    return builder.concat([token, values[0]!], 1);
  },
};
