import type { ProgramBuilder, Value } from '../../tensor/builder.ts';
import { ShapeError, type OpContext, type OpDefinition } from '../op.ts';
import { booleanArg, numberArg } from '../parts/args.ts';
import { requireTokens } from '../parts/inputs.ts';
import { linearMacs, linearParams, lowerLinear } from '../parts/linear.ts';

function attentionInput(context: OpContext): readonly [number, number] {
  const [count, width] = requireTokens('attention', context);
  const heads = numberArg(context.args, 'heads');
  if (width % heads !== 0) {
    throw new ShapeError(
      `\`attention\`: ${heads} heads do not divide a width of ${width}`,
      `Choose \`heads\` that divide ${width}, or change the width with \`dense\` before it.`,
    );
  }
  return [count, width];
}

/** `[batch, count, width]` as `[batch, heads, count, width / heads]`. */
function splitHeads(builder: ProgramBuilder, x: Value, heads: number): Value {
  const [batch, count, width] = x.shape as readonly [number, number, number];
  return builder.transpose(builder.reshape(x, [batch, count, heads, width / heads]), [0, 2, 1, 3]);
}

export const attention: OpDefinition = {
  name: 'attention',
  summary: 'Multi-head self-attention: every token gathers from all tokens.',
  doc: `Per head of width d: \`softmax(Q Kᵀ / √d) V\`, with Q, K and V from one linear layer of three times the width; the heads side by side go through a projection ([Vaswani et al., 2017](https://arxiv.org/abs/1706.03762); as in ViT, [Dosovitskiy et al., 2020](https://arxiv.org/abs/2010.11929)).

Tensors: \`qkv.weight [3·width, width]\`, \`qkv.bias\`, \`proj.weight [width, width]\`, \`proj.bias\`. MACs include both products of attention.`,
  args: [
    {
      name: 'heads',
      type: { kind: 'integer', min: 1, max: 1024 },
      doc: 'Number of heads; divides the width of the tokens.',
    },
    { name: 'bias', type: { kind: 'boolean' }, default: true, doc: 'Biases in the two linear layers.' },
  ],
  category: 'composite',
  shape: attentionInput,
  params: (context) => {
    const width = attentionInput(context)[1];
    const bias = booleanArg(context.args, 'bias');
    return [...linearParams(width, 3 * width, bias, 'qkv.'), ...linearParams(width, width, bias, 'proj.')];
  },
  macs: (context) => {
    const [count, width] = attentionInput(context);
    const bias = booleanArg(context.args, 'bias');
    const linears = linearMacs(count, width, 3 * width, bias) + linearMacs(count, width, width, bias);
    return linears + 2 * count * count * width;
  },
  layers: () => 2,
  lower: (context) => {
    const { builder, values, args, param } = context;
    const [count, width] = attentionInput(context);
    const heads = numberArg(args, 'heads');
    const bias = (name: string): Value | undefined => (booleanArg(args, 'bias') ? param(name) : undefined);

    const qkv = lowerLinear(builder, values[0]!, param('qkv.weight'), bias('qkv.bias'));
    const [query, key, value] = [0, 1, 2].map((part) =>
      splitHeads(builder, builder.slice(qkv, [0, 0, part * width], [builder.batch, count, width]), heads),
    ) as [Value, Value, Value];

    const scaled = builder.affine(query, Math.sqrt(heads / width));
    const weights = builder.softmax(builder.matmul(scaled, key, { transposeB: true }));
    const gathered = builder.transpose(builder.matmul(weights, value), [0, 2, 1, 3]);
    const merged = builder.reshape(gathered, [builder.batch, count, width]);
    return lowerLinear(builder, merged, param('proj.weight'), bias('proj.bias'));
  },
};
