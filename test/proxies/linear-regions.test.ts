import { expect, it } from 'vitest';
import { genotypeOf, nasBench201 } from '../../server/network/nasbench201.ts';
import { paramSource } from '../../server/network/op.ts';
import { linearRegions } from '../../server/proxies/linear-regions.ts';
import { materialise } from '../../server/tensor/materialise.ts';
import { networkOf } from '../fisher/support/networks.ts';
import { contextOf } from './support/context.ts';

const seed = 3;
const batches = Array.from({ length: 3 }, (_, batch) => {
  const all = materialise({ kind: 'normal', name: 'noise', std: 1 }, [3000, 9], seed, 'float64');
  return Array.from({ length: 1000 }, (__, row) => [
    ...all.subarray((1000 * batch + row) * 9, (1000 * batch + row + 1) * 9),
  ]);
});

/** ReLU of an input of one channel less its mean over the batch: what a norm does to a sign. */
function aboveMean(rows: readonly (readonly number[])[]): string[] {
  const mean = rows.flat().reduce((sum, value) => sum + value, 0) / rows.flat().length;
  return rows.map((row) => row.map((value) => Number(value > mean)).join(''));
}

it('counts the signs of the input where a cell passes it on', async () => {
  const network = nasBench201('|none~0|+|none~0|none~1|+|skip_connect~0|none~1|none~2|');
  const expected = new Set(batches.flatMap(aboveMean)).size;
  expect(await linearRegions.measure(contextOf(network, [seed]))).toBe(expected);
});

it('counts each ReLU of a convolution too', async () => {
  const genotype = '|none~0|+|none~0|none~1|+|nor_conv_1x1~0|none~1|none~2|';
  const cell = nasBench201(genotype, {
    channels: 1,
    cells: 1,
    stages: 1,
    stem: false,
    input: [1, 3, 3],
  });
  const { name, init } = cell.nodes.flatMap(({ params }) => params)[0]!;
  const [weight] = materialise(paramSource(name, init), [1], seed, 'float64');
  const patterns = batches.flatMap((rows) => {
    const active = rows.map((row) => row.map((value) => Math.max(0, value)));
    const sums = aboveMean(active.map((row) => row.map((value) => weight! * value)));
    return rows.map((row, index) => row.map((value) => Number(value > 0)).join('') + sums[index]!);
  });
  const expected = new Set(patterns).size;
  expect(expected).toBeGreaterThan(512);
  expect(await linearRegions.measure(contextOf(nasBench201(genotype), [seed]))).toBe(expected);
});

it('finds the cell of a model that is written as text', async () => {
  const cell = `cell Own {
    0 -> 1: skip_connect
    0 -> 2: none          1 -> 2: avg_pool_3x3
    0 -> 3: nor_conv_3x3  1 -> 3: none  2 -> 3: nor_conv_1x1
  }`;
  const written = networkOf(`${cell}
    model Written { input 8x8x3 classes 4
      conv(4, 3x3) -> bn repeat 2 { Own } bn -> relu -> gap -> dense(classes) }`);
  const genotype = '|skip_connect~0|+|none~0|avg_pool_3x3~1|+|nor_conv_3x3~0|none~1|nor_conv_1x1~2|';
  expect(genotypeOf(written)).toBe(genotype);
  const [own, other] = [written, nasBench201(genotype)].map((network) => contextOf(network, [seed]));
  expect(await linearRegions.measure(own!)).toBe(await linearRegions.measure(other!));
});

it('is not defined for other networks', async () => {
  const plain = networkOf('model A { input 8x8x3 classes 2 conv(2, 3x3) -> relu -> gap -> dense(classes) }');
  expect(genotypeOf(plain)).toBeUndefined();
  await expect(async () => await linearRegions.measure(contextOf(plain))).rejects.toThrow('NAS-Bench-201');
});
