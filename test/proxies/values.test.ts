import { describe, expect, it } from 'vitest';
import { lower, SAMPLES_INPUT } from '../../server/network/lower.ts';
import type { Network } from '../../server/network/network.ts';
import { paramSource } from '../../server/network/op.ts';
import { proxyNamed } from '../../server/proxies/index.ts';
import { randomLabels, samplesBinding } from '../../server/proxies/measured.ts';
import { zenProgram } from '../../server/proxies/zen.ts';
import { interpret, materialise } from '../../server/tensor/interpret.ts';
import type { NodeId } from '../../server/tensor/ir.ts';
import type { Numbers } from '../../server/tensor/array.ts';
import { networkOf } from '../fisher/support/networks.ts';
import { contextOf } from './support/context.ts';

// Oracles: the loss of a network of two layers, differentiated by hand, and feature maps that are looked at directly.

const samples = 64;

function samplesOf(network: Network, count: number): Numbers {
  const { source, shape } = samplesBinding(network, count)[SAMPLES_INPUT]!;
  return materialise(source, shape, 0, 'float64');
}

function sum(values: ArrayLike<number>): number {
  return Array.from(values).reduce((total, value) => total + value, 0);
}

describe('proxies of the gradient of the loss', () => {
  // u = W x at each of 4 positions, m the mean of relu(u), logits z = V m.
  const network = networkOf(`
    model Tiny {
      input 2x2x2
      classes 3
      conv(3, 1x1) -> relu -> gap -> dense(classes)
    }`);
  const [inputs, channels, area, classes] = [2, 3, 4, 3] as const;
  const [w, v] = network.nodes.flatMap(({ params }) =>
    params.flatMap(({ name, init, shape }) =>
      init.kind === 'kaiming' ? [materialise(paramSource(name, init), shape, 0, 'float64')] : [],
    ),
  ) as [Numbers, Numbers];

  interface ByHand {
    readonly gradients: readonly [ofConvolution: Float64Array, ofLinear: Float64Array];
    /** Σ over samples and channels of (Σ over positions of z ⊙ ∂L/∂z)². */
    squares: number;
  }

  function byHand(x: Numbers, labels: readonly number[]): ByHand {
    const [byW, byV] = [new Float64Array(channels * inputs), new Float64Array(classes * channels)];
    const result: ByHand = { gradients: [byW, byV], squares: 0 };
    for (const [sample, label] of labels.entries()) {
      const at = (input: number, position: number): number => x[(sample * inputs + input) * area + position]!;
      const u = Array.from({ length: channels }, (_, c) =>
        Array.from({ length: area }, (__, p) => w[c * inputs]! * at(0, p) + w[c * inputs + 1]! * at(1, p)),
      );
      const m = u.map((row) => sum(row.map((value) => Math.max(0, value))) / area);
      const z = Array.from({ length: classes }, (_, k) =>
        sum(m.map((mean, c) => v[k * channels + c]! * mean)),
      );
      const total = sum(z.map(Math.exp));
      const byZ = z.map((value, k) => (Math.exp(value) / total - (k === label ? 1 : 0)) / samples);
      for (const [k, e] of byZ.entries()) {
        result.squares += (z[k]! * e) ** 2;
        for (const [c, mean] of m.entries()) byV[k * channels + c]! += e * mean;
      }
      for (const [c, row] of u.entries()) {
        const byMean = sum(byZ.map((e, k) => e * v[k * channels + c]!));
        const byU = row.map((value) => (value > 0 ? byMean / area : 0));
        result.squares += sum(row.map((value, p) => value * byU[p]!)) ** 2;
        for (let input = 0; input < inputs; input += 1)
          byW[c * inputs + input]! += sum(byU.map((g, p) => g * at(input, p)));
      }
    }
    return result;
  }

  const x = samplesOf(network, 2 * samples);
  const labels = randomLabels(2 * samples, classes, 0);
  const batches = [0, 1].map((batch) =>
    byHand(
      x.subarray((batch * x.length) / 2, ((batch + 1) * x.length) / 2),
      labels.slice(batch * samples, (batch + 1) * samples),
    ),
  );
  /** The mean over batches of a sum over layers. */
  const mean = (ofLayer: (gradients: Float64Array, weights: Numbers) => number): number =>
    sum(batches.map(({ gradients: [byW, byV] }) => ofLayer(byW, w) + ofLayer(byV, v))) / 2;

  it.each([
    ['grad_norm', mean((g) => Math.sqrt(sum(g.map((value) => value ** 2))))],
    ['snip', mean((g, weights) => sum(g.map((value, index) => Math.abs(value * weights[index]!))))],
    ['plain', mean((g, weights) => sum(g.map((value, index) => value * weights[index]!)))],
    ['fisher', sum(batches.map(({ squares }) => squares / (2 * samples))) / 2],
    [
      'zico',
      sum(
        [0, 1].map((layer) => {
          const [first, second] = batches.map(({ gradients }) => gradients[layer]!);
          // Of two values the standard deviation is half their distance.
          return Math.log(
            sum(
              first!.map(
                (g, index) => (Math.abs(g) + Math.abs(second![index]!)) / Math.abs(g - second![index]!),
              ),
            ),
          );
        }),
      ),
    ],
  ])('%s is what its formula gives of gradients made by hand', async (name, expected) => {
    const value = await proxyNamed(name).measure(contextOf(network));
    expect(Math.abs(value / expected - 1)).toBeLessThan(1e-5);
  });
});

