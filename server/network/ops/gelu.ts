import { activation } from '../parts/activation.ts';
import * as elementwise from '../parts/elementwise.ts';

export const gelu = activation({
  name: 'gelu',
  summary: 'Gaussian error linear unit, exact form.',
  doc: `\`x · Φ(x) = x/2 · (1 + erf(x/√2))\`, Φ the normal distribution function ([Hendrycks & Gimpel, 2016](https://arxiv.org/abs/1606.08415)). Not the tanh approximation.`,
  apply: elementwise.gelu,
});
