import { describe, expect, it } from 'vitest';
import { lower, SAMPLES_INPUT } from '../../server/network/lower.ts';
import { nasBench201 } from '../../server/network/nasbench201.ts';
import type { Network } from '../../server/network/network.ts';
import { paramSource } from '../../server/network/op.ts';
import { classScore } from '../../server/proxies/epe-nas.ts';
import { gradSignProgram } from '../../server/proxies/grad-sign.ts';
import { proxyNamed } from '../../server/proxies/index.ts';
import { correlations, inputGradientProgram } from '../../server/proxies/input-gradients.ts';
import { spectrumValue } from '../../server/proxies/jacov.ts';
import { lossGradientProgram } from '../../server/proxies/loss-gradients.ts';
import { labelsBinding, randomLabels, samplesBinding } from '../../server/proxies/measured.ts';
import { CHOSEN_INPUT, kernelOf, logCondition, ntkProgram } from '../../server/proxies/ntk.ts';
import { largestSingularValue } from '../../server/proxies/singular-value.ts';
import { radialRateProgram } from '../../server/proxies/radial-rate.ts';
import { trainabilityProgram } from '../../server/proxies/trainability.ts';
import { zenProgram } from '../../server/proxies/zen.ts';
import { interpret, materialise } from '../../server/tensor/interpret.ts';
import { inlineSource } from '../../server/tensor/materialise.ts';
import { reverse } from '../../server/tensor/transforms/reverse.ts';
import { count } from '../../server/tensor/shapes.ts';
import { networkOf } from '../fisher/support/networks.ts';
import { contextOf } from './support/context.ts';

// Oracles: central differences of losses of the network as it is lowered, in float64, and per-sample reverse mode.

const network = networkOf(`
  model Tiny {
    input 5x5x2
    classes 3
    conv(4, 3x3) -> bn -> relu
    residual { conv(4, 3x3, groups = 2, bias = true) -> bn -> relu -> avgpool(3x3, stride = 1, padding = same) }
    conv(3, 3x3, stride = 2) -> bn -> relu
    gap -> dense(4) -> relu -> dense(classes)
  }`);
const batch = 5;
const labels = randomLabels(batch, network.classes, 0);
const inputs = Object.fromEntries(
  Object.entries({ ...samplesBinding(network, batch), ...labelsBinding(labels, network.classes) }).map(
    ([name, { source, shape }]) => [name, materialise(source, shape, 0, 'float64')],
  ),
);
const x = inputs[SAMPLES_INPUT]!;

type Change = (name: string, values: Float64Array) => Float64Array;

/** Logits with norms in batch mode, parameters changed, row by row. */
function logits(own: Network, change: Change, samples = x): Float64Array {
  const { program } = lower(own, {
    batch,
    norm: 'batch',
    params: ({ name, init, shape }) =>
      inlineSource(
        change(name, Float64Array.from(materialise(paramSource(name, init), shape, 0, 'float64'))),
      ),
  });
  return Float64Array.from(interpret(program, { [SAMPLES_INPUT]: samples }, { seed: 0 })['logits']!.data);
}

function loss(change: Change, own = network): number {
  const rows = logits(own, change);
  const { classes } = own;
  return labels.reduce((sum, label, sample) => {
    const row = [...rows.subarray(sample * classes, (sample + 1) * classes)];
    const total = row.reduce((all, value) => all + Math.exp(value), 0);
    return sum + (Math.log(total) - row[label]!) / batch;
  }, 0);
}

const step = 1e-5;

