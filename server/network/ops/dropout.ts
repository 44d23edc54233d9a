import type { OpDefinition } from '../op.ts';
import { currentShape } from '../parts/inputs.ts';

export const dropout: OpDefinition = {
  name: 'dropout',
  summary: 'Drops values at random in training; does nothing when a network is evaluated or scored.',
  doc: `In training, each value is 0 with probability \`rate\` and divided by 1 − rate otherwise ([Srivastava et al., 2014](https://jmlr.org/papers/v15/srivastava14a.html)). Scores are taken in evaluation mode, where it is the identity.`,
  args: [
    {
      name: 'rate',
      type: { kind: 'number', min: 0, max: 1 },
      default: 0.5,
      doc: 'Probability of dropping a value in training.',
    },
  ],
  category: 'shape',
  shape: currentShape,
  lower: ({ values }) => values[0]!,
};
