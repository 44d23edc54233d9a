import { expect, test } from 'vitest';
import { memberNetwork, spaces, type SpaceName } from '../../../bench/evaluation/spaces.ts';
import { nasBench201 } from '../../../server/network/nasbench201.ts';
import { totals } from '../../../server/network/totals.ts';

const spaceNamed = (name: SpaceName) => spaces.find((space) => space.name === name)!;

// Parameters and multiply-accumulates of the benchmark's own table (xiusu/NAS-Bench-Macro), which counts no biases.
test.each([
  ['00000000', 387882, 7713280],
  ['00102021', 1873386, 45429248],
  ['02210011', 1435946, 51597824],
  ['20210212', 2109674, 62714368],
] as const)('%s of NASBench-Macro has the published counts', (genotype, params, macs) => {
  const { params: own, macs: ownMacs } = totals(
    memberNetwork(spaceNamed('nasbench-macro'), genotype, 'cifar10'),
  );
  expect(own).toBe(params);
  expect(ownMacs - 10).toBe(macs);
});

test('a member of NAS-Bench-201 as a text is the network that its genotype is', () => {
  const genotype = '|nor_conv_3x3~0|+|nor_conv_3x3~0|avg_pool_3x3~1|+|skip_connect~0|nor_conv_1x1~1|none~2|';
  const options = { input: [3, 16, 16], classes: 120 } as const;
  const text = memberNetwork(spaceNamed('nas-bench-201'), genotype, 'imagenet16-120');
  expect(totals(text)).toEqual(totals(nasBench201(genotype, options)));
  expect(text.nodes.map(({ op, shape }) => [op, shape])).toEqual(
    nasBench201(genotype, options).nodes.map(({ op, shape }) => [op, shape]),
  );
});

test('with equal widths the size space is its cell in the skeleton of NAS-Bench-201, and a skip between widths is a convolution', () => {
  const layersOf = (widths: string) =>
    totals(memberNetwork(spaceNamed('nats-size'), widths, 'cifar100')).layers;
  expect(layersOf('16:32:32:64:64')).toBe(1 + 3 * 5 + 2 * 3 + 1);
  expect(layersOf('16:32:40:64:48')).toBe(1 + 3 * 5 + 2 * 3 + 1 + 2);
  const cell =
    '|nor_conv_3x3~0|+|nor_conv_3x3~0|nor_conv_3x3~1|+|skip_connect~0|nor_conv_1x1~1|nor_conv_3x3~2|';
  expect(totals(memberNetwork(spaceNamed('nats-size'), '16:32:32:64:64', 'cifar10'))).toEqual(
    totals(nasBench201(cell, { cells: 1 })),
  );
});

test('what is no member is refused', () => {
  expect(() => memberNetwork(spaceNamed('nasbench-macro'), '00000003', 'cifar10')).toThrow(RangeError);
  expect(() => memberNetwork(spaceNamed('nats-size'), '8:8', 'cifar10')).toThrow(RangeError);
});
