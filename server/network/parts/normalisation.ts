import type { ProgramBuilder, Value } from '../../tensor/builder.ts';
import type { ArgSpec, LoweringContext, ParamSpec } from '../op.ts';
import { addBias, alongAxis } from './linear.ts';

/**
 * Scale `[channels]` at 1, then shift `[channels]` at 0 (docs/score.md#initialisation), named `<prefix>weight` and
 * `<prefix>bias`.
 */
export function normParams(channels: number, prefix = ''): readonly ParamSpec[] {
  return [
    { name: `${prefix}weight`, shape: [channels], init: { kind: 'fill', value: 1 } },
    { name: `${prefix}bias`, shape: [channels], init: { kind: 'fill', value: 0 } },
  ];
}

export const EPS_ARG: ArgSpec = {
  name: 'eps',
  type: { kind: 'number', min: 1e-12, max: 1 },
  default: 1e-5,
  doc: 'Added to the variance before the square root.',
};

/** PyTorch's default, and that of docs/score.md#norms. */
export const DEFAULT_EPS = 1e-5;

/** weight · x + bias along `axis` of a batched value. */
export function scaleAndShift(
  builder: ProgramBuilder,
  x: Value,
  weight: Value,
  bias: Value,
  axis: number,
): Value {
  const scaled = builder.mul(x, alongAxis(builder, weight, axis, x.shape.length));
  return addBias(builder, scaled, bias, axis);
}

/** (x − mean) / √(variance + eps) over `axes`, with the biased variance. */
export function standardise(builder: ProgramBuilder, x: Value, axes: readonly number[], eps: number): Value {
  const centred = builder.sub(x, builder.reduce('mean', x, axes));
  const variance = builder.reduce('mean', builder.unary('square', centred), axes);
  const inverse = builder.unary('reciprocal', builder.unary('sqrt', builder.affine(variance, 1, eps)));
  return builder.mul(centred, inverse);
}

/**
 * Batch norm at initialisation, then weight and bias along `axis`. In evaluation mode (docs/score.md#norms) running mean is 0
 * and variance 1, so x / √(1 + eps); in batch mode both are those of the samples, per channel.
 */
export function lowerBatchNorm(
  { builder, norm, param }: LoweringContext,
  x: Value,
  axis: number,
  eps: number,
  prefix = '',
): Value {
  const others = [...x.shape.keys()].filter((other) => other !== axis);
  const normalised =
    norm === 'eval' ? builder.affine(x, 1 / Math.sqrt(1 + eps)) : standardise(builder, x, others, eps);
  return scaleAndShift(builder, normalised, param(`${prefix}weight`), param(`${prefix}bias`), axis);
}
