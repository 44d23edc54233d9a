import type { OpDefinition } from '../op.ts';
import { pairArg, stringArg } from '../parts/args.ts';
import { requireImage } from '../parts/inputs.ts';
import { lowerResized, MODE_ARG } from '../parts/resampling.ts';

export const resize: OpDefinition = {
  name: 'resize',
  summary: 'An image at another size, by its nearest elements or by bilinear interpolation.',
  doc: 'With r = height / new height, row i of the result is row `⌊i · r⌋` (nearest), or lies at `(i + ½) · r − ½` between two rows (bilinear, within the image); columns alike. That is `F.interpolate` of PyTorch with `align_corners=False`.',
  args: [
    {
      name: 'size',
      type: { kind: 'extent', min: 1, max: 65536 },
      doc: 'Height and width of the result.',
    },
    MODE_ARG,
  ],
  category: 'shape',
  shape: ({ inputs, args }) => [requireImage('resize', { inputs, args })[0], ...pairArg(args, 'size')],
  lower: ({ builder, values, args }) =>
    lowerResized(builder, values[0]!, pairArg(args, 'size'), stringArg(args, 'mode')),
};
