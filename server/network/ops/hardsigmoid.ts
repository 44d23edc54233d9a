import { activation } from '../parts/activation.ts';

export const hardsigmoid = activation({
  name: 'hardsigmoid',
  summary: 'Piecewise linear sigmoid.',
  doc: `\`min(max(x/6 + 1/2, 0), 1)\` ([Howard et al., 2019](https://arxiv.org/abs/1905.02244)).`,
  apply: (builder, x) => builder.clip(builder.affine(x, 1 / 6, 0.5), 0, 1),
});
