import { activation } from '../parts/activation.ts';
import * as elementwise from '../parts/elementwise.ts';

export const softplus = activation({
  name: 'softplus',
  summary: 'Smooth form of ReLU: the logarithm of 1 plus the exponential.',
  doc: `\`log(1 + exp(x))\` ([Dugas et al., 2000](https://proceedings.neurips.cc/paper/2000/hash/44968aece94f667e4095002d140b5896-Abstract.html)).`,
  apply: elementwise.softplus,
});
