import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LOGITS_OUTPUT, lower, SAMPLES_INPUT } from '../../server/network/lower.ts';
import { NAS_BENCH_201_OPS, nasBench201 } from '../../server/network/nasbench201.ts';
import { paramSource } from '../../server/network/op.ts';
import { proxies, proxyNamed } from '../../server/proxies/index.ts';
import { rankSum } from '../../server/proxies/rank-sum.ts';
import { covarianceProgram, featureMaps, spectralEntropy } from '../../server/proxies/feature-maps.ts';
import { activationProgram, kernel } from '../../server/proxies/naswot.ts';
import type { ProxyContext } from '../../server/proxies/proxy.ts';
import { interpret, materialise } from '../../server/tensor/interpret.ts';
import type { Program } from '../../server/tensor/ir.ts';
import { networkOf } from '../fisher/support/networks.ts';
import { contextOf } from './support/context.ts';

const text = `
  model Tiny {
    input 6x6x2
    classes 4
    conv(3, 3x3) -> bn -> relu
    residual { conv(3, 3x3, bias = true) -> bn -> relu -> avgpool(3x3, stride = 1, padding = same) }
    conv(5, 3x3, stride = 2) -> relu
    gap -> dense(5) -> relu -> dense(classes)
  }
`;
const network = networkOf(text);

describe('NASWOT', () => {
  const samples = 6;
  const inputs = {
    [SAMPLES_INPUT]: materialise(
      { kind: 'normal', name: 'samples', std: 1 },
      [samples, ...network.inputShape],
      0,
      'float64',
    ),
  };

  it('counts the ReLUs that two samples switch alike', () => {
    const { program, units } = activationProgram(network, samples);
    const together = interpret(program, inputs, { seed: 0 })['together']!.data;
    const matrix = kernel(together, samples, units);

    const { program: primal } = lower(network, { batch: samples, norm: 'batch' });
    const relus = primal.nodes.filter(({ op }) => op.op === 'unary' && op.fn === 'relu');
    const watched: Program = {
      ...primal,
      outputs: relus.map(({ inputs: [node] }, index) => ({
        name: String(index),
        node: node!,
        gather: 'samples',
      })),
    };
    const values = Object.values(interpret(watched, inputs, { seed: 0 })).map(({ data }) => data);
    for (let i = 0; i < samples; i += 1)
      for (let j = 0; j < samples; j += 1) {
        let alike = 0;
        for (const data of values) {
          const width = data.length / samples;
          for (let unit = 0; unit < width; unit += 1)
            if (data[i * width + unit]! > 0 === data[j * width + unit]! > 0) alike += 1;
        }
        expect(matrix[i * samples + j]).toBe(alike);
      }
    expect(units).toBe(3 * 36 + 3 * 36 + 5 * 9 + 5);
  });

  it('normalises over the batch', () => {
    const normed = networkOf('model A {\n input 3x3x2\n classes 2\n bn -> flatten -> dense(classes)\n}');
    const { program, nodeValues } = lower(normed, { batch: 4, norm: 'batch' });
    const bn = normed.nodes.findIndex(({ op }) => op === 'bn');
    const x = Float64Array.from({ length: 72 }, (_, index) => Math.sin(index) * (index % 5));
    const outputs = [{ name: 'bn', node: nodeValues[bn]!, gather: 'samples' as const }];
    const { data } = interpret({ ...program, outputs }, { [SAMPLES_INPUT]: x }, { seed: 0 })['bn']!;
    for (const channel of [0, 1]) {
      const own = [...x.keys()].filter((index) => Math.floor(index / 9) % 2 === channel);
      const mean = own.reduce((sum, index) => sum + x[index]! / 36, 0);
      const variance = own.reduce((sum, index) => sum + (x[index]! - mean) ** 2 / 36, 0);
      for (const index of own)
        expect(data[index]).toBeCloseTo((x[index]! - mean) / Math.sqrt(variance + 1e-5), 12);
    }
  });

  it('has no value without ReLUs', async () => {
    const linear = networkOf('model A {\n input 4\n classes 2\n dense(classes)\n}');
    await expect(async () => await proxyNamed('naswot').measure(contextOf(linear))).rejects.toThrow(
      'no ReLU',
    );
  });
});

