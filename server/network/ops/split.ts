import { ShapeError, type OpContext, type OpDefinition } from '../op.ts';
import { numberArg } from '../parts/args.ts';
import { lowerChannelRange } from '../parts/channel-range.ts';
import { divided } from '../parts/groups.ts';
import { channelAxis, channelCount, currentShape } from '../parts/inputs.ts';

/** Which part, and how many channels one has. */
function partOf(context: OpContext): { readonly index: number; readonly width: number } {
  const parts = numberArg(context.args, 'parts');
  const index = numberArg(context.args, 'index');
  const width = divided('split', channelCount(currentShape(context)), parts, 'parts');
  if (index >= parts) {
    throw new ShapeError(
      `\`split\`: there is no part ${index} among ${parts}`,
      `Choose an \`index\` from 0 to ${parts - 1}.`,
    );
  }
  return { index, width };
}

export const split: OpDefinition = {
  name: 'split',
  summary: 'One of several equal parts of the channels (the width of tokens, the features of vectors).',
  doc: '`y = x[index · n], …, x[(index + 1) · n − 1]`, n = channels / parts. In `parallel concat { branch { split(2, 0) } branch { split(2, 1) -> … } }` half of the channels passes by, as in ShuffleNetV2 ([Ma et al., 2018](https://arxiv.org/abs/1807.11164)).',
  args: [
    {
      name: 'parts',
      type: { kind: 'integer', min: 1, max: 65536 },
      doc: 'How many equal parts there are; divides the channels.',
    },
    {
      name: 'index',
      type: { kind: 'integer', min: 0, max: 65535 },
      doc: 'Which part, counted from 0.',
    },
  ],
  category: 'shape',
  shape: (context) => {
    const shape = currentShape(context);
    return shape.with(channelAxis(shape), partOf(context).width);
  },
  lower: (context) => {
    const { index, width } = partOf(context);
    return lowerChannelRange(context, index * width, (index + 1) * width);
  },
};
