import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lower } from '../../server/network/lower.ts';
import {
  formatGenotype,
  NAS_BENCH_201_OPS,
  nasBench201,
  nasBench201Edges,
  type NasBench201Options,
} from '../../server/network/nasbench201.ts';
import { totals } from '../../server/network/totals.ts';
import { benchmarkTables } from '../support/benchmark.ts';
import type { Fixture } from './support/fixture.ts';

const BEST =
  '|nor_conv_3x3~0|+|nor_conv_3x3~0|nor_conv_3x3~1|+|skip_connect~0|nor_conv_1x1~1|nor_conv_3x3~2|';

describe('nasBench201', () => {
  it('has the parameters, MACs and layers known of the best CIFAR-10 cell', () => {
    const { params, macs, layers } = totals(nasBench201(BEST));
    expect(params).toBe(1073466);
    expect(macs).toBe(153272970);
    // Stem, 15 cells of 5 convs, two reductions of 3, classifier.
    expect(layers).toBe(1 + 15 * 5 + 6 + 1);
  });

  it('declares 21 + 45 k tensors in the order of docs/score.md#nas-bench-201', () => {
    const network = nasBench201(BEST);
    expect(network.nodes.flatMap((node) => node.params)).toHaveLength(21 + 45 * 5);
    const fixture = JSON.parse(
      readFileSync(new URL('../fixtures/02_best_c10.json', import.meta.url), 'utf8'),
    ) as Fixture;
    const small = nasBench201(fixture.arch, {
      channels: fixture.C,
      cells: fixture.N,
      input: [3, fixture.res, fixture.res],
      classes: fixture.classes,
    });
    const shapes = small.nodes.flatMap((node) => node.params.map((param) => param.shape));
    expect(shapes).toEqual(fixture.named_params.map(({ shape }) => shape));
    expect(lower(small, { batch: 2 }).params.map((param) => param.shape)).toEqual(shapes);
  });

  it('gives distinct names to parameters', () => {
    const names = nasBench201(BEST).nodes.flatMap((node) => node.params.map((param) => param.name));
    expect(new Set(names).size).toBe(names.length);
    expect(names.slice(0, 4)).toEqual([
      'stem/conv.0/weight',
      'stem/bn.1/weight',
      'stem/bn.1/bias',
      'cell.0/0-1/conv.weight',
    ]);
  });

  it('round-trips every genotype', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...NAS_BENCH_201_OPS), { minLength: 6, maxLength: 6 }), (ops) => {
        const [a, b, c, d, e, f] = ops as [string, string, string, string, string, string];
        const text = `|${a}~0|+|${b}~0|${c}~1|+|${d}~0|${e}~1|${f}~2|`;
        const edges = nasBench201Edges(text);
        expect('error' in edges ? edges.error : formatGenotype(edges)).toBe(text);
        // The edges into a node may be written in any order, as in a cell of the language.
        expect(nasBench201Edges(`|${a}~0|+|${c}~1|${b}~0|+|${f}~2|${d}~0|${e}~1|`)).toEqual(edges);
      }),
    );
  });

  it.each([
    ['', 'node 1 must be written |op~0|…|, not '],
    ['|none~0|none~1|', 'node 1 has 1 incoming edge, but 2 are given'],
    ['|none~0|+|none~0|', 'node 2 has 2 incoming edges, but 1 are given'],
    ['|conv~0|', 'conv is none of none, skip_connect, nor_conv_1x1, nor_conv_3x3, avg_pool_3x3'],
    ['|none~1|', 'the edge from node 0 to node 1 must be written op~0, not none~1'],
    ['|none|', 'the edge from node 0 to node 1 must be written op~0, not none'],
  ])('explains what is wrong with %j', (text, error) => {
    expect(nasBench201Edges(text)).toEqual({ error });
    expect(() => nasBench201(text)).toThrow(error);
  });
});

describe.each(benchmarkTables)('the benchmark table of $networks networks', ({ file, networks }) => {
  const inputs: readonly (readonly [string, NasBench201Options])[] = [
    ['cifar10', { input: [3, 32, 32], classes: 10 }],
    ['cifar100', { input: [3, 32, 32], classes: 100 }],
    ['imagenet16', { input: [3, 16, 16], classes: 120 }],
  ];

  it.each(inputs)('agrees on parameters and MACs of all genotypes: %s', (dataSet, options) => {
    const [header, ...lines] = readFileSync(file, 'utf8').trim().split('\n');
    const columns = header!.split(',');
    const column = (name: string): number => columns.indexOf(name);
    const wrong: string[] = [];
    for (const line of lines) {
      const cells = line.split(',');
      const genotype = cells[column('genotype')]!;
      const { params, macs } = totals(nasBench201(genotype, options));
      const expected = [cells[column(`${dataSet}_params_m`)], cells[column(`${dataSet}_macs_m`)]];
      // The table gives millions with six and five digits.
      const ours = [String(params / 1e6), String(Math.round(macs / 10) / 1e5)];
      if (expected.some((value, i) => Number(value) !== Number(ours[i]))) {
        wrong.push(`${genotype}: ${ours.join()} instead of ${expected.join()}`);
      }
    }
    expect(lines).toHaveLength(networks);
    expect({ count: wrong.length, first: wrong.slice(0, 3) }).toEqual({ count: 0, first: [] });
  });
});