describe('the gradient of the loss, norms in batch mode', () => {
  const { program, layers } = lossGradientProgram(network, batch);
  const { gradient } = interpret(program, inputs, { seed: 0 });

  it('is that of central differences, weight by weight', () => {
    let start = 0;
    expect(layers).toHaveLength(5);
    for (const { name, shape } of layers) {
      for (let element = 0; element < count(shape); element += 1) {
        const at = (by: number): number =>
          loss((own, values) => (own === name ? values.with(element, values[element]! + by) : values));
        const expected = (at(step) - at(-step)) / (2 * step);
        expect(Math.abs(gradient!.data[start + element]! - expected), `${name} ${element}`).toBeLessThan(
          1e-7,
        );
      }
      start += count(shape);
    }
  });

  it('does not change L with the size of the weights before a norm', () => {
    let start = 0;
    for (const { name, shape } of layers) {
      const weights = materialise(
        paramSource(name, { kind: 'kaiming', fanIn: count(shape) / shape[0]! }),
        shape,
        0,
        'float64',
      );
      const product = [...weights].reduce((sum, value, at) => sum + value * gradient!.data[start + at]!, 0);
      start += count(shape);
      if (shape.length === 4) expect(Math.abs(product), name).toBeLessThan(1e-4);
    }
  });
});

it('the gradient of the logits by the input is that of central differences through batch norms', () => {
  const { gradient } = interpret(inputGradientProgram(network, batch), inputs, { seed: 0 });
  const sum = (at: number, by: number): number =>
    logits(network, (_, values) => values, Float64Array.from(x).with(at, x[at]! + by)).reduce(
      (total, value) => total + value,
      0,
    );
  for (let at = 0; at < x.length; at += 7)
    expect(gradient!.data[at]).toBeCloseTo((sum(at, step) - sum(at, -step)) / (2 * step), 6);
});

describe('GraSP', () => {
  const kinks = `
    residual { conv(4, 3x3, groups = 2, bias = true) -> bn -> relu -> avgpool(3x3, stride = 1, padding = same) }
    parallel add { branch { conv(4, 1x1) } branch { conv(4, 3x3) -> bn } }
    relu -> maxpool(2x2) -> gap -> dense(4) -> relu -> dense(classes)`;
  const smooth = `
    groupnorm(groups = 2) -> gelu -> se(ratio = 2) -> conv(4, 3x3) -> silu -> tokens
    residual { layernorm -> attention(2) } -> residual { layernorm -> dense(6) -> hardswish -> dense(4) }
    mean_tokens -> dense(classes)`;

  it.each([
    ['with ReLUs and norms', kinks],
    ['of tokens', smooth],
  ])('is a mixed difference of the loss, along the weights and along the gradient, %s', (_, body) => {
    const own = networkOf(`model Tiny {\n input 5x5x2\n classes 3\n conv(4, 3x3) -> bn -> relu\n${body}\n}`);
    const { program, layers } = lossGradientProgram(own, batch);
    const flat = interpret(program, inputs, { seed: 0 })['gradient']!.data;
    const starts = new Map<string, number>();
    let length = 0;
    for (const { name, shape } of layers) {
      starts.set(name, length);
      length += count(shape);
    }
    const at = (along: number, grow: number): number =>
      loss((name, values) => {
        const start = starts.get(name);
        return start === undefined
          ? values
          : values.map((value, index) => value * (1 + grow) + along * flat[start + index]!);
      }, own);
    // So small that no ReLU switches between the four points.
    const h = 1e-5;
    const mixed = (at(h, h) - at(h, -h) - at(-h, h) + at(-h, -h)) / (4 * h * h);
    const radial = radialRateProgram(own, batch);
    expect(radial.layers.map(({ name }) => name)).toEqual(layers.map(({ name }) => name));
    const rate = interpret(radial.program, inputs, { seed: 0 })['gradient']!.data;
    let product = 0;
    for (let index = 0; index < length; index += 1) product += flat[index]! * (rate[index]! - flat[index]!);
    expect(Math.abs(product - mixed) / Math.abs(mixed)).toBeLessThan(1e-3);
  });
});

