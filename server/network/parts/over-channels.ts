import type { ReduceFn } from '../../tensor/ir.ts';
import type { OpDefinition } from '../op.ts';
import { channelAxis, currentShape } from './inputs.ts';

/** An op that makes one channel of all, at each position by itself. */
export function overChannels(
  fn: ReduceFn,
  definition: Pick<OpDefinition, 'name' | 'summary' | 'doc'>,
): OpDefinition {
  return {
    ...definition,
    args: [],
    category: 'pool',
    shape: (context) => {
      const shape = currentShape(context);
      return shape.map((extent, axis) => (axis === channelAxis(shape) ? 1 : extent));
    },
    lower: (context) => {
      const { builder, values } = context;
      return builder.reduce(fn, values[0]!, [channelAxis(currentShape(context)) + 1]);
    },
  };
}
