import { activation } from '../parts/activation.ts';

export const relu6 = activation({
  name: 'relu6',
  summary: 'ReLU that stops at 6.',
  doc: `\`min(max(x, 0), 6)\`, the activation of MobileNetV2 ([Sandler et al., 2018](https://arxiv.org/abs/1801.04381)).`,
  apply: (builder, x) => builder.clip(x, 0, 6),
});
