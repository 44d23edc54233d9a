import { activation } from '../parts/activation.ts';
import { softplus } from '../parts/elementwise.ts';

export const mish = activation({
  name: 'mish',
  summary: 'Self-gated smooth activation of the YOLO backbones.',
  doc: `\`x · tanh(softplus(x))\` ([Misra, 2019](https://arxiv.org/abs/1908.08681)).`,
  apply: (builder, x) => builder.mul(x, builder.unary('tanh', softplus(builder, x))),
});
