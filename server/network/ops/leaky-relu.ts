import { activation } from '../parts/activation.ts';
import { numberArg } from '../parts/args.ts';

export const leakyRelu = activation({
  name: 'leaky_relu',
  summary: 'ReLU that keeps a fraction of negative values.',
  doc: `\`x\` where x > 0, \`slope · x\` elsewhere ([Maas et al., 2013](https://ai.stanford.edu/~amaas/papers/relu_hybrid_icml2013_final.pdf)).`,
  args: [
    {
      name: 'slope',
      type: { kind: 'number', min: 0, max: 1 },
      default: 0.01,
      doc: 'Factor on negative values.',
    },
  ],
  apply: (builder, x, args) => {
    const slope = numberArg(args, 'slope');
    return builder.add(builder.affine(x, slope), builder.affine(builder.unary('relu', x), 1 - slope));
  },
});
