import { ShapeError, type OpContext, type OpDefinition } from '../op.ts';
import { pairArg } from '../parts/args.ts';
import { requireImage } from '../parts/inputs.ts';

function unfolded(context: OpContext): readonly [number, number, number] {
  const [channels, height, width] = requireImage('depth_to_space', context);
  const [rows, columns] = pairArg(context.args, 'block');
  if (channels % (rows * columns) !== 0) {
    throw new ShapeError(
      `\`depth_to_space\`: blocks of ${rows}x${columns} cannot be made of ${channels} channels`,
      `Choose a \`block\` whose number of positions divides ${channels}, or change the channels before.`,
    );
  }
  return [channels / (rows * columns), height * rows, width * columns];
}

export const depthToSpace: OpDefinition = {
  name: 'depth_to_space',
  summary: 'The channels of one position become a block of positions: the inverse of `space_to_depth`.',
  doc: '`y[c, h · b + i, w · b + j] = x[(c · b + i) · b + j, h, w]` for blocks of b x b: `nn.PixelShuffle`, sub-pixel convolution behind a `conv` ([Shi et al., 2016](https://arxiv.org/abs/1609.05158)).',
  args: [
    {
      name: 'block',
      type: { kind: 'extent', min: 1, max: 64 },
      default: [2, 2],
      doc: 'Height and width of a block; their product divides the channels.',
    },
  ],
  category: 'shape',
  shape: unfolded,
  lower: (context) => {
    const { builder, values, args } = context;
    const [channels, height, width] = requireImage('depth_to_space', context);
    const [rows, columns] = pairArg(args, 'block');
    const { batch } = builder;
    const parts = [batch, channels / (rows * columns), rows, columns, height, width];
    const blocks = builder.transpose(builder.reshape(values[0]!, parts), [0, 1, 4, 2, 5, 3]);
    return builder.reshape(blocks, [batch, ...unfolded(context)]);
  },
};
