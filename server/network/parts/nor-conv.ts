import type { Pair } from '../../tensor/ir.ts';
import type { OpContext, OpDefinition } from '../op.ts';
import {
  convolutionMacs,
  convolutionShape,
  convolutionWeight,
  lowerConvolution,
  STRIDE_ONE,
  type Convolution,
} from './convolution.ts';
import { requireImage } from './inputs.ts';
import { DEFAULT_EPS, lowerBatchNorm, normParams } from './normalisation.ts';

/** An edge of NAS-Bench-201 (docs/score.md#nas-bench-201): ReLU, convolution that keeps channels and size, batch norm. */
export function norConv(name: string, kernel: Pair): OpDefinition {
  const convolution = (context: OpContext): Convolution => {
    const input = requireImage(name, context);
    return {
      input,
      out: input[0],
      kernel,
      stride: STRIDE_ONE,
      padding: 'same',
      dilation: STRIDE_ONE,
      groups: 1,
    };
  };
  return {
    name,
    summary: `NAS-Bench-201: ReLU, ${kernel.join('x')} convolution, batch norm; keeps channels and size.`,
    doc: `\`y = bn(conv(relu(x)))\` with a ${kernel.join('x')} kernel, stride 1, no bias; an edge of a NAS-Bench-201 cell ([Dong & Yang, 2020](https://arxiv.org/abs/2001.00326)).`,
    args: [],
    category: 'nas-bench-201',
    shape: (context) => convolutionShape(name, convolution(context)),
    params: (context) => {
      const conv = convolution(context);
      return [convolutionWeight('conv.weight', conv), ...normParams(conv.out, 'bn.')];
    },
    macs: (context) => convolutionMacs(name, convolution(context)),
    layers: () => 1,
    lower: (context) => {
      const { builder, values, param } = context;
      const activated = builder.unary('relu', values[0]!);
      const conv = lowerConvolution(builder, name, convolution(context), activated, param('conv.weight'));
      return lowerBatchNorm(context, conv, 1, DEFAULT_EPS, 'bn.');
    },
  };
}
