import { join } from 'node:path';
import { expect, test } from 'vitest';
import { networkOfSide } from '../../bench/networks.ts';

const zoo = join(import.meta.dirname, '../../examples/zoo');

test.each([
  ['a model made of one with parameters', 'resnet.arch', 'ResNet50'],
  ['a model that stands alone', 'darknet.arch', 'Darknet19'],
])('%s is measured with images of another side', (_, file, model) => {
  expect(networkOfSide(join(zoo, file), model)?.inputShape).toEqual([3, 224, 224]);
  expect(networkOfSide(join(zoo, file), model, 96)?.inputShape).toEqual([3, 96, 96]);
});

test('a network is left out that does not take images of a side', () => {
  expect(networkOfSide(join(zoo, 'swin.arch'), 'SwinT', 100)).toBeUndefined();
});
