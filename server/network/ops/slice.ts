import { ShapeError, type OpContext, type OpDefinition } from '../op.ts';
import { numberArg } from '../parts/args.ts';
import { channelAxis, channelCount, currentShape } from '../parts/inputs.ts';
import { lowerChannelRange } from '../parts/channel-range.ts';

function rangeOf(context: OpContext): readonly [number, number] {
  const channels = channelCount(currentShape(context));
  const [start, end] = [numberArg(context.args, 'start'), numberArg(context.args, 'end')];
  if (start >= end || end > channels) {
    throw new ShapeError(
      `\`slice\`: there are no channels from ${start} to before ${end} among ${channels}`,
      `Choose a \`start\` below \`end\`, and an \`end\` of at most ${channels}.`,
    );
  }
  return [start, end];
}

export const slice: OpDefinition = {
  name: 'slice',
  summary: 'Some of the channels (the width of tokens, the features of vectors), one beside the other.',
  doc: '`y = x[start], …, x[end − 1]`. `slice(0, channels / 2)` is the first half, `slice(channels / 2, channels)` the second.',
  args: [
    {
      name: 'start',
      type: { kind: 'integer', min: 0, max: 1048576 },
      doc: 'The first channel, counted from 0.',
    },
    {
      name: 'end',
      type: { kind: 'integer', min: 1, max: 1048576 },
      doc: 'The channel before which it ends: `channels` for all that follow.',
    },
  ],
  category: 'shape',
  shape: (context) => {
    const [start, end] = rangeOf(context);
    const shape = currentShape(context);
    return shape.with(channelAxis(shape), end - start);
  },
  lower: (context) => lowerChannelRange(context, ...rangeOf(context)),
};
