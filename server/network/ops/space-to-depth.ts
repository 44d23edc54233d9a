import { ShapeError, type OpContext, type OpDefinition } from '../op.ts';
import { pairArg } from '../parts/args.ts';
import { requireImage } from '../parts/inputs.ts';

function folded(context: OpContext): readonly [number, number, number] {
  const [channels, height, width] = requireImage('space_to_depth', context);
  const [rows, columns] = pairArg(context.args, 'block');
  if (height % rows !== 0 || width % columns !== 0) {
    throw new ShapeError(
      `\`space_to_depth\`: blocks of ${rows}x${columns} do not divide an image of ${height}x${width}`,
      'Choose a `block` that divides the image, or `pad` it before.',
    );
  }
  return [channels * rows * columns, height / rows, width / columns];
}

export const spaceToDepth: OpDefinition = {
  name: 'space_to_depth',
  summary: 'Every block of positions becomes the channels of one position.',
  doc: '`y[(c · b + i) · b + j, h, w] = x[c, h · b + i, w · b + j]` for blocks of b x b, the order of `nn.PixelUnshuffle`. The step from the image in TResNet and YOLO, and the patch merging of Swin before its layer norm, up to the order of channels.',
  args: [
    {
      name: 'block',
      type: { kind: 'extent', min: 1, max: 64 },
      default: [2, 2],
      doc: 'Height and width of a block; both divide the image.',
    },
  ],
  category: 'shape',
  shape: folded,
  lower: (context) => {
    const { builder, values, args } = context;
    const [channels, height, width] = requireImage('space_to_depth', context);
    const [rows, columns] = pairArg(args, 'block');
    const { batch } = builder;
    const blocks = builder.reshape(values[0]!, [
      batch,
      channels,
      height / rows,
      rows,
      width / columns,
      columns,
    ]);
    return builder.reshape(builder.transpose(blocks, [0, 1, 3, 5, 2, 4]), [batch, ...folded(context)]);
  },
};
