import { activation } from '../parts/activation.ts';

export const gelu = activation({
  name: 'gelu',
  summary: 'Gaussian error linear unit, exact form.',
  doc: `\`x · Φ(x) = x/2 · (1 + erf(x/√2))\`, Φ the normal distribution function ([Hendrycks & Gimpel, 2016](https://arxiv.org/abs/1606.08415)). Not the tanh approximation.`,
  apply: (builder, x) => {
    const erf = builder.unary('erf', builder.affine(x, Math.SQRT1_2));
    return builder.mul(x, builder.affine(erf, 0.5, 0.5));
  },
});
