import type { OpDefinition } from '../op.ts';
import { currentShape } from '../parts/inputs.ts';

export const skipConnect: OpDefinition = {
  name: 'skip_connect',
  summary: 'NAS-Bench-201: passes the tensor on unchanged.',
  doc: '`y = x`; an edge of a NAS-Bench-201 cell ([Dong & Yang, 2020](https://arxiv.org/abs/2001.00326)).',
  args: [],
  category: 'nas-bench-201',
  shape: currentShape,
  lower: ({ values }) => values[0]!,
};
