import type { OpDefinition } from '../op.ts';
import { pairArg } from '../parts/args.ts';
import { requireImage } from '../parts/inputs.ts';

export const upsample: OpDefinition = {
  name: 'upsample',
  summary: 'Enlarges an image by repeating its elements (nearest neighbour).',
  doc: '`y[c, i, j] = x[c, ⌊i / factor⌋, ⌊j / factor⌋]`',
  args: [
    {
      name: 'factor',
      type: { kind: 'extent', min: 1, max: 64 },
      default: [2, 2],
      doc: 'How many times higher and wider the image becomes.',
    },
  ],
  category: 'shape',
  shape: (context) => {
    const [channels, height, width] = requireImage('upsample', context);
    const [rows, columns] = pairArg(context.args, 'factor');
    return [channels, height * rows, width * columns];
  },
  lower: ({ builder, values, args }) => builder.upsample(values[0]!, pairArg(args, 'factor')),
};
