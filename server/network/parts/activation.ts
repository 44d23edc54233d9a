import type { ProgramBuilder, Value } from '../../tensor/builder.ts';
import type { ArgSpec, ArgValue, OpDefinition } from '../op.ts';
import { currentShape } from './inputs.ts';

/** An elementwise function of one tensor of any shape, without parameters. */
export interface Activation {
  readonly name: string;
  readonly summary: string;
  readonly doc: string;
  readonly args?: readonly ArgSpec[];
  apply(builder: ProgramBuilder, x: Value, args: Readonly<Record<string, ArgValue>>): Value;
}

export function activation(definition: Activation): OpDefinition {
  return {
    name: definition.name,
    summary: definition.summary,
    doc: definition.doc,
    args: definition.args ?? [],
    category: 'activation',
    shape: currentShape,
    lower: ({ builder, values, args }) => definition.apply(builder, values[0]!, args),
  };
}

/** log(1 + exp(x)) without overflow: beyond 30 it is x, below −30 it is 0, within float64. */
export function lowerSoftplus(builder: ProgramBuilder, x: Value): Value {
  const inner = builder.clip(x, -30, 30);
  const logistic = builder.unary('sigmoid', builder.affine(inner, -1));
  const beyond = builder.unary('relu', builder.affine(x, 1, -30));
  return builder.add(builder.affine(builder.unary('log', logistic), -1), beyond);
}
