import type { Value } from '../../tensor/builder.ts';
import type { LoweringContext } from '../op.ts';
import { channelAxis, currentShape } from './inputs.ts';

/** The channels from `start` to before `end` of the current tensor. */
export function lowerChannelRange(context: LoweringContext, start: number, end: number): Value {
  const x = context.values[0]!;
  const axis = channelAxis(currentShape(context)) + 1;
  const from = x.shape.map((_, i) => (i === axis ? start : 0));
  return context.builder.slice(x, from, x.shape.with(axis, end - start));
}
