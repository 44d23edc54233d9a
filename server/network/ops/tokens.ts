import type { OpDefinition } from '../op.ts';
import { requireImage } from '../parts/inputs.ts';

export const tokens: OpDefinition = {
  name: 'tokens',
  summary: 'Every position of an image as a token, its channels as the width.',
  doc: `An image \`height x width x channels\` becomes \`height·width\` tokens of width \`channels\`, row by row. After a convolution whose stride is its kernel, it is the patch embedding of ViT ([Dosovitskiy et al., 2020](https://arxiv.org/abs/2010.11929)): \`conv(192, 4x4, stride = 4) -> tokens\`.`,
  args: [],
  category: 'shape',
  shape: (context) => {
    const [channels, height, width] = requireImage('tokens', context);
    return [height * width, channels];
  },
  lower: ({ builder, values }) => {
    const [batch, channels, height, width] = values[0]!.shape as readonly [number, number, number, number];
    return builder.transpose(builder.reshape(values[0]!, [batch, channels, height * width]), [0, 2, 1]);
  },
};
