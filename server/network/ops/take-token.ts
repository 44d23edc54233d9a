import { ShapeError, type OpDefinition } from '../op.ts';
import { numberArg } from '../parts/args.ts';
import { requireTokens } from '../parts/inputs.ts';

export const takeToken: OpDefinition = {
  name: 'take_token',
  summary: 'One token as a vector: by default the first, which is the class token.',
  doc: '`y = x[index]`: after `cls_token` and the encoder, the step to the classifier.',
  args: [
    {
      name: 'index',
      type: { kind: 'integer', min: 0, max: 1048575 },
      default: 0,
      doc: 'Which token, counted from 0.',
    },
  ],
  category: 'shape',
  shape: (context) => {
    const [count, width] = requireTokens('take_token', context);
    const index = numberArg(context.args, 'index');
    if (index >= count) {
      throw new ShapeError(
        `\`take_token\`: there is no token ${index} among ${count}`,
        `Choose an \`index\` from 0 to ${count - 1}.`,
      );
    }
    return [width];
  },
  lower: ({ builder, values, args }) => {
    const x = values[0]!;
    const width = x.shape[2]!;
    const token = builder.slice(x, [0, numberArg(args, 'index'), 0], [builder.batch, 1, width]);
    return builder.reshape(token, [builder.batch, width]);
  },
};
