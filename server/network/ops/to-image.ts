import { ShapeError, type OpContext, type OpDefinition } from '../op.ts';
import { pairArg } from '../parts/args.ts';
import { requireTokens } from '../parts/inputs.ts';

function imageShape(context: OpContext): readonly [number, number, number] {
  const [count, channels] = requireTokens('to_image', context);
  const [height, width] = pairArg(context.args, 'size');
  if (height * width !== count) {
    throw new ShapeError(
      `\`to_image\`: ${count} tokens do not fill an image of ${height}x${width}`,
      `Choose a \`size\` whose sides multiply to ${count}, or take a class token out before.`,
    );
  }
  return [channels, height, width];
}

export const toImage: OpDefinition = {
  name: 'to_image',
  summary: 'Tokens as the positions of an image, row by row: the inverse of `tokens`.',
  doc: '`height·width` tokens of width `channels` become an image `height x width x channels`, so that convolutions and pooling can follow attention.',
  args: [
    {
      name: 'size',
      type: { kind: 'extent', min: 1, max: 65536 },
      doc: 'Height and width of the image; their product is the number of tokens.',
    },
  ],
  category: 'shape',
  shape: imageShape,
  lower: (context) => {
    const { builder, values } = context;
    return builder.reshape(builder.transpose(values[0]!, [0, 2, 1]), [builder.batch, ...imageShape(context)]);
  },
};
