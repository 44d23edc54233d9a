import type { OpDefinition } from '../op.ts';
import { currentShape } from '../parts/inputs.ts';
import { elementCount } from '../shape.ts';

export const flatten: OpDefinition = {
  name: 'flatten',
  summary: 'All elements of an image or of tokens as one vector.',
  doc: `\`channels x height x width\` elements in that order (row-major), as PyTorch's \`Flatten\`; tokens one after the other.`,
  args: [],
  category: 'shape',
  shape: (context) => [elementCount(currentShape(context))],
  lower: (context) =>
    context.builder.reshape(context.values[0]!, [context.builder.batch, elementCount(currentShape(context))]),
};
