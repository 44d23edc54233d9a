import { expect, test } from 'vitest';
import { familyOf } from '../../server/network/family.ts';
import { nasBench201 } from '../../server/network/nasbench201.ts';
import { zooModel } from '../language/support/zoo.ts';

test.each([
  ['vgg.arch', 'VGG16', 'plain conv'],
  ['alexnet.arch', 'AlexNet', 'plain conv'],
  ['mobilenetv1.arch', 'MobileNet100', 'plain depthwise'],
  ['resnet.arch', 'ResNet50', 'residual conv'],
  ['resnet.arch', 'ResNeXt50', 'residual grouped'],
  ['regnet.arch', 'RegNetY8GF', 'residual grouped'],
  ['mobilenetv2.arch', 'MobileNetV2', 'residual depthwise'],
  // Its first stages have ordinary convolutions, most of its layers are depthwise.
  ['efficientnetv2.arch', 'EfficientNetV2S', 'residual depthwise'],
  ['densenet.arch', 'DenseNet121', 'concat conv'],
  ['inception-v3.arch', 'InceptionV3', 'concat conv'],
  // Stages are joined by concatenation, the many blocks within them by sums.
  ['darknet.arch', 'CSPDarknet53', 'residual conv'],
  ['vit.arch', 'ViTB16', 'residual attention'],
  ['swin.arch', 'SwinT', 'residual attention'],
  // Its only convolution makes patches.
  ['mixer.arch', 'MixerB16', 'residual pointwise'],
])('%s %s is %s', (file, model, family) => {
  expect(familyOf(zooModel(file, model).network)).toBe(family);
});

test('cells of one skeleton are of one family, whatever their ops', () => {
  for (const genotype of [
    '|skip_connect~0|+|nor_conv_1x1~0|none~1|+|avg_pool_3x3~0|skip_connect~1|nor_conv_1x1~2|',
    '|nor_conv_3x3~0|+|nor_conv_3x3~0|nor_conv_3x3~1|+|nor_conv_3x3~0|nor_conv_3x3~1|nor_conv_3x3~2|',
    '|none~0|+|none~0|none~1|+|skip_connect~0|none~1|none~2|',
  ])
    expect(familyOf(nasBench201(genotype))).toBe('residual conv');
});
