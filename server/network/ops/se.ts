import type { OpContext, OpDefinition } from '../op.ts';
import { numberArg, stringArg } from '../parts/args.ts';
import { currentShape, requireImage } from '../parts/inputs.ts';
import { linearMacs, linearParams, lowerLinear } from '../parts/linear.ts';

/** Width of the bottleneck. A quotient that is whole but for rounding, as that by 72 / 28, is that number. */
function squeezed(context: OpContext): number {
  const [channels] = requireImage('se', context);
  return Math.max(1, Math.floor(channels / numberArg(context.args, 'ratio') + 1e-9 * channels));
}

export const se: OpDefinition = {
  name: 'se',
  summary: 'Squeeze-and-excitation: scales each channel by a gate computed from all channels.',
  doc: `\`y[c] = x[c] · gate(W₂ relu(W₁ gap(x) + b₁) + b₂)[c]\`, with channels / ratio hidden features ([Hu et al., 2017](https://arxiv.org/abs/1709.01507)). MobileNetV3 uses ratio 4 and the hardsigmoid gate.`,
  args: [
    {
      name: 'ratio',
      type: { kind: 'number', min: 1, max: 65536 },
      default: 16,
      doc: 'Channels divided by this is the number of hidden features (rounded down, at least 1).',
    },
    {
      name: 'gate',
      type: { kind: 'enum', values: ['sigmoid', 'hardsigmoid'] },
      default: 'sigmoid',
      doc: 'The function that makes the gate.',
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
    const hidden = builder.unary(
      'relu',
      lowerLinear(builder, pooled, param('reduce.weight'), param('reduce.bias')),
    );
    const logits = lowerLinear(builder, hidden, param('expand.weight'), param('expand.bias'));
    const gate =
      stringArg(args, 'gate') === 'sigmoid'
        ? builder.unary('sigmoid', logits)
        : builder.clip(builder.affine(logits, 1 / 6, 0.5), 0, 1);
    return builder.mul(x, builder.reshape(gate, [builder.batch, channels, 1, 1]));
  },
};
