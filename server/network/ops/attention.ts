import type { ProgramBuilder, Value } from '../../tensor/builder.ts';
import { ShapeError, type OpContext, type OpDefinition } from '../op.ts';
import { booleanArg, numberArg } from '../parts/args.ts';
import { requireTokens } from '../parts/inputs.ts';
import { linearMacs, linearParams, lowerLinear } from '../parts/linear.ts';

interface Sizes {
  readonly count: number;
  readonly width: number;
  readonly heads: number;
  /** Width of a head, and of all of them together. */
  readonly headWidth: number;
  readonly inner: number;
}

function sizesOf(context: OpContext): Sizes {
  const [count, width] = requireTokens('attention', context);
  const heads = numberArg(context.args, 'heads');
  const given = numberArg(context.args, 'head_dim');
  if (given === 0 && width % heads !== 0) {
    throw new ShapeError(
      `\`attention\`: ${heads} heads do not divide a width of ${width}`,
      `Choose \`heads\` that divide ${width}, give \`head_dim\`, or change the width with \`dense\` before it.`,
    );
  }
  const headWidth = given === 0 ? width / heads : given;
  return { count, width, heads, headWidth, inner: heads * headWidth };
}

/** `[batch, count, heads · width of a head]` as `[batch, heads, count, width of a head]`. */
function splitHeads(builder: ProgramBuilder, x: Value, heads: number): Value {
  const [batch, count, inner] = x.shape as readonly [number, number, number];
  return builder.transpose(builder.reshape(x, [batch, count, heads, inner / heads]), [0, 2, 1, 3]);
}

export const attention: OpDefinition = {
  name: 'attention',
  summary: 'Multi-head self-attention: every token gathers from all tokens.',
  doc: `Per head of width d: \`softmax(Q Kᵀ / √d) V\`, with Q, K and V from one linear layer of three times the width of all heads; the heads side by side go through a projection back to the width of the tokens ([Vaswani et al., 2017](https://arxiv.org/abs/1706.03762); as in ViT, [Dosovitskiy et al., 2020](https://arxiv.org/abs/2010.11929)).

Tensors: \`qkv.weight [3·heads·d, width]\`, \`qkv.bias\`, \`proj.weight [width, heads·d]\`, \`proj.bias\`. MACs include both products of attention.

With \`head_dim\` the heads together may be wider or narrower than the tokens, as in AutoFormer ([Chen et al., 2021](https://arxiv.org/abs/2107.00651)): \`attention(7, head_dim = 64)\` on tokens of 384. Attention within windows, with position biases or of one tensor to another is made with \`attend\`.`,
  args: [
    {
      name: 'heads',
      type: { kind: 'integer', min: 1, max: 1024 },
      doc: 'Number of heads; divides the width of the tokens unless `head_dim` is given.',
    },
    { name: 'bias', type: { kind: 'boolean' }, default: true, doc: 'Biases in the two linear layers.' },
    {
      name: 'head_dim',
      type: { kind: 'integer', min: 0, max: 65536 },
      default: 0,
      doc: 'Width d of a head; 0: the width of the tokens over `heads`.',
    },
    {
      name: 'qkv_bias',
      type: { kind: 'boolean' },
      defaultFrom: 'bias',
      doc: 'Biases of queries, keys and values; as `bias` when left out.',
    },
  ],
  category: 'composite',
  shape: (context) => {
    const { count, width } = sizesOf(context);
    return [count, width];
  },
  params: (context) => {
    const { width, inner } = sizesOf(context);
    const { args } = context;
    return [
      ...linearParams(width, 3 * inner, booleanArg(args, 'qkv_bias'), 'qkv.'),
      ...linearParams(inner, width, booleanArg(args, 'bias'), 'proj.'),
    ];
  },
  macs: (context) => {
    const { count, width, inner } = sizesOf(context);
    const { args } = context;
    const linears =
      linearMacs(count, width, 3 * inner, booleanArg(args, 'qkv_bias')) +
      linearMacs(count, inner, width, booleanArg(args, 'bias'));
    return linears + 2 * count * count * inner;
  },
  layers: () => 2,
  lower: (context) => {
    const { builder, values, args, param } = context;
    const { count, heads, headWidth, inner } = sizesOf(context);
    const bias = (argument: string, name: string): Value | undefined =>
      booleanArg(args, argument) ? param(name) : undefined;

    const qkv = lowerLinear(builder, values[0]!, param('qkv.weight'), bias('qkv_bias', 'qkv.bias'));
    const [query, key, value] = [0, 1, 2].map((part) =>
      splitHeads(builder, builder.slice(qkv, [0, 0, part * inner], [builder.batch, count, inner]), heads),
    ) as [Value, Value, Value];

    const scaled = builder.affine(query, Math.sqrt(1 / headWidth));
    const weights = builder.softmax(builder.matmul(scaled, key, { transposeB: true }));
    const gathered = builder.transpose(builder.matmul(weights, value), [0, 2, 1, 3]);
    const merged = builder.reshape(gathered, [builder.batch, count, inner]);
    return lowerLinear(builder, merged, param('proj.weight'), bias('bias', 'proj.bias'));
  },
};
