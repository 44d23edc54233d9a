import { ShapeError, type OpContext, type OpDefinition } from '../op.ts';
import { pairArg } from '../parts/args.ts';
import { requireImage } from '../parts/inputs.ts';

function cropped(context: OpContext): readonly [number, number, number] {
  const [channels, height, width] = requireImage('crop', context);
  const [before, after] = [pairArg(context.args, 'before'), pairArg(context.args, 'after')];
  const [rows, columns] = [height - before[0] - after[0], width - before[1] - after[1]];
  if (rows < 1 || columns < 1) {
    throw new ShapeError(
      `\`crop\`: nothing is left of an image of ${height}x${width} without ${before[0] + after[0]} rows and ${before[1] + after[1]} columns`,
      'Take less away, or reduce the resolution less before it.',
      { code: 'size-vanishes' },
    );
  }
  return [channels, rows, columns];
}

export const crop: OpDefinition = {
  name: 'crop',
  summary: 'An image without some of the rows and columns at its borders.',
  doc: '`crop(1)` takes a row and a column away on every side, `crop(1, 0)` above and to the left only: the shifted path of factorised reductions in NASNet and DARTS ([Zoph et al., 2017](https://arxiv.org/abs/1707.07012)). Channels are taken by `slice`.',
  args: [
    {
      name: 'before',
      type: { kind: 'extent', min: 0, max: 1048575 },
      doc: 'Rows above and columns to the left.',
    },
    {
      name: 'after',
      type: { kind: 'extent', min: 0, max: 1048575 },
      defaultFrom: 'before',
      doc: 'Rows below and columns to the right; as many as `before` when left out.',
    },
  ],
  category: 'shape',
  shape: cropped,
  lower: (context) => {
    const { builder, values, args } = context;
    return builder.slice(
      values[0]!,
      [0, 0, ...pairArg(args, 'before')],
      [builder.batch, ...cropped(context)],
    );
  },
};