describe('the L2 norm', () => {
  it('is that of the weights of layers', async () => {
    let expected = 0;
    for (const param of network.nodes.flatMap(({ params }) => params)) {
      if (!/^(weight|.*\/weight)$/.test(param.name) || param.shape.length < 2) continue;
      const values = [...materialise(paramSource(param.name, param.init), param.shape, 3, 'float64')];
      expected += Math.hypot(...values);
    }
    expect(await proxyNamed('l2_norm').measure(contextOf(network, [3]))).toBeCloseTo(expected, 5);
  });
});

const small = nasBench201('|nor_conv_3x3~0|+|none~0|skip_connect~1|+|avg_pool_3x3~0|nor_conv_1x1~1|none~2|', {
  channels: 2,
  cells: 1,
  input: [3, 8, 8],
  classes: 3,
});

describe('feature maps', () => {
  it('are those of stem, cells and reductions, in order', () => {
    expect(featureMaps(small).map(({ path, shape }) => [path.split('/')[0], shape[0]])).toEqual([
      ['stem', 2],
      ['cell.0', 2],
      ['reduction.0', 4],
      ['cell.1', 4],
      ['reduction.1', 8],
      ['cell.2', 8],
    ]);
  });

  it('are those of stem, cells and reductions for every genotype', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...NAS_BENCH_201_OPS), { minLength: 6, maxLength: 6 }), (ops) => {
        const [a, b, c, d, e, f] = ops;
        const cell = nasBench201(`|${a}~0|+|${b}~0|${c}~1|+|${d}~0|${e}~1|${f}~2|`, { cells: 2 });
        const last = new Map<string, number>();
        for (const { path, id } of cell.nodes) {
          const part = /^(?:stem|cell\.\d+|reduction\.\d+)/.exec(path)?.[0];
          if (part !== undefined) last.set(part, id);
        }
        expect(featureMaps(cell).map(({ id }) => id)).toEqual([...last.values()]);
      }),
      { numRuns: 40 },
    );
  });

  it('are those between the blocks of a model that is written as text', async () => {
    const text = `block Basic(out, stride = 1) {
      residual { conv(out, 3x3, stride = stride) -> bn -> relu -> conv(out, 3x3) -> bn }
      shortcut { if (stride != 1) { conv(out, 1x1, stride = stride) -> bn } }
      relu
    }
    model Own {
      input 8x8x3
      classes 3
      conv(4, 3x3) -> bn -> relu
      Basic(4)
      Basic(6, stride = 2)
      conv(8, 1x1) -> relu
      parallel add { branch { conv(8, 3x3) -> bn } branch { maxpool(3x3, stride = 1, padding = same) } }
      gap -> dense(classes)
    }`;
    const own = networkOf(text);
    expect(featureMaps(own).map(({ op, shape }) => [op, shape.join('×')])).toEqual([
      ['relu', '4×8×8'],
      ['relu', '4×8×8'],
      ['relu', '8×4×4'],
      ['add', '8×4×4'],
    ]);
    const context = contextOf(own);
    const sum = await proxyNamed('expressivity').measure(context);
    expect(sum).toBeGreaterThan(0);
    expect(sum).toBeLessThan(2 * Math.log(4) + 2 * Math.log(8));
    expect(await proxyNamed('trainability').measure(context)).toBeLessThan(0);
  });

  it('are missed where nothing branches, or a resolution does not divide the one before', async () => {
    const chain = networkOf(
      'model A { input 8x8x3 classes 2 conv(2, 3x3) -> relu -> gap -> dense(classes) }',
    );
    expect(() => featureMaps(chain)).toThrow('fewer than two');
    const odd = networkOf(`model B { input 7x7x3 classes 2
      conv(2, 3x3) residual { conv(2, 3x3) } conv(2, 3x3, stride = 2) residual { conv(2, 3x3) } gap -> dense(classes) }`);
    await expect(async () => await proxyNamed('trainability').measure(contextOf(odd))).rejects.toThrow(
      'A feature map of 7×7 becomes one of 4×4, which does not divide it.',
    );
  });

  it('have the covariance of their channels over all positions', () => {
    const batch = 3;
    const x = materialise({ kind: 'normal', name: 'samples', std: 1 }, [batch, 3, 8, 8], 0, 'float64');
    const actual = interpret(covarianceProgram(small, batch), { [SAMPLES_INPUT]: x }, { seed: 0 });
    const { program, nodeValues } = lower(small, { batch, norm: 'batch' });
    for (const [index, { id, shape }] of featureMaps(small).entries()) {
      const outputs = [{ name: 'map', node: nodeValues[id]!, gather: 'samples' as const }];
      const { data } = interpret({ ...program, outputs }, { [SAMPLES_INPUT]: x }, { seed: 0 })['map']!;
      const [channels, height, width] = shape as readonly [number, number, number];
      const area = height * width;
      const rows = Array.from({ length: channels }, (_, channel) =>
        Array.from({ length: batch * area }, (__, position) => {
          const sample = Math.floor(position / area);
          return data[(sample * channels + channel) * area + (position % area)]!;
        }),
      );
      const means = rows.map((row) => row.reduce((sum, value) => sum + value / row.length, 0));
      for (let i = 0; i < channels; i += 1)
        for (let j = 0; j < channels; j += 1) {
          const expected = rows[i]!.reduce(
            (sum, value, at) => sum + ((value - means[i]!) * (rows[j]![at]! - means[j]!)) / (batch * area),
            0,
          );
          expect(actual[String(index)]!.data[i * channels + j]).toBeCloseTo(expected, 10);
        }
    }
  });

  it('have the entropy of their spectrum', async () => {
    expect(await spectralEntropy(Float64Array.of(2, 0, 0, 2), 2)).toBeCloseTo(Math.LN2, 7);
    expect(await spectralEntropy(Float64Array.of(1, 1, 1, 1), 2)).toBeCloseTo(0, 7);
    const [p, q] = [0.75, 0.25];
    expect(await spectralEntropy(Float64Array.of(2, 1, 1, 2), 2)).toBeCloseTo(
      -p * Math.log(p) - q * Math.log(q),
      7,
    );
    await expect(spectralEntropy(new Float64Array(4), 2)).rejects.toThrow('No signal');
  });

  it('give expressivity and progressivity in one pass', async () => {
    const context = contextOf(small);
    let runs = 0;
    const counting: ProxyContext = {
      ...context,
      run: async (job) => {
        runs += 1;
        return await context.run(job);
      },
    };
    const sum = await proxyNamed('expressivity').measure(counting);
    const least = await proxyNamed('progressivity').measure(counting);
    expect(runs).toBe(1);
    expect(sum).toBeGreaterThan(0);
    expect(sum).toBeLessThan(2 * (Math.log(2) + Math.log(4) + Math.log(8)));
    expect(least).toBeLessThan(sum / 6);
  });
});