describe('Zen', () => {
  const network = networkOf(`
    model Tiny {
      input 5x5x2
      classes 3
      conv(4, 3x3) -> bn -> relu
      residual { conv(4, 3x3, bias = true) -> bn -> relu }
      gap -> dense(classes)
    }`);
  const x = samplesOf(network, samples);
  const noise = materialise({ kind: 'normal', name: 'noise', std: 1 }, [samples, 2, 5, 5], 0, 'float64');
  const { program, nodeValues } = lower(network, {
    batch: samples,
    norm: 'batch',
    params: ({ name, init }) => {
      const source = paramSource(name, init);
      return init.kind === 'kaiming' && source.kind === 'normal' ? { ...source, std: 1 } : source;
    },
  });

  function valuesOf(node: NodeId, input: Numbers): Numbers {
    const outputs = [{ name: 'map', node, gather: 'samples' as const }];
    return interpret({ ...program, outputs }, { [SAMPLES_INPUT]: input }, { seed: 0 })['map']!.data;
  }

  const last = network.nodes.findLast(({ shape }) => shape.join() === '4,5,5')!;
  const [still, moved] = [x, x.map((value, index) => value + 0.01 * noise[index]!)].map((input) =>
    valuesOf(nodeValues[last.id]!, input),
  );
  const squares = Array.from({ length: samples }, (_, sample) =>
    sum(
      Array.from({ length: 100 }, (__, index) => {
        const at = sample * 100 + index;
        return (still![at]! - moved![at]!) ** 2;
      }),
    ),
  );

  it('has the distance of two runs, the second of input with a hundredth of noise', () => {
    const outputs = interpret(zenProgram(network, samples), { [SAMPLES_INPUT]: x, noise }, { seed: 0 });
    for (const [sample, square] of squares.entries())
      expect(Math.abs(outputs['squares']!.data[sample]! / square - 1)).toBeLessThan(1e-9);
  });

  it('adds what the norms divide by', async () => {
    const norms = network.nodes.filter(({ op }) => op === 'bn');
    expect(norms).toHaveLength(2);
    const logs = norms.map(({ inputs: [before] }) => {
      const values = valuesOf(nodeValues[before!]!, x);
      const variances = Array.from({ length: 4 }, (_, channel) => {
        const own = [...values].filter((__, index) => Math.floor(index / 25) % 4 === channel);
        const mean = sum(own) / own.length;
        return sum(own.map((value) => (value - mean) ** 2)) / own.length;
      });
      return Math.log(sum(variances) / 4 + 1e-5) / 2;
    });
    const distance = sum(squares.map(Math.sqrt)) / samples;
    const value = await proxyNamed('zen').measure(contextOf(network));
    expect(value).toBeCloseTo(Math.log(distance) + sum(logs), 5);
  });
});
