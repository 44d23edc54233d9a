import { activation } from '../parts/activation.ts';

export const hardswish = activation({
  name: 'hardswish',
  summary: 'Piecewise version of silu.',
  doc: `\`x · min(max(x/6 + 1/2, 0), 1)\`, the activation of MobileNetV3 ([Howard et al., 2019](https://arxiv.org/abs/1905.02244)).`,
  apply: (builder, x) => builder.mul(x, builder.clip(builder.affine(x, 1 / 6, 0.5), 0, 1)),
});