describe('gradients of single samples', () => {
  /** `[sample][weight]`, by reverse mode one weight after another. */
  function perSample(cotangents: readonly (readonly number[])[]): readonly (readonly number[])[] {
    const primal = lower(network, { batch });
    const kaiming = new Set(
      network.nodes.flatMap(({ params }) =>
        params.flatMap(({ name, init }) => (init.kind === 'kaiming' ? [name] : [])),
      ),
    );
    const parts = primal.params
      .filter(({ name }) => kaiming.has(name))
      .map((param) => {
        const size = count(param.shape);
        const program = reverse(
          primal,
          [{ param, elements: Array.from({ length: size }, (_, element) => element) }],
          (b, own) => ({
            value: b.constant(inlineSource(Float64Array.from(cotangents.flat())), own.shape),
            lanes: 1,
          }),
        );
        const { data } = interpret(program, inputs, { seed: 0 })['jacobian']!;
        return Array.from({ length: batch }, (_, row) => [...data.subarray(row * size, (row + 1) * size)]);
      });
    return Array.from({ length: batch }, (_, row) => parts.flatMap((part) => part[row]!));
  }

  it('agree in sign as GradSign counts', () => {
    const { data } = interpret(lower(network, { batch }).program, inputs, { seed: 0 })['logits']!;
    const cotangents = labels.map((label, sample) => {
      const own = [...data.subarray(sample * 3, sample * 3 + 3)];
      const total = own.reduce((sum, value) => sum + Math.exp(value), 0);
      return own.map((value, c) => Math.exp(value) / total - (c === label ? 1 : 0));
    });
    const rows = perSample(cotangents);
    const expected = rows[0]!.reduce(
      (sum, _, weight) => sum + Math.abs(rows.reduce((all, row) => all + Math.sign(row[weight]!), 0)),
      0,
    );
    const { agreement } = interpret(gradSignProgram(network, batch), inputs, { seed: 0 });
    const [, width] = agreement!.shape as [number, number];
    expect([...agreement!.data.subarray(0, width)].reduce((sum, value) => sum + value, 0)).toBe(expected);
  });
});

describe('the tangent kernel', () => {
  it('has the gradients of the logits of one sample through the batch', () => {
    const weights = lossGradientProgram(network, batch).layers;
    const program = ntkProgram(network, batch);
    for (const sample of [0, 3]) {
      const chosen = Float64Array.from({ length: batch }, (_, row) => (row === sample ? 1 : 0));
      const { gradient } = interpret(program, { ...inputs, [CHOSEN_INPUT]: chosen }, { seed: 0 });
      const ofSample = (change: Change): number =>
        logits(network, change)
          .subarray(sample * 3, sample * 3 + 3)
          .reduce((sum, value) => sum + value, 0);
      let start = 0;
      for (const { name, shape } of weights) {
        for (let element = 0; element < count(shape); element += 3) {
          const at = (by: number): number =>
            ofSample((own, values) => (own === name ? values.with(element, values[element]! + by) : values));
          const expected = (at(step) - at(-step)) / (2 * step);
          expect(gradient!.data[start + element], `${name} ${element}`).toBeCloseTo(expected, 6);
        }
        start += count(shape);
      }
    }
  });

  it('is made of products, and has a condition', () => {
    expect([...kernelOf([1, 2, 0, 3, 0, 1], 2)]).toEqual([5, 3, 3, 10]);
    expect(logCondition(Float64Array.of(2, 1, 1, 2), 2)).toBeCloseTo(Math.log(3), 12);
    expect(() => logCondition(Float64Array.of(1, 1, 1, 1), 2)).toThrow('singular');
  });

  it('is that of a thinned network for a cell', async () => {
    const genotype = '|nor_conv_3x3~0|+|none~0|skip_connect~1|+|avg_pool_3x3~0|none~1|nor_conv_1x1~2|';
    const [narrow, wide] = [1, 4].map((channels) =>
      nasBench201(genotype, { channels, cells: 2, input: [3, 4, 4], classes: 3 }),
    );
    const value = await proxyNamed('ntk').measure(contextOf(narrow!));
    expect(value).toBeGreaterThan(0);
    expect(await proxyNamed('ntk').measure(contextOf(wide!))).toBe(value);
  });
});

