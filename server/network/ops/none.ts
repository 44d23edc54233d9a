import type { OpDefinition } from '../op.ts';
import { currentShape } from '../parts/inputs.ts';

export const none: OpDefinition = {
  name: 'none',
  summary: 'NAS-Bench-201: no connection, zeros of the same shape.',
  doc: '`y = 0`; an absent edge of a NAS-Bench-201 cell ([Dong & Yang, 2020](https://arxiv.org/abs/2001.00326)).',
  args: [],
  category: 'nas-bench-201',
  shape: currentShape,
  // A constant rather than 0 · x: what leads only here is then visibly dead, and 0 · ∞ cannot arise.
  lower: ({ builder, values }) => builder.constant({ kind: 'fill', value: 0 }, values[0]!.shape),
};
