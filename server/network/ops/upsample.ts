import type { OpContext, OpDefinition } from '../op.ts';
import { pairArg, stringArg } from '../parts/args.ts';
import { requireImage } from '../parts/inputs.ts';
import { lowerResized, MODE_ARG } from '../parts/resampling.ts';

function enlarged(context: OpContext): readonly [number, number] {
  const [, height, width] = requireImage('upsample', context);
  const [rows, columns] = pairArg(context.args, 'factor');
  return [height * rows, width * columns];
}

export const upsample: OpDefinition = {
  name: 'upsample',
  summary: 'Enlarges an image by whole factors, by repeating its elements or by bilinear interpolation.',
  doc: '`y[c, i, j] = x[c, ⌊i / factor⌋, ⌊j / factor⌋]`, or what lies between elements, as `resize` has it.',
  args: [
    {
      name: 'factor',
      type: { kind: 'extent', min: 1, max: 64 },
      default: [2, 2],
      doc: 'How many times higher and wider the image becomes.',
    },
    MODE_ARG,
  ],
  category: 'shape',
  shape: (context) => [requireImage('upsample', context)[0], ...enlarged(context)],
  lower: (context) =>
    lowerResized(context.builder, context.values[0]!, enlarged(context), stringArg(context.args, 'mode')),
};
