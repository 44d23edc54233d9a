import type { ProgramBuilder, Value } from '../../tensor/builder.ts';

// Activations that stand by themselves and inside other ops.

export type Elementwise = (builder: ProgramBuilder, x: Value) => Value;

export const silu: Elementwise = (builder, x) => builder.mul(x, builder.unary('sigmoid', x));

export const hardsigmoid: Elementwise = (builder, x) => builder.clip(builder.affine(x, 1 / 6, 0.5), 0, 1);

export const hardswish: Elementwise = (builder, x) => builder.mul(x, hardsigmoid(builder, x));

export const relu6: Elementwise = (builder, x) => builder.clip(x, 0, 6);

export const gelu: Elementwise = (builder, x) => {
  const erf = builder.unary('erf', builder.affine(x, Math.SQRT1_2));
  return builder.mul(x, builder.affine(erf, 0.5, 0.5));
};

/** log(1 + exp(x)) without overflow: beyond 30 it is x, below −30 it is 0, within float64. */
export const softplus: Elementwise = (builder, x) => {
  const inner = builder.clip(x, -30, 30);
  const logistic = builder.unary('sigmoid', builder.affine(inner, -1));
  const beyond = builder.unary('relu', builder.affine(x, 1, -30));
  return builder.add(builder.affine(builder.unary('log', logistic), -1), beyond);
};
