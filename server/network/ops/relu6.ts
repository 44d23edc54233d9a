import { activation } from '../parts/activation.ts';
import * as elementwise from '../parts/elementwise.ts';

export const relu6 = activation({
  name: 'relu6',
  summary: 'ReLU that stops at 6.',
  doc: `\`min(max(x, 0), 6)\`, the activation of MobileNetV2 ([Sandler et al., 2018](https://arxiv.org/abs/1801.04381)).`,
  apply: elementwise.relu6,
});
