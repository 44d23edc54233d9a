import { shapeOf } from '../../../network/assemble.ts';
import { ShapeError, type ArgValue, type OpDefinition } from '../../../network/op.ts';
import type { Shape } from '../../../network/shape.ts';

/** The shape an op gives; none when an input has none or the op does not fit. */
export function shapeAfter(
  definition: OpDefinition,
  args: Readonly<Record<string, ArgValue>>,
  inputs: readonly (Shape | undefined)[],
): Shape | undefined {
  const known = inputs.filter((input) => input !== undefined);
  if (known.length < inputs.length || known.length === 0) return undefined;
  try {
    return shapeOf(definition, { inputs: known, args });
  } catch (error) {
    if (error instanceof ShapeError) return undefined;
    throw error;
  }
}
