import { describe, expect, it } from 'vitest';
import type { OpContext } from '../../server/network/op.ts';
import { elementCount, formatShape, shapeFromDims } from '../../server/network/shape.ts';
import { argsOf, opNamed, type NamedArgs } from './support/build.ts';

/** Op, input and output as the language writes them, arguments, parameters as in PyTorch, MACs. */
const KNOWN: readonly (readonly [string, string, NamedArgs, string, number, number])[] = [
  // ResNet-50: stem, a 3x3 convolution of ResNeXt-50, max pool
  ['conv', '224x224x3', { out: 64, kernel: 7, stride: 2 }, '112x112x64', 9408, 118013952],
  ['conv', '56x56x128', { out: 128, kernel: 3, groups: 32 }, '56x56x128', 4608, 14450688],
  ['maxpool', '112x112x64', { kernel: 3, stride: 2, padding: 1 }, '56x56x64', 0, 0],
  ['conv', '33x32x4', { out: 8, kernel: 3, stride: 2 }, '17x16x8', 288, 288 * 17 * 16],
  ['conv', '32x32x4', { out: 8, kernel: 3, dilation: 2, padding: 'valid' }, '28x28x8', 288, 288 * 28 * 28],
  ['conv', '32x32x4', { out: 8, kernel: 3, dilation: 2 }, '32x32x8', 288, 288 * 32 * 32],
  // `same` with an even kernel: total padding max(k − stride, 0)
  ['conv', '7x7x4', { out: 8, kernel: 2 }, '7x7x8', 128, 128 * 49],
  ['conv', '8x8x4', { out: 8, kernel: 4, stride: 2 }, '4x4x8', 512, 512 * 16],
  [
    'conv',
    '224x224x3',
    { out: 192, kernel: 16, stride: 16, bias: true },
    '14x14x192',
    147648,
    28901376 + 37632,
  ],
  ['conv', '9x7x4', { out: 8, kernel: [1, 5], padding: [0, 1] }, '9x5x8', 160, 160 * 45],
  // MobileNetV2
  ['dwconv', '112x112x32', { kernel: 3 }, '112x112x32', 288, 3612672],
  ['dwconv', '112x112x96', { kernel: 3, stride: 2 }, '56x56x96', 864, 2709504],
  ['dwconv', '8x8x4', { kernel: 3, multiplier: 2, bias: true }, '8x8x8', 80, 80 * 64],
  // DCGAN's generator, and a U-Net's way up.
  [
    'conv_transpose',
    '4x4x1024',
    { out: 512, kernel: 4, stride: 2, padding: 1 },
    '8x8x512',
    8388608,
    8388608 * 16,
  ],
  [
    'conv_transpose',
    '28x28x64',
    { out: 32, kernel: 2, stride: 2, bias: true },
    '56x56x32',
    8224,
    8192 * 784 + 100352,
  ],
  ['conv_transpose', '7x5x4', { out: 8, kernel: 3, stride: 2, groups: 2 }, '14x10x8', 144, 144 * 35],
  ['conv_transpose', '7x5x4', { out: 8, kernel: 3, stride: 2, padding: 'valid' }, '15x11x8', 288, 288 * 35],
  [
    'conv_transpose',
    '7x5x4',
    { out: 8, kernel: 3, stride: 2, padding: 1, output_padding: 1 },
    '14x10x8',
    288,
    288 * 35,
  ],
  ['dense', '1280', { out: 1000 }, '1000', 1281000, 1281000],
  ['dense', '197x192', { out: 768, bias: false }, '197x768', 147456, 197 * 147456],
  // DeiT-Tiny
  ['attention', '197x192', { heads: 3 }, '197x192', 148224, 197 * 4 * (192 * 192 + 192) + 14902656],
  // AutoFormer: 7 heads of 64 on tokens of 384
  ['attention', '197x384', { heads: 7, head_dim: 64 }, '197x384', 689856, 197 * 689856 + 2 * 197 * 197 * 448],
  ['attention', '197x192', { heads: 3, qkv_bias: false }, '197x192', 147648, 197 * 147648 + 14902656],
  // Swin-T's first block: 64 windows of 49 positions, 3 heads of 32; biases of 13 x 13 distances.
  ['attend', '56x56x288', { heads: 3, window: 7, position_bias: 'relative' }, '56x56x96', 507, 29503488],
  ['attend', '7x7x24', { heads: 2, position_bias: 'distance' }, '7x7x8', 98, 49 * 49 * 16],
  // Swin V2: a perceptron of two distances, and a factor a head.
  ['attend', '8x8x24', { heads: 2, position_bias: 'continuous', similarity: 'cosine' }, '8x8x8', 2562, 65536],
  // LeViT-128S: keys of 16, values of 32.
  ['attend', '14x14x256', { heads: 4, head_dim: 16 }, '14x14x128', 0, 196 * 196 * 4 * 48],
  ['attend', '50x12', { heads: 2, head_dim: 1 }, '50x8', 0, 2500 * 10],
  ['attend', '12', { heads: 2 }, '4', 0, 8],
  ['posembed', '197x192', {}, '197x192', 37824, 0],
  ['cls_token', '196x192', {}, '197x192', 192, 0],
  ['layernorm', '197x192', {}, '197x192', 384, 0],
  ['tokens', '14x7x192', {}, '98x192', 0, 0],
  ['take_token', '197x192', {}, '192', 0, 0],
  ['mean_tokens', '196x192', {}, '192', 0, 0],
  ['se', '7x7x64', { ratio: 4 }, '7x7x64', 2128, 2128],
  ['se', '7x7x8', {}, '7x7x8', 25, 25],
  // 72 / (72 / 28) is 27.999…: 28 hidden features as in PyTorch, 72 · 28 + 28 + 28 · 72 + 72.
  ['se', '8x8x72', { ratio: 72 / 28 }, '8x8x72', 4132, 4132],
  // EfficientNet-B0's second block: 96 channels from 16 squeezed to 4.
  ['se', '56x56x96', { width: 4, act: 'silu' }, '56x56x96', 868, 868],
  ['bn', '32x32x64', {}, '32x32x64', 128, 0],
  ['bn', '197x192', {}, '197x192', 384, 0],
  ['groupnorm', '8x8x64', {}, '8x8x64', 128, 0],
  ['avgpool', '33x32x8', { kernel: 2 }, '16x16x8', 0, 0],
  ['avgpool', '32x32x8', { kernel: 3, stride: 1, padding: 'same' }, '32x32x8', 0, 0],
  // ceil_mode of PyTorch: GoogLeNet's stem; a window that would begin behind the image is left out.
  ['maxpool', '112x112x64', { kernel: 3, stride: 2, ceil_mode: true }, '56x56x64', 0, 0],
  ['maxpool', '13x12x8', { kernel: 3, stride: 2, ceil_mode: true }, '6x6x8', 0, 0],
  ['avgpool', '4x6x8', { kernel: 2, stride: 3, padding: 1, ceil_mode: true }, '2x3x8', 0, 0],
  // TensorFlow's `same`: ⌈size / stride⌉, also where the kernel is even or the size odd.
  ['maxpool', '7x8x8', { kernel: 2, padding: 'same_tf' }, '4x4x8', 0, 0],
  [
    'conv',
    '224x225x3',
    { out: 8, kernel: 3, stride: 2, padding: 'same_tf' },
    '112x113x8',
    216,
    216 * 112 * 113,
  ],
  ['blurpool', '56x57x8', {}, '28x29x8', 0, 0],
  ['blurpool', '8x8x4', { kernel: 4, stride: 1 }, '7x7x4', 0, 0],
  ['times', '8x8x4', { factor: 0.5 }, '8x8x4', 0, 0],
  ['gap', '7x6x512', {}, '512', 0, 0],
  ['gmp', '7x6x512', {}, '512', 0, 0],
  ['flatten', '6x5x16', {}, '480', 0, 0],
  ['upsample', '7x6x16', { factor: [2, 3] }, '14x18x16', 0, 0],
  ['nor_conv_3x3', '32x32x16', {}, '32x32x16', 2336, 2304 * 1024],
  ['nor_conv_1x1', '32x32x16', {}, '32x32x16', 288, 256 * 1024],
  ['avg_pool_3x3', '32x32x16', {}, '32x32x16', 0, 0],
];

