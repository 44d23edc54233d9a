import { expect, test } from 'vitest';
import { newFileItems } from '../../../client/new-file/items.ts';
import { Zoo } from '../../../server/zoo/zoo.ts';

const networks = new Zoo().networks();
const items = newFileItems(networks);

test('a small network comes first, then every published one below the name of its family', () => {
  const [first, title] = items;
  expect(first).toMatchObject({ label: 'Small residual network' });
  expect(first).not.toHaveProperty('model');
  expect(title).toHaveProperty('title');
  const models = items.flatMap((item) => ('title' in item ? [] : (item.model ?? [])));
  expect(models.toSorted()).toEqual(networks.map(({ model }) => model).toSorted());
  const titles = items.flatMap((item) => ('title' in item ? [item.title] : []));
  expect(new Set(titles).size).toBe(titles.length);
});

test('a row says size, cost, data set and accuracy, as far as they are published', () => {
  const rowOf = (name: string) => items.find((item) => 'label' in item && item.label === name);
  expect(rowOf('ResNet-50')).toEqual({
    label: 'ResNet-50',
    description: '25.6 M parameters · 4.09 G MACs',
    detail: 'ImageNet 224 · published top-1 76.13 % (torchvision)',
    model: 'ResNet50',
  });
  expect(rowOf('MLP-Mixer-B/16')).toEqual({
    label: 'MLP-Mixer-B/16',
    description: '59.9 M parameters',
    detail: 'ImageNet 224',
    model: 'MixerB16',
  });
});
