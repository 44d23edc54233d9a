import { expect, test } from 'vitest';
import { newFileItems } from '../../../client/new-file/items.ts';
import { Zoo } from '../../../server/zoo/zoo.ts';

const zoo = new Zoo();
const networks = zoo.networks();
const spaces = zoo.spaces();
const items = newFileItems({ networks, spaces });

test('a small network comes first, then every published one below the name of its family', () => {
  const [first, title] = items;
  expect(first).toMatchObject({ label: 'Small residual network' });
  expect(first).not.toHaveProperty('name');
  expect(title).toHaveProperty('title');
  const names = items.flatMap((item) => ('title' in item ? [] : (item.name ?? [])));
  const known = [...networks.map(({ model }) => model), ...spaces.map(({ name }) => name)];
  expect(names.toSorted()).toEqual(known.toSorted());
  const titles = items.flatMap((item) => ('title' in item ? [item.title] : []));
  expect(new Set(titles).size).toBe(titles.length);
});

test('a row says size, cost, data set and accuracy, as far as they are published', () => {
  const rowOf = (name: string) => items.find((item) => 'label' in item && item.label === name);
  expect(rowOf('ResNet-50')).toEqual({
    label: 'ResNet-50',
    description: '25.6 M parameters · 4.09 G MACs',
    detail: 'ImageNet 224 · published top-1 76.13 % (torchvision)',
    name: 'ResNet50',
  });
  expect(rowOf('NASBenchMacro')).toEqual({
    label: 'NASBenchMacro',
    description: 'search space',
    detail: '3^8 = 6,561 networks for CIFAR-10.',
    name: 'NASBenchMacro',
  });
  expect(rowOf('MLP-Mixer-B/16')).toEqual({
    label: 'MLP-Mixer-B/16',
    description: '59.9 M parameters',
    detail: 'ImageNet 224',
    name: 'MixerB16',
  });
});
