import { ShapeError, type OpContext, type OpDefinition } from '../op.ts';
import { stringArg } from '../parts/args.ts';
import { describeShape, requireImage } from '../parts/inputs.ts';
import { lowerResized, MODE_ARG } from '../parts/resampling.ts';

function sizeOf({ inputs }: OpContext): readonly [number, number] {
  const other = inputs[1]!;
  if (other.length === 3) return [other[1]!, other[2]!];
  throw new ShapeError(
    `\`resize_like\` takes the size of an image, not of ${describeShape(other)}`,
    'Name an image with `x = …`, or give the size itself to `resize`.',
  );
}

export const resizeLike: OpDefinition = {
  name: 'resize_like',
  summary: 'An image at the height and width of another one.',
  doc: '`resize_like(x)` is `resize` to the size of the image `x`, whose channels do not matter: the way up in feature pyramids, as in `deep -> resize_like(early) -> add(early)` ([Lin et al., 2017](https://arxiv.org/abs/1612.03144)).',
  args: [MODE_ARG],
  extraInputs: { min: 1, max: 1 },
  category: 'shape',
  shape: (context) => [requireImage('resize_like', context)[0], ...sizeOf(context)],
  lower: (context) =>
    lowerResized(context.builder, context.values[0]!, sizeOf(context), stringArg(context.args, 'mode')),
};
