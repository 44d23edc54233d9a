import type { ProgramBuilder, Value } from '../../tensor/builder.ts';
import type { ArgSpec, FrozenNorms, LoweringContext, Normalise, NormMode, ParamSpec } from '../op.ts';
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

/** Mean and biased variance of a value over `axes`, which are kept with extent 1, and what is left of it without the mean. */
export interface Moments {
  readonly mean: Value;
  readonly centred: Value;
  readonly variance: Value;
}

/** (x − mean) / √(variance + eps) over `axes`, with the biased variance. */
export function standardise(builder: ProgramBuilder, x: Value, axes: readonly number[], eps: number): Value {
  return divided(builder, momentsOf(builder, x, axes), eps);
}

function momentsOf(builder: ProgramBuilder, x: Value, axes: readonly number[]): Moments {
  const mean = builder.reduce('mean', x, axes);
  const centred = builder.sub(x, mean);
  return { mean, centred, variance: builder.reduce('mean', builder.unary('square', centred), axes) };
}

function divided(builder: ProgramBuilder, { centred, variance }: Moments, eps: number): Value {
  const inverse = builder.unary('reciprocal', builder.unary('sqrt', builder.affine(variance, 1, eps)));
  return builder.mul(centred, inverse);
}

/** The batch norms of a program under construction. A frozen one finds its constants by its number, in the order of the calls. */
export function normaliser(builder: ProgramBuilder, norm: NormMode): Normalise {
  if (norm === 'eval') return (x, _, eps) => builder.affine(x, 1 / Math.sqrt(1 + eps));
  if (norm === 'batch') return (x, axis, eps) => standardise(builder, x, axesBut(x, axis), eps);
  let next = 0;
  return (x, axis, eps) => {
    const moments = frozenMoments(builder, x, axis, norm.statistics(next));
    next += 1;
    return divided(builder, moments, norm.eps ?? eps);
  };
}

function frozenMoments(
  builder: ProgramBuilder,
  x: Value,
  axis: number,
  { mean, variance }: ReturnType<FrozenNorms['statistics']>,
): Moments {
  const [ofMean, ofVariance] = [mean, variance].map((source) =>
    alongAxis(builder, builder.constant(source, [x.shape[axis]!]), axis, x.shape.length),
  );
  return { mean: ofMean!, centred: builder.sub(x, ofMean!), variance: ofVariance! };
}

/** Batch norms in batch mode, whose moments are told in the order of the program. @param eps as in `FrozenNorms` */
export function observedNormaliser(
  builder: ProgramBuilder,
  eps: number | undefined,
  observe: (moments: Moments, x: Value, axis: number) => void,
): Normalise {
  return (x, axis, own) => {
    const moments = momentsOf(builder, x, axesBut(x, axis));
    observe(moments, x, axis);
    return divided(builder, moments, eps ?? own);
  };
}

/** All axes but that of the channels. */
function axesBut({ shape }: Value, axis: number): number[] {
  return [...shape.keys()].filter((other) => other !== axis);
}

/** Batch norm as `LoweringContext.normalise` has it (docs/score.md#norms), then weight and bias along `axis`. */
export function lowerBatchNorm(
  { builder, normalise, param }: LoweringContext,
  x: Value,
  axis: number,
  eps: number,
  prefix = '',
): Value {
  const normalised = normalise(x, axis, eps);
  return scaleAndShift(builder, normalised, param(`${prefix}weight`), param(`${prefix}bias`), axis);
}
