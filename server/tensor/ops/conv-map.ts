import type { ProgramBuilder, Value } from '../builder.ts';
import type { Op } from '../ir.ts';
import { repeated, type Laned } from '../transforms/lanes.ts';
import { adjointWindow, type LinearMap } from './linear-maps.ts';
import { count } from '../shapes.ts';

type ConvOp = Extract<Op, { readonly op: 'conv2d' }>;

/**
 * Above so many weight elements, lanes go through a convolution as further samples instead of as groups with the
 * weight repeated for each. Groups stay in the blocked channel layouts of engines, but the repeated weights take
 * memory: here 4 MiB at most.
 */
const repeatedWeightLimit = 2 ** 20;

/** A convolution as a map of its operand (`from`: the operand's shape). Its transpose is a convolution too. */
export function convMap(b: ProgramBuilder, from: readonly number[], op: ConvOp, weight: Value): LinearMap {
  return {
    apply: (x) => convLanes(b, x, weight, op),
    transpose: (y) => transposedConv(b, y, from, op, weight),
  };
}

function transposedConv(
  b: ProgramBuilder,
  y: Laned,
  from: readonly number[],
  op: ConvOp,
  weight: Value,
): Laned {
  const { stride, dilation, pads, groups } = op;
  const [height, width] = [from[2]!, from[3]!];
  const kernel = [weight.shape[2]!, weight.shape[3]!] as const;
  const adjoint = b.adjointKernel(weight, groups);
  if (kernel[0] === 1 && kernel[1] === 1 && pads.every((pad) => pad === 0)) {
    // Spread after the channels are mixed: fewer positions to mix.
    const mixed = convLanes(b, y, adjoint, { ...op, stride: [1, 1], dilation: [1, 1] });
    return { value: b.dilate(mixed.value, stride, height, width), lanes: y.lanes };
  }
  const window = adjointWindow(b, y.value, kernel, dilation, stride, pads, [height, width]);
  const spread = { value: window.value, lanes: y.lanes };
  return convLanes(b, spread, adjoint, { ...op, stride: [1, 1], pads: window.pads });
}

function convLanes(b: ProgramBuilder, x: Laned, weight: Value, op: ConvOp): Laned {
  const { lanes } = x;
  if (lanes === 1 || lanes * count(weight.shape) <= repeatedWeightLimit) {
    const repeatedWeight = repeated(b, weight, lanes, 0);
    return { value: b.conv2d(x.value, repeatedWeight, { ...op, groups: op.groups * lanes }), lanes };
  }
  const [batch, folded, ...extent] = x.value.shape as readonly [number, number, number, number];
  const samples = b.reshape(x.value, [batch * lanes, folded / lanes, ...extent]);
  const result = b.conv2d(samples, weight, op);
  const [, outputs, ...outExtent] = result.shape as readonly [number, number, number, number];
  return { value: b.reshape(result, [batch, lanes * outputs, ...outExtent]), lanes };
}
