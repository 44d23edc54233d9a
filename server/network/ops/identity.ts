import type { OpDefinition } from '../op.ts';
import { currentShape } from '../parts/inputs.ts';

export const identity: OpDefinition = {
  name: 'identity',
  summary: 'Passes the tensor on unchanged.',
  doc: '`y = x`: one alternative of a `choice`, or a branch that only forwards its input.',
  args: [],
  category: 'shape',
  shape: currentShape,
  lower: ({ values }) => values[0]!,
};
