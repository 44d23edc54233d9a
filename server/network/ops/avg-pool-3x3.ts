import type { OpDefinition } from '../op.ts';
import { lowerAveragePool, poolShape } from '../parts/pooling.ts';
import type { Window } from '../parts/window.ts';

const WINDOW: Window = { kernel: [3, 3], stride: [1, 1], padding: [1, 1], dilation: [1, 1] };

export const avgPool3x3: OpDefinition = {
  name: 'avg_pool_3x3',
  summary: 'NAS-Bench-201: mean over 3x3 windows at stride 1, keeping the size.',
  doc: 'The mean over the real elements of each window (padding is not counted); an edge of a NAS-Bench-201 cell ([Dong & Yang, 2020](https://arxiv.org/abs/2001.00326)).',
  args: [],
  category: 'nas-bench-201',
  shape: (context) => poolShape('avg_pool_3x3', context, WINDOW),
  lower: ({ builder, values }) => lowerAveragePool(builder, 'avg_pool_3x3', values[0]!, WINDOW),
};
