import { ShapeError, type OpContext } from '../op.ts';
import { formatShape, type Shape } from '../shape.ts';

/** For messages: `an image of 32x32x16`, `tokens of 64x192`, `a vector of 10`. */
export function describeShape(shape: Shape): string {
  switch (shape.length) {
    case 3:
      return `an image of ${formatShape(shape)}`;
    case 2:
      return `tokens of ${formatShape(shape)}`;
    case 1:
      return `a vector of ${formatShape(shape)}`;
    default:
      return `a tensor of ${formatShape(shape)}`;
  }
}

/** The shape of the current tensor. */
export function currentShape(context: OpContext): Shape {
  const shape = context.inputs[0];
  if (shape === undefined) throw new TypeError('an op needs at least one input');
  return shape;
}

/** The current tensor as `[channels, height, width]`; a `ShapeError` when it is not an image. */
export function requireImage(op: string, context: OpContext): readonly [number, number, number] {
  const shape = currentShape(context);
  if (shape.length !== 3) {
    throw new ShapeError(
      `\`${op}\` needs an image (height x width x channels), but gets ${describeShape(shape)}`,
      shape.length === 2
        ? `Move \`${op}\` before \`tokens\`, or use an op on tokens such as \`dense\` or \`attention\`.`
        : `Move \`${op}\` before the op that turns the image into a vector (\`gap\`, \`gmp\` or \`flatten\`).`,
    );
  }
  return shape as readonly [number, number, number];
}

/** The current tensor as `[count, width]`; a `ShapeError` when it is not tokens. */
export function requireTokens(op: string, context: OpContext): readonly [number, number] {
  const shape = currentShape(context);
  if (shape.length !== 2) {
    throw new ShapeError(
      `\`${op}\` needs tokens (count x width), but gets ${describeShape(shape)}`,
      shape.length === 3
        ? 'Insert `tokens` before it to make every position of the image a token.'
        : `Move \`${op}\` before the op that turns the tokens into a vector.`,
      shape.length === 3 ? { changes: [{ kind: 'before', op: 'tokens' }] } : {},
    );
  }
  return shape as readonly [number, number];
}

/** Where the channels (features, width) of a shape are: axis 0 of images and vectors, the last axis of tokens. */
export function channelAxis(shape: Shape): number {
  return shape.length === 2 ? 1 : 0;
}

export function channelCount(shape: Shape): number {
  return shape[channelAxis(shape)]!;
}
