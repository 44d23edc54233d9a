import type { ProgramBuilder, Value } from '../../tensor/builder.ts';
import type { Pair } from '../../tensor/ir.ts';
import { ShapeError, type ParamSpec } from '../op.ts';
import type { Shape } from '../shape.ts';
import { addBias } from './linear.ts';
import { groupsDetails } from './groups.ts';
import { windowGeometry, type Window } from './window.ts';

/** A 2-d convolution of an image `[in, height, width]`. */
export interface Convolution extends Window {
  readonly input: readonly [number, number, number];
  readonly out: number;
  readonly groups: number;
}

export const STRIDE_ONE: Pair = [1, 1];

/** `[out, height', width']`; throws `ShapeError` for groups that do not divide and kernels that do not fit. */
export function convolutionShape(op: string, conv: Convolution): Shape {
  const [channels, height, width] = conv.input;
  for (const [what, count] of [
    ['input', channels],
    ['output', conv.out],
  ] as const) {
    if (count % conv.groups !== 0) {
      throw new ShapeError(
        `\`${op}\`: ${conv.groups} groups do not divide ${count} ${what} channels`,
        `Choose \`groups\` that divide both ${channels} and ${conv.out}.`,
        groupsDetails(conv.groups, [channels, conv.out]),
      );
    }
  }
  const { output } = windowGeometry(op, height, width, conv);
  return [conv.out, ...output];
}

/** `[out, in / groups, kh, kw]`, Kaiming normal with fan-in `in / groups · kh · kw` (docs/score.md#initialisation). */
export function convolutionWeight(name: string, conv: Convolution): ParamSpec {
  const shape = [conv.out, conv.input[0] / conv.groups, ...conv.kernel];
  return { name, shape, init: { kind: 'kaiming', fanIn: shape[1]! * shape[2]! * shape[3]! } };
}

/** One multiply-accumulate per output element and weight it sums over, and one for its bias (see `OpDefinition.macs`). */
export function convolutionMacs(op: string, conv: Convolution, bias = false): number {
  const [out, height, width] = convolutionShape(op, conv) as readonly [number, number, number];
  const summed = (conv.input[0] / conv.groups) * conv.kernel[0] * conv.kernel[1];
  return out * height * width * (summed + (bias ? 1 : 0));
}

/** Writes the convolution of `x` `[batch, in, height, width]`. */
export function lowerConvolution(
  builder: ProgramBuilder,
  op: string,
  conv: Convolution,
  x: Value,
  weight: Value,
  bias?: Value,
): Value {
  const { pads } = windowGeometry(op, conv.input[1], conv.input[2], conv);
  const product = builder.conv2d(x, weight, {
    stride: conv.stride,
    pads,
    dilation: conv.dilation,
    groups: conv.groups,
  });
  return bias === undefined ? product : addBias(builder, product, bias, 1);
}
