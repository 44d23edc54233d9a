import { ShapeError, type OpContext, type OpDefinition } from '../op.ts';
import { pairArg } from '../parts/args.ts';
import { requireImage } from '../parts/inputs.ts';
import { lowerBlurred } from '../parts/resampling.ts';

/** Rows and columns before the first, mirrored at the border. */
function paddingOf(kernel: number, stride: number): number {
  return Math.floor((stride - 1 + kernel - 1) / 2);
}

function blurredShape(context: OpContext): readonly [number, number, number] {
  const [channels, ...size] = requireImage('blurpool', context);
  const [kernel, stride] = [pairArg(context.args, 'kernel'), pairArg(context.args, 'stride')];
  const [rows, columns] = size.map((side, axis) => {
    const [own, step] = [kernel[axis as 0 | 1], stride[axis as 0 | 1]];
    const padding = paddingOf(own, step);
    if (padding < side && side + 2 * padding >= own) return Math.floor((side + 2 * padding - own) / step) + 1;
    throw new ShapeError(
      `\`blurpool\`: an image of ${size.join('x')} is too small to be mirrored by ${padding} positions`,
      'Use a smaller kernel, or reduce the resolution less before it.',
      { code: 'size-vanishes' },
    );
  }) as [number, number];
  return [channels, rows, columns];
}

export const blurpool: OpDefinition = {
  name: 'blurpool',
  summary: 'Blurs an image with a fixed kernel, and takes every second position.',
  doc: 'Each channel is weighted by binomial numbers, `[1, 2, 1] / 4` along both axes for a kernel of 3; at the border the image is mirrored. Behind a convolution or a maximum with stride 1 it stands for their stride, and the result depends less on small shifts of the image ([Zhang, 2019](https://arxiv.org/abs/1904.11486)).',
  args: [
    {
      name: 'kernel',
      type: { kind: 'extent', min: 1, max: 15 },
      default: [3, 3],
      doc: 'Height and width of the blur; 1 takes positions as they are.',
    },
    {
      name: 'stride',
      type: { kind: 'extent', min: 1, max: 255 },
      default: [2, 2],
      doc: 'Step between the positions that are kept.',
    },
  ],
  category: 'pool',
  shape: blurredShape,
  lower: (context) => {
    const [kernel, stride] = [pairArg(context.args, 'kernel'), pairArg(context.args, 'stride')];
    const [, rows, columns] = blurredShape(context);
    return lowerBlurred(context.builder, context.values[0]!, [
      { kernel: kernel[0], stride: stride[0], padding: paddingOf(kernel[0], stride[0]), size: rows },
      { kernel: kernel[1], stride: stride[1], padding: paddingOf(kernel[1], stride[1]), size: columns },
    ]);
  },
};
