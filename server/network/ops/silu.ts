import { activation } from '../parts/activation.ts';
import * as elementwise from '../parts/elementwise.ts';

export const silu = activation({
  name: 'silu',
  summary: 'Sigmoid linear unit, also called swish.',
  doc: `\`x · σ(x) = x / (1 + e⁻ˣ)\` ([Elfwing et al., 2017](https://arxiv.org/abs/1702.03118); swish: [Ramachandran et al., 2017](https://arxiv.org/abs/1710.05941)).`,
  apply: elementwise.silu,
});
