import { ShapeError, type OpContext } from '../op.ts';
import type { Shape } from '../shape.ts';
import { broadcastShape } from './broadcasting.ts';
import { currentShape, describeShape } from './inputs.ts';

/** The shape of a sum or a difference. @throws ShapeError where the terms neither have one shape nor extents of 1 */
export function termsShape(op: 'add' | 'sub', context: OpContext): Shape {
  const shape = broadcastShape(context);
  if (!('misfit' in shape)) return shape;
  const first = currentShape(context);
  const other = shape.misfit;
  const remedy =
    first.length === 3 && other.length === 3
      ? 'Bring them to one shape: a 1x1 `conv` changes the channels, its `stride` the resolution.'
      : `Bring them to one shape before ${op === 'add' ? 'adding' : 'subtracting'} them.`;
  throw new ShapeError(
    `\`${op}\` needs tensors of one shape, but gets ${describeShape(first)} and ${describeShape(other)}`,
    remedy,
  );
}