describe('correlations of gradients', () => {
  const rows = [Float32Array.of(1, -1, 0, 0), Float32Array.of(0, 0, 5, -5), Float32Array.of(2, -2, 0, 0)];

  it('are those of the rows', () => {
    expect([...correlations(rows)].map((value) => Math.round(value * 1e6) / 1e6)).toEqual([
      1, 0, 1, 0, 1, 0, 1, 0, 1,
    ]);
    expect(() => correlations([Float32Array.of(1, 1)])).toThrow('the same gradient');
  });

  it('are best for Jacov where samples have nothing in common', () => {
    const apart = spectrumValue(Float64Array.of(1, 0, 0, 1));
    expect(apart).toBeCloseTo(-2 * (Math.log(1 + 1e-5) + 1 / (1 + 1e-5)), 12);
    expect(spectrumValue(Float64Array.of(1, 0.9, 0.9, 1))).toBeLessThan(apart);
  });

  it('count for EPE-NAS within a class', () => {
    const within = 4 * Math.log(1 + 1e-5);
    expect(classScore(rows, [0, 1, 0], 2)).toBeCloseTo(within + Math.log(1 + 1e-5), 6);
    expect(classScore(rows, [0, 0, 1], 2)).toBeCloseTo(
      Math.abs(2 * Math.log(1 + 1e-5) + 2 * Math.log(1e-5)) + Math.log(1 + 1e-5),
      4,
    );
  });
});

const cellOf = (genotype: string): Network =>
  nasBench201(genotype, { channels: 2, cells: 1, input: [3, 8, 8], classes: 3 });

describe('trainability', () => {
  const small = cellOf('|nor_conv_3x3~0|+|none~0|skip_connect~1|+|avg_pool_3x3~0|nor_conv_1x1~1|none~2|');

  it('pairs maps, space folded into depth where the resolution drops', () => {
    const { pairs } = trainabilityProgram(small, 2);
    expect(pairs.map(({ rows, columns }) => [rows, columns])).toEqual([
      [2, 2],
      [8, 4],
      [4, 4],
      [16, 8],
      [8, 8],
    ]);
  });

  it('has largest singular values, and gives at most 0', async () => {
    expect(await largestSingularValue([3, 0, 0, -5, 0, 0], 3, 2)).toBeCloseTo(5, 12);
    const value = await proxyNamed('trainability').measure(contextOf(small));
    expect(value).toBeLessThan(1e-5);
  });

  it('rules out cells that pass everything on', async () => {
    const identity = cellOf('|none~0|+|none~0|none~1|+|skip_connect~0|none~1|none~2|');
    await expect(async () => await proxyNamed('trainability').measure(contextOf(identity))).rejects.toThrow(
      'as it is',
    );
  });
});

it('Zen sees a change of the input scaled by the norms that follow', () => {
  const linear = networkOf(
    'model A {\n input 4x4x1\n classes 2\n conv(2, 1x1) -> bn -> gap -> dense(classes)\n}',
  );
  const samples = Float64Array.from(
    materialise({ kind: 'normal', name: 's', std: 1 }, [3, 1, 4, 4], 0, 'float64'),
  );
  const noise = materialise({ kind: 'normal', name: 'n', std: 1 }, [3, 1, 4, 4], 0, 'float64');
  const own = interpret(zenProgram(linear, 3), { [SAMPLES_INPUT]: samples, noise }, { seed: 0 });
  const { name } = linear.nodes[1]!.params[0]!;
  const [w0, w1] = materialise({ kind: 'normal', name, std: 1 }, [2], 0, 'float64');
  const mean = samples.reduce((sum, value) => sum + value, 0) / samples.length;
  const variance = samples.reduce((sum, value) => sum + (value - mean) ** 2, 0) / samples.length;
  expect(own['variances']!.data[0]).toBeCloseTo((variance * (w0! ** 2 + w1! ** 2)) / 2 + 1e-5, 6);
  expect(own['squares']!.data[0]).toBeGreaterThan(0);
});
