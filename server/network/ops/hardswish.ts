import { activation } from '../parts/activation.ts';
import * as elementwise from '../parts/elementwise.ts';

export const hardswish = activation({
  name: 'hardswish',
  summary: 'Piecewise version of silu.',
  doc: `\`x · min(max(x/6 + 1/2, 0), 1)\`, the activation of MobileNetV3 ([Howard et al., 2019](https://arxiv.org/abs/1905.02244)).`,
  apply: elementwise.hardswish,
});
