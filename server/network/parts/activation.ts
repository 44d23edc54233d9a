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
