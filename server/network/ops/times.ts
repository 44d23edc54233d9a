import type { OpDefinition } from '../op.ts';
import { numberArg } from '../parts/args.ts';
import { currentShape } from '../parts/inputs.ts';

export const times: OpDefinition = {
  name: 'times',
  summary: 'Multiplies by a number that is not learned.',
  doc: '`y = factor · x`: the scaled residuals of Inception-ResNet ([Szegedy et al., 2016](https://arxiv.org/abs/1602.07261)), and the mean of two branches, `parallel add { … } -> times(0.5)`. Factors that are learned are `scale`.',
  args: [
    {
      name: 'factor',
      type: { kind: 'number', min: -1e6, max: 1e6 },
      doc: 'The number; 0 would let no signal through.',
    },
  ],
  category: 'shape',
  shape: currentShape,
  lower: ({ builder, values, args }) => builder.affine(values[0]!, numberArg(args, 'factor')),
};