describe('shapes, parameters and MACs', () => {
  it.each(KNOWN)('%s on %s %j is %s', (name, input, named, output, params, macs) => {
    const op = opNamed(name);
    const shape = shapeFromDims(input.split('x').map(Number));
    const use: OpContext = { inputs: [shape], args: argsOf(op, named) };
    const counted = (op.params?.(use) ?? []).reduce((total, spec) => total + elementCount(spec.shape), 0);
    expect([formatShape(op.shape(use)), counted, op.macs?.(use) ?? 0]).toEqual([output, params, macs]);
  });

  it('merges', () => {
    const shapeOf = (name: string, ...inputs: number[][]) => opNamed(name).shape({ inputs, args: {} });
    expect(shapeOf('concat', [16, 8, 8], [4, 8, 8], [1, 8, 8])).toEqual([21, 8, 8]);
    expect(shapeOf('concat', [64, 16], [64, 4])).toEqual([64, 20]);
    expect(shapeOf('mul', [16, 8, 8], [16])).toEqual([16, 8, 8]);
    expect(shapeOf('mul', [16], [16, 8, 8])).toEqual([16, 8, 8]);
    expect(shapeOf('mul', [16, 8, 8], [1, 8, 8])).toEqual([16, 8, 8]);
    expect(shapeOf('mul', [64, 16], [16])).toEqual([64, 16]);
    expect(shapeOf('add', [16, 8, 8], [16, 8, 8])).toEqual([16, 8, 8]);
    expect(shapeOf('add', [16], [16, 8, 8], [1, 8, 8])).toEqual([16, 8, 8]);
    expect(shapeOf('sub', [64, 16], [16])).toEqual([64, 16]);
    expect(shapeOf('resize_like', [16, 7, 7], [8, 14, 13])).toEqual([16, 14, 13]);
  });
});
