import type { OpDefinition } from '../op.ts';
import { numberArg } from '../parts/args.ts';
import { requireImage } from '../parts/inputs.ts';

export const lrn: OpDefinition = {
  name: 'lrn',
  summary: 'Local response normalisation: divides each element by the power of its neighbouring channels.',
  doc: `\`y[c] = x[c] / (k + alpha / size · Σ x[c']²)^beta\`, the sum over \`size\` channels around c, those that do not exist being 0 ([Krizhevsky et al., 2012](https://papers.nips.cc/paper/2012/hash/c399862d3b9d6b76c8436e924a68c45b-Abstract.html), as Caffe and PyTorch have it: the paper and TensorFlow do not divide by \`size\`).`,
  args: [
    {
      name: 'size',
      type: { kind: 'integer', min: 1, max: 1024 },
      default: 5,
      doc: 'How many channels are summed over, the own one in the middle.',
    },
    {
      name: 'alpha',
      type: { kind: 'number', min: 0, max: 1e6 },
      default: 1e-4,
      doc: 'Factor of the mean square.',
    },
    { name: 'beta', type: { kind: 'number', min: 0, max: 16 }, default: 0.75, doc: 'The exponent.' },
    {
      name: 'k',
      type: { kind: 'number', min: 1e-6, max: 1e6 },
      default: 1,
      doc: 'What the sum is added to; 2 in AlexNet as published.',
    },
  ],
  category: 'norm',
  shape: (context) => requireImage('lrn', context),
  lower: (context) => {
    const { builder, values, args } = context;
    const x = values[0]!;
    const [channels, height, width] = requireImage('lrn', context);
    const size = numberArg(args, 'size');
    // Channels as the rows of one image, so that neighbours are a window.
    const rows = builder.reshape(builder.unary('square', x), [builder.batch, 1, channels, height * width]);
    const before = Math.floor(size / 2);
    const sums = builder.pool('sum', rows, [size, 1], [1, 1], [before, 0, size - 1 - before, 0]);
    const power = builder.affine(sums, numberArg(args, 'alpha') / size, numberArg(args, 'k'));
    const factor = builder.unary(
      'exp',
      builder.affine(builder.unary('log', power), -numberArg(args, 'beta')),
    );
    return builder.mul(x, builder.reshape(factor, [builder.batch, channels, height, width]));
  },
};
