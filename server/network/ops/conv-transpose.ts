import type { Pair } from '../../tensor/ir.ts';
import { ShapeError, type ArgSpec, type OpContext, type OpDefinition } from '../op.ts';
import { booleanArg, numberArg, paddingArg, pairArg } from '../parts/args.ts';
import { CONV_BIAS_ARG, CONV_GROUPS_ARG, CONV_WINDOW_ARGS } from '../parts/conv-args.ts';
import { STRIDE_ONE } from '../parts/convolution.ts';
import { groupsDetails } from '../parts/groups.ts';
import { requireImage } from '../parts/inputs.ts';
import { addBias, biasParam } from '../parts/linear.ts';
import type { Shape } from '../shape.ts';

const PADDING_ARG: ArgSpec = {
  name: 'padding',
  type: { kind: 'padding' },
  default: 'same',
  doc: '`same` (stride times the size), `same_tf`, `valid` (none), or rows and columns left out on each side.',
};

/** Along one axis: the size of the result, and how many of its elements are left out before the first. */
interface Extent {
  readonly size: number;
  readonly before: number;
}

function extentOf({ args }: OpContext, axis: 0 | 1, from: number): Extent {
  const [padding, stride] = [paddingArg(args, 'padding'), pairArg(args, 'stride')[axis]];
  const kernel = kernelOf(args, axis);
  const full = (from - 1) * stride + kernel;
  if (padding === 'same' || padding === 'same_tf') {
    // What a convolution with this padding, of whose sizes this is the reverse, has before the first element.
    const isCentred = padding === 'same' && kernel % 2 === 1;
    const before = isCentred ? (kernel - 1) / 2 : Math.floor(Math.max(kernel - stride, 0) / 2);
    return { size: from * stride, before };
  }
  const before = padding === 'valid' ? 0 : padding[axis];
  const size = full - 2 * before + pairArg(args, 'output_padding')[axis];
  if (before < kernel && size >= 1) return { size, before };
  throw new ShapeError(
    `\`conv_transpose\`: a padding of ${before} leaves nothing of a kernel of ${kernel}`,
    'Choose a `padding` smaller than the kernel, such as `same`.',
    { code: 'size-vanishes', changes: [{ kind: 'argument', name: 'padding', text: 'same' }] },
  );
}

function kernelOf(args: OpContext['args'], axis: 0 | 1): number {
  return pairArg(args, 'dilation')[axis] * (pairArg(args, 'kernel')[axis] - 1) + 1;
}

function outputShape(context: OpContext): readonly [number, number, number] {
  const [channels, height, width] = requireImage('conv_transpose', context);
  const [out, groups] = [numberArg(context.args, 'out'), numberArg(context.args, 'groups')];
  for (const count of [channels, out]) {
    if (count % groups === 0) continue;
    throw new ShapeError(
      `\`conv_transpose\`: ${groups} groups do not divide ${count} channels`,
      `Choose \`groups\` that divide both ${channels} and ${out}.`,
      groupsDetails(groups, [channels, out]),
    );
  }
  return [out, extentOf(context, 0, height).size, extentOf(context, 1, width).size];
}

/** `[out, in / groups, kh, kw]` */
function weightShape(context: OpContext): Shape {
  const [channels] = requireImage('conv_transpose', context);
  const perGroup = channels / numberArg(context.args, 'groups');
  return [numberArg(context.args, 'out'), perGroup, ...pairArg(context.args, 'kernel')];
}

export const convTranspose: OpDefinition = {
  name: 'conv_transpose',
  summary: 'Transposed convolution: enlarges an image, every element spreading by a learned kernel.',
  doc: `\`y[o] = Σ_i w[o, i] * x[i]\`, each element of x at (i, j) · stride adding its multiple of the kernel: the reverse of a \`conv\` with the same arguments as far as sizes go ([Zeiler et al., 2010](https://doi.org/10.1109/CVPR.2010.5539957)).

Size: \`(in − 1) · stride − 2 · padding + dilation · (kernel − 1) + 1 + output_padding\`, or with \`same\` in · stride. Weight \`[out, in / groups, kh, kw]\`, Kaiming normal with fan-in in / groups · kh · kw. MACs are those of every element with the kernel.`,
  args: [
    { name: 'out', type: { kind: 'integer', min: 1, max: 65536 }, doc: 'Number of output channels.' },
    ...CONV_WINDOW_ARGS.map((arg) => (arg.name === 'padding' ? PADDING_ARG : arg)),
    CONV_GROUPS_ARG,
    CONV_BIAS_ARG,
    {
      name: 'output_padding',
      type: { kind: 'extent', min: 0, max: 255 },
      default: [0, 0],
      doc: 'Rows and columns more at the end; nothing with `same`.',
    },
  ],
  category: 'layer',
  shape: outputShape,
  params: (context) => {
    const shape = weightShape(context);
    const fanIn = shape[1]! * shape[2]! * shape[3]!;
    const weight = { name: 'weight', shape, init: { kind: 'kaiming', fanIn } } as const;
    return booleanArg(context.args, 'bias') ? [weight, biasParam(shape[0]!)] : [weight];
  },
  macs: (context) => {
    const [, height, width] = requireImage('conv_transpose', context);
    const spread = weightShape(context).reduce((product, extent) => product * extent, height * width);
    const [out, rows, columns] = outputShape(context);
    return spread + (booleanArg(context.args, 'bias') ? out * rows * columns : 0);
  },
  layers: () => 1,
  lower: (context) => {
    const { builder, values, args, param } = context;
    const [, height, width] = requireImage('conv_transpose', context);
    const [stride, dilation] = [pairArg(args, 'stride'), pairArg(args, 'dilation')];
    const [rows, columns] = [extentOf(context, 0, height), extentOf(context, 1, width)];
    const spread: Pair = [(height - 1) * stride[0] + 1, (width - 1) * stride[1] + 1];
    const [top, left] = [kernelOf(args, 0) - 1 - rows.before, kernelOf(args, 1) - 1 - columns.before];
    // The kernel is drawn, and its reverse as probable: a convolution of the elements with zeros between them.
    const product = builder.conv2d(builder.dilate(values[0]!, stride, ...spread), param('weight'), {
      stride: STRIDE_ONE,
      // What the result needs beyond the first and the last element.
      pads: [
        top,
        left,
        rows.size + kernelOf(args, 0) - 1 - top - spread[0],
        columns.size + kernelOf(args, 1) - 1 - left - spread[1],
      ],
      dilation,
      groups: numberArg(args, 'groups'),
    });
    return booleanArg(args, 'bias') ? addBias(builder, product, param('bias'), 1) : product;
  },
};
