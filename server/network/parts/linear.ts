import type { ProgramBuilder, Value } from '../../tensor/builder.ts';
import type { ParamSpec } from '../op.ts';

// The differentiation of programs wants a parameter to be the operand of a product, or to be reshaped to a broadcastable
// rank first: no arithmetic, slicing or transposing of the parameter itself.

/**
 * Weight `[out, in]` (Kaiming normal, docs/score.md#initialisation) and bias `[out]`, named `<prefix>weight` and
 * `<prefix>bias`.
 */
export function linearParams(input: number, out: number, bias: boolean, prefix = ''): readonly ParamSpec[] {
  const weight: ParamSpec = {
    name: `${prefix}weight`,
    shape: [out, input],
    init: { kind: 'kaiming', fanIn: input },
  };
  return bias ? [weight, biasParam(out, prefix)] : [weight];
}

export function biasParam(length: number, prefix = ''): ParamSpec {
  return { name: `${prefix}bias`, shape: [length], init: { kind: 'fill', value: 0 } };
}

/** Multiply-accumulates of a linear layer applied to `rows` vectors: one per weight and one per bias. */
export function linearMacs(rows: number, input: number, out: number, bias: boolean): number {
  return rows * out * (input + (bias ? 1 : 0));
}

/** x Wᵀ + b over the last axis. */
export function lowerLinear(builder: ProgramBuilder, x: Value, weight: Value, bias?: Value): Value {
  const product = builder.matmul(x, weight, { transposeB: true });
  return bias === undefined ? product : addBias(builder, product, bias, product.shape.length - 1);
}

/** Adds `bias` `[n]` along `axis` of `x`. */
export function addBias(builder: ProgramBuilder, x: Value, bias: Value, axis: number): Value {
  return builder.add(x, alongAxis(builder, bias, axis, x.shape.length));
}

/** `[n]` as a tensor of rank `rank` with extent n at `axis` and 1 elsewhere. */
export function alongAxis(builder: ProgramBuilder, vector: Value, axis: number, rank: number): Value {
  const shape = Array.from({ length: rank }, (_, i) => (i === axis ? vector.shape[0]! : 1));
  return builder.reshape(vector, shape);
}
