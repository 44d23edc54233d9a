import type { OpDefinition } from '../op.ts';
import { numberArg, pairArg } from '../parts/args.ts';
import { requireImage } from '../parts/inputs.ts';

const channelsArg = (name: string, where: string): OpDefinition['args'][number] => ({
  name,
  type: { kind: 'integer', min: 0, max: 65536 },
  default: 0,
  doc: `Channels of zeros ${where} those that are there.`,
});

export const pad: OpDefinition = {
  name: 'pad',
  summary: 'Zeros around an image, and as channels before or behind its own.',
  doc: '`pad(1)` puts a row and a column of zeros on every side, `pad(0, 1)` only below and to the right, as convolutions of TensorFlow with stride 2 have it, `pad(channels_after = 8)` eight channels of zeros: the shortcut of PyramidNet ([Han et al., 2016](https://arxiv.org/abs/1610.02915)).',
  args: [
    {
      name: 'before',
      type: { kind: 'extent', min: 0, max: 255 },
      default: [0, 0],
      doc: 'Rows above and columns to the left.',
    },
    {
      name: 'after',
      type: { kind: 'extent', min: 0, max: 255 },
      defaultFrom: 'before',
      doc: 'Rows below and columns to the right; as many as `before` when left out.',
    },
    channelsArg('channels_before', 'before'),
    channelsArg('channels_after', 'behind'),
  ],
  category: 'shape',
  shape: ({ inputs, args }) => {
    const [channels, height, width] = requireImage('pad', { inputs, args });
    const [before, after] = [pairArg(args, 'before'), pairArg(args, 'after')];
    return [
      numberArg(args, 'channels_before') + channels + numberArg(args, 'channels_after'),
      before[0] + height + after[0],
      before[1] + width + after[1],
    ];
  },
  lower: ({ builder, values, args }) =>
    builder.pad(
      values[0]!,
      [0, numberArg(args, 'channels_before'), ...pairArg(args, 'before')],
      [0, numberArg(args, 'channels_after'), ...pairArg(args, 'after')],
    ),
};
