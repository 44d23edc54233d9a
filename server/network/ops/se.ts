import type { OpContext, OpDefinition } from '../op.ts';
import { numberArg, stringArg } from '../parts/args.ts';
import * as elementwise from '../parts/elementwise.ts';
import { currentShape, requireImage } from '../parts/inputs.ts';
import { linearMacs, linearParams, lowerLinear } from '../parts/linear.ts';

/** What `act` and `gate` name. */
const functions: ReadonlyMap<string, elementwise.Elementwise> = new Map<string, elementwise.Elementwise>([
  ['relu', (builder, x) => builder.unary('relu', x)],
  ['relu6', elementwise.relu6],
  ['silu', elementwise.silu],
  ['hardswish', elementwise.hardswish],
  ['gelu', elementwise.gelu],
  ['sigmoid', (builder, x) => builder.unary('sigmoid', x)],
  ['hardsigmoid', elementwise.hardsigmoid],
  ['tanh', (builder, x) => builder.unary('tanh', x)],
  ['clip', (builder, x) => builder.clip(x, 0, 1)],
]);

/** Width of the bottleneck. A quotient that is whole but for rounding, as that by 72 / 28, is that number. 0 is no width. */
function squeezed(context: OpContext): number {
  const [channels] = requireImage('se', context);
  const width = numberArg(context.args, 'width');
  if (width > 0) return width;
  return Math.max(1, Math.floor(channels / numberArg(context.args, 'ratio') + 1e-9 * channels));
}

export const se: OpDefinition = {
  name: 'se',
  summary: 'Squeeze-and-excitation: scales each channel by a gate computed from all channels.',
  doc: `\`y[c] = x[c] · gate(W₂ act(W₁ gap(x) + b₁) + b₂)[c]\`, with channels / ratio or \`width\` hidden features ([Hu et al., 2017](https://arxiv.org/abs/1709.01507)). MobileNetV3 uses ratio 4 and the hardsigmoid gate, EfficientNet \`act = silu\` and a quarter of the width before expansion.`,
  args: [
    {
      name: 'ratio',
      type: { kind: 'number', min: 1, max: 65536 },
      default: 16,
      doc: 'Channels divided by this is the number of hidden features (rounded down, at least 1).',
    },
    {
      name: 'gate',
      type: { kind: 'enum', values: ['sigmoid', 'hardsigmoid', 'tanh', 'clip'] },
      default: 'sigmoid',
      doc: 'The function that makes the gate; `clip` cuts at 0 and 1, as in GhostNet.',
    },
    {
      name: 'act',
      type: { kind: 'enum', values: ['relu', 'relu6', 'silu', 'hardswish', 'gelu'] },
      default: 'relu',
      doc: 'The activation of the hidden features.',
    },
    {
      name: 'width',
      type: { kind: 'integer', min: 0, max: 65536 },
      default: 0,
      doc: 'Number of hidden features; 0 leaves it to `ratio`.',
    },
  ],
  category: 'composite',
  shape: (context) => requireImage('se', context),
  params: (context) => {
    const [channels] = requireImage('se', context);
    const hidden = squeezed(context);
    return [
      ...linearParams(channels, hidden, true, 'reduce.'),
      ...linearParams(hidden, channels, true, 'expand.'),
    ];
  },
  macs: (context) => {
    const [channels] = requireImage('se', context);
    const hidden = squeezed(context);
    return linearMacs(1, channels, hidden, true) + linearMacs(1, hidden, channels, true);
  },
  layers: () => 2,
  lower: (context) => {
    const { builder, values, args, param } = context;
    const x = values[0]!;
    const channels = currentShape(context)[0]!;
    const pooled = builder.reshape(builder.reduce('mean', x, [2, 3]), [builder.batch, channels]);
    const reduced = lowerLinear(builder, pooled, param('reduce.weight'), param('reduce.bias'));
    const hidden = functions.get(stringArg(args, 'act'))!(builder, reduced);
    const logits = lowerLinear(builder, hidden, param('expand.weight'), param('expand.bias'));
    const gate = functions.get(stringArg(args, 'gate'))!(builder, logits);
    return builder.mul(x, builder.reshape(gate, [builder.batch, channels, 1, 1]));
  },
};
