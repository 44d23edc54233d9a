import { activation } from '../parts/activation.ts';
import { numberArg } from '../parts/args.ts';

export const elu = activation({
  name: 'elu',
  summary: 'Exponential linear unit: negative values saturate smoothly.',
  doc: `\`x\` where x > 0, \`alpha · (exp(x) − 1)\` elsewhere ([Clevert et al., 2015](https://arxiv.org/abs/1511.07289)).`,
  args: [
    {
      name: 'alpha',
      type: { kind: 'number', min: 0, max: 100 },
      default: 1,
      doc: 'Large negative values become minus this.',
    },
  ],
  apply: (builder, x, args) => {
    // Written around x itself, whose derivative is 1 also where x is exactly 0.
    const below = builder.unary('relu', builder.affine(x, -1));
    const alpha = numberArg(args, 'alpha');
    const curve = builder.affine(builder.unary('exp', builder.affine(below, -1)), alpha, -alpha);
    return builder.add(builder.add(x, below), curve);
  },
});
