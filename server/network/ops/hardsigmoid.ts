import { activation } from '../parts/activation.ts';
import * as elementwise from '../parts/elementwise.ts';

export const hardsigmoid = activation({
  name: 'hardsigmoid',
  summary: 'Piecewise linear sigmoid.',
  doc: `\`min(max(x/6 + 1/2, 0), 1)\` ([Howard et al., 2019](https://arxiv.org/abs/1905.02244)).`,
  apply: elementwise.hardsigmoid,
});
