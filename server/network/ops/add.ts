import type { OpDefinition } from '../op.ts';
import { alignedValues } from '../parts/broadcasting.ts';
import { termsShape } from '../parts/terms.ts';

export const add: OpDefinition = {
  name: 'add',
  summary: 'Sum of tensors, element by element; a vector is added to every position of an image.',
  doc: '`y = x + a + b + …`, where `add(a, b)` names earlier tensors. Extents of 1 are repeated: a vector is added to the channels at each position of an image, a single channel to every channel. `residual` and `parallel add` are made of it.',
  args: [],
  extraInputs: { min: 1, max: Infinity },
  category: 'merge',
  shape: (context) => termsShape('add', context),
  lower: (context) =>
    alignedValues(context.builder, context, context.values).reduce((sum, value) =>
      context.builder.add(sum, value),
    ),
};
