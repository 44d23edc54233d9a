import type { OpDefinition } from '../op.ts';
import { pairArg } from '../parts/args.ts';
import { requireImage } from '../parts/inputs.ts';
import { lowerAdaptiveAverage } from '../parts/resampling.ts';

export const adaptiveAvgpool: OpDefinition = {
  name: 'adaptive_avgpool',
  summary: 'Average pooling to a given size, whatever the size of the image.',
  doc: '`y[c, i, j] = mean` of x[c] over the rows from `⌊i · height / new height⌋` to before `⌈(i + 1) · height / new height⌉`, and columns alike: `nn.AdaptiveAvgPool2d`. `gap` leaves one position, as a vector.',
  args: [
    {
      name: 'size',
      type: { kind: 'extent', min: 1, max: 65536 },
      doc: 'Height and width of the result.',
    },
  ],
  category: 'pool',
  shape: ({ inputs, args }) => [
    requireImage('adaptive_avgpool', { inputs, args })[0],
    ...pairArg(args, 'size'),
  ],
  lower: ({ builder, values, args }) => lowerAdaptiveAverage(builder, values[0]!, pairArg(args, 'size')),
};
