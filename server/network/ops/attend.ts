import type { OpContext, OpDefinition } from '../op.ts';
import { booleanArg, numberArg, stringArg } from '../parts/args.ts';
import { lowerAttention } from '../parts/attention.ts';
import { attentionSizes } from '../parts/attention-sizes.ts';
import { currentShape } from '../parts/inputs.ts';
import { positionBiasParams, type PositionBias } from '../parts/position-bias.ts';
import type { Shape } from '../shape.ts';

const isCosine = ({ args }: OpContext): boolean => stringArg(args, 'similarity') === 'cosine';

function biasOf({ args }: OpContext): PositionBias {
  return stringArg(args, 'position_bias') as PositionBias;
}

/** The kind of tensor that the queries are, with the values of all heads as channels. */
function attended(context: OpContext): Shape {
  const { heads, valueWidth } = attentionSizes(context);
  const shape = currentShape(context);
  return shape.with(shape.length === 2 ? 1 : 0, heads * valueWidth);
}

export const attend: OpDefinition = {
  name: 'attend',
  summary: 'Attention without its linear layers: within windows of an image, or of one tensor to another.',
  doc: `Per head of width d: \`softmax(Q Kᵀ / √d + B) V\`. Along the channels stand the queries, keys and values of all heads one behind the other: \`conv(3 * 96, 1x1, bias = true) -> attend(3, window = 7) -> conv(96, 1x1, bias = true)\`. What is left beside \`head_dim\` is the width of the values. With \`attend(kv, 4)\` the current tensor has the queries, and \`kv\` keys and values: at another resolution as in PVT ([Wang et al., 2021](https://arxiv.org/abs/2102.12122)), or of a class token alone. The result has the height and width of the queries.

Windows: with \`shift\` they begin so many rows and columns later, and what lies around the border is not seen ([Liu et al., 2021](https://arxiv.org/abs/2103.14030)); an axis that one window covers is not shifted. With \`grid\` a window is every so many-th position ([Tu et al., 2022](https://arxiv.org/abs/2204.01697)).

B: learned biases \`position_bias\`, normal with standard deviation 0.02 at the start. \`relative\`: one per head and distance between query and key, \`[heads, 2·height − 1, 2·width − 1]\` of a window. \`distance\`: the same in all four directions, \`[heads, height, width]\`, as in LeViT ([Graham et al., 2021](https://arxiv.org/abs/2104.01136)). \`continuous\`: 16 times the sigmoid of a perceptron of distances with 512 hidden features, as in Swin V2 ([Liu et al., 2022](https://arxiv.org/abs/2111.09883)). Where there are more keys than queries, queries stand at every second or third of them.

MACs are those of both products; the perceptron is the same for all images, and does not count.`,
  args: [
    { name: 'heads', type: { kind: 'integer', min: 1, max: 1024 }, doc: 'Number of heads.' },
    {
      name: 'window',
      type: { kind: 'extent', min: 0, max: 65536 },
      default: [0, 0],
      doc: 'Height and width of a window; 0: one window covers the image.',
    },
    {
      name: 'shift',
      type: { kind: 'extent', min: 0, max: 65535 },
      default: [0, 0],
      doc: 'Rows and columns by which the windows are shifted.',
    },
    {
      name: 'position_bias',
      type: { kind: 'enum', values: ['none', 'relative', 'distance', 'continuous'] },
      default: 'none',
      doc: 'What is learned of the distance between query and key.',
    },
    {
      name: 'head_dim',
      type: { kind: 'integer', min: 0, max: 65536 },
      default: 0,
      doc: 'Width d of queries and keys of a head; 0: that of the values too.',
    },
    {
      name: 'grid',
      type: { kind: 'boolean' },
      default: false,
      doc: 'Windows are spread over the whole image, rather than made of neighbours.',
    },
    {
      name: 'similarity',
      type: { kind: 'enum', values: ['dot', 'cosine'] },
      default: 'dot',
      doc: '`cosine`: of queries and keys the cosine, times a learned factor of each head (10 at first, 100 at most).',
    },
    {
      name: 'scale',
      type: { kind: 'number', min: 0, max: 1e6 },
      default: 0,
      doc: 'Factor of the dot products; 0: 1/√d.',
    },
  ],
  extraInputs: { min: 0, max: 1 },
  category: 'composite',
  shape: attended,
  params: (context) => {
    const sizes = attentionSizes(context);
    const init = { kind: 'fill', value: Math.log(10) } as const;
    const factors = isCosine(context) ? [{ name: 'logit_scale', shape: [sizes.heads], init }] : [];
    return [...factors, ...positionBiasParams(biasOf(context), sizes)];
  },
  macs: (context) => {
    const { heads, headWidth, valueWidth, queries, keyWindow } = attentionSizes(context);
    const pairs = queries[0] * queries[1] * keyWindow[0] * keyWindow[1];
    return pairs * heads * (headWidth + valueWidth);
  },
  lower: (context) => {
    const { builder, values, args, param } = context;
    const sizes = attentionSizes(context);
    const given = numberArg(args, 'scale');
    const attention = {
      sizes,
      isGrid: booleanArg(args, 'grid'),
      bias: biasOf(context),
      factor: isCosine(context) ? undefined : given === 0 ? 1 / Math.sqrt(sizes.headWidth) : given,
    };
    const image = lowerAttention(builder, attention, values, param);
    const shape = attended(context);
    if (shape.length === 3) return image;
    const channels = image.shape[1]!;
    const tokens = builder.transpose(
      builder.reshape(image, [builder.batch, channels, sizes.queries[0]]),
      [0, 2, 1],
    );
    return builder.reshape(tokens, [builder.batch, ...shape]);
  },
};
