import type { OpDefinition } from '../op.ts';
import { alignedValues } from '../parts/broadcasting.ts';
import { termsShape } from '../parts/terms.ts';

export const sub: OpDefinition = {
  name: 'sub',
  summary: 'Difference of two tensors, element by element.',
  doc: '`y = x − a`, where `sub(a)` names an earlier tensor. Extents of 1 are repeated, as those of `add` are. PoolFormer mixes tokens by the difference of a mean and what it is of ([Yu et al., 2021](https://arxiv.org/abs/2111.11418)).',
  args: [],
  extraInputs: { min: 1, max: 1 },
  category: 'merge',
  shape: (context) => termsShape('sub', context),
  lower: (context) => {
    const [x, other] = alignedValues(context.builder, context, context.values);
    return context.builder.sub(x!, other!);
  },
};