describe('the registry', () => {
  it('has a value of every proxy, the mean over draws, with unique names', async () => {
    expect(new Set(proxies.map(({ name }) => name)).size).toBe(proxies.length);
    for (const proxy of proxies) {
      const [one, other, both] = [
        await proxy.measure(contextOf(small, [0])),
        await proxy.measure(contextOf(small, [1])),
        await proxy.measure(contextOf(small, [0, 1])),
      ];
      expect(both, proxy.name).toBeCloseTo((one + other) / 2, 10);
      const isDrawn = proxy.inputs !== 'none' && !proxy.name.startsWith('vkdnw');
      expect(one !== other, proxy.name).toBe(isDrawn);
    }
  });

  it('proposes the name that was meant', () => {
    expect(() => proxyNamed('synflw')).toThrow(
      "'synflw' is not a proxy. Did you mean synflow? There are: params,",
    );
  });
});

describe('the sum of ranks', () => {
  it('adds logarithms of ranks from the worst, dense for VKDNW_single and averaged for others', () => {
    const parts = new Map([
      ['vkdnw_single', [5, 5, 9]],
      ['macs', [10, 20, 20]],
    ]);
    expect(rankSum(parts)).toEqual([
      Math.log(1) + Math.log(1),
      Math.log(1) + Math.log(2.5),
      Math.log(2) + Math.log(2.5),
    ]);
  });

  it('adds the ranks themselves where an aggregate says so', () => {
    const parts = new Map([
      ['vkdnw_single@paper', [5, 5, 9]],
      ['macs', [10, 20, 20]],
    ]);
    expect(rankSum(parts, 'rank')).toEqual([1 + 1, 1 + 2.5, 2 + 2.5]);
  });
});

it('the lowering without a norm mode is that in evaluation mode', () => {
  expect(lower(network, { batch: 2 })).toEqual(lower(network, { batch: 2, norm: 'eval' }));
  expect(lower(network, { batch: 2 }).program.outputs[0]!.name).toBe(LOGITS_OUTPUT);
});
