import { describe, expect, it } from 'vitest';
import { symmetricEigenvalues } from '../../server/fisher/symmetric-eigenvalues.ts';
import { lower, SAMPLES_INPUT } from '../../server/network/lower.ts';
import { featureMaps, spectralEntropy } from '../../server/proxies/feature-maps.ts';
import { proxyNamed } from '../../server/proxies/index.ts';
import { largestSingularValue } from '../../server/proxies/singular-value.ts';
import { trainabilityProgram } from '../../server/proxies/trainability.ts';
import type { Numbers } from '../../server/tensor/array.ts';
import { interpret, materialise } from '../../server/tensor/interpret.ts';
import { networkOf } from '../fisher/support/networks.ts';
import { contextOf } from './support/context.ts';

const transformer = networkOf(`
  model Transformer {
    input 8x8x3
    classes 5
    conv(6, 4x4, stride = 4, padding = valid, bias = true) -> tokens -> cls_token -> posembed
    repeat 2 {
      residual { layernorm -> attention(2) }
      residual { layernorm -> dense(12) -> gelu -> dense(6) }
    }
    layernorm -> take_token -> dense(classes)
  }`);
const [batch, count, width] = [64, 5, 6];

describe('the scores of AZ-NAS for transformers', () => {
  const maps = featureMaps(transformer);

  it('look at the tokens behind every attention and every MLP', () => {
    expect(maps.map(({ op, shape }) => `${op} ${shape.join('x')}`)).toEqual(
      new Array<string>(4).fill(`add ${count}x${width}`),
    );
  });

  it('are the entropies of the channels over all tokens of all samples', async () => {
    const { program, nodeValues } = lower(transformer, { batch });
    const x = materialise({ kind: 'normal', name: 'samples', std: 1 }, [batch, 3, 8, 8], 0, 'float64');
    const covariances = maps.map(({ id }) => {
      const outputs = [{ name: 'map', node: nodeValues[id]!, gather: 'samples' as const }];
      const { data } = interpret({ ...program, outputs }, { [SAMPLES_INPUT]: x }, { seed: 0 })['map']!;
      const rows = batch * count;
      const means = Array.from({ length: width }, (_, channel) => {
        let sum = 0;
        for (let row = 0; row < rows; row += 1) sum += data[row * width + channel]! / rows;
        return sum;
      });
      return Float64Array.from({ length: width ** 2 }, (_, at) => {
        const [i, j] = [Math.floor(at / width), at % width];
        let sum = 0;
        for (let row = 0; row < rows; row += 1)
          sum += ((data[row * width + i]! - means[i]!) * (data[row * width + j]! - means[j]!)) / rows;
        return sum;
      });
    });
    const entropies = await Promise.all(covariances.map((covariance) => spectralEntropy(covariance, width)));
    const steps = entropies.slice(1).map((entropy, index) => entropy - entropies[index]!);
    const context = contextOf(transformer);
    expect(await proxyNamed('expressivity').measure(context)).toBeCloseTo(
      entropies.reduce((sum, entropy) => sum + entropy),
      5,
    );
    expect(await proxyNamed('progressivity').measure(context)).toBeCloseTo(Math.min(...steps), 5);
  });

  it('send random gradients back from tokens to tokens', () => {
    const own = 2;
    const { program, pairs } = trainabilityProgram(transformer, own);
    expect(pairs.map(({ rows, columns }) => [rows, columns])).toEqual(
      new Array<readonly number[]>(3).fill([width, width]),
    );
    const x = materialise({ kind: 'normal', name: 'samples', std: 1 }, [own, 3, 8, 8], 0, 'float64');
    const signs = pairs.map(({ input, shape }): [string, Numbers] => [
      input,
      materialise({ kind: 'signs', name: input, scale: 1 }, shape, 0, 'float64'),
    ]);
    const inputs: Readonly<Record<string, Numbers>> = { [SAMPLES_INPUT]: x, ...Object.fromEntries(signs) };
    const actual = interpret(program, inputs, { seed: 0 })['transfers']!.data.subarray(0, width ** 2);
    // The first pair: x ↦ x + mlp(x), its derivative by central differences of ⟨g_out, x + mlp(x)⟩.
    const { program: primal, nodeValues } = lower(transformer, { batch: own });
    const value = (before: Float64Array): number => {
      const nodes = primal.nodes.map((node, id) =>
        id === nodeValues[maps[0]!.id]!
          ? { op: { op: 'input' as const, name: 'before' }, inputs: [], shape: node.shape }
          : node,
      );
      const outputs = [{ name: 'after', node: nodeValues[maps[1]!.id]!, gather: 'samples' as const }];
      const { data } = interpret({ ...primal, nodes, outputs }, { ...inputs, before }, { seed: 0 })['after']!;
      const out = inputs[pairs[0]!.input]!;
      let sum = 0;
      for (const [at, sign] of out.entries()) sum += sign * data[at]!;
      return sum;
    };
    const outputs = [{ name: 'map', node: nodeValues[maps[0]!.id]!, gather: 'samples' as const }];
    const map = interpret({ ...primal, outputs }, inputs, { seed: 0 })['map']!.data;
    const received = Float64Array.from(map, (_, at) => {
      const moved = (step: number): Float64Array =>
        Float64Array.from(map, (own_, index) => (index === at ? own_ + step : own_));
      return (value(moved(1e-5)) - value(moved(-1e-5))) / 2e-5;
    });
    const given = inputs[pairs[0]!.input]!;
    for (let i = 0; i < width; i += 1)
      for (let j = 0; j < width; j += 1) {
        let sum = 0;
        for (let row = 0; row < own * count; row += 1)
          sum += (received[row * width + i]! * given[row * width + j]!) / (own * count);
        expect(actual[i * width + j]).toBeCloseTo(sum, 6);
      }
  });
});

describe('the largest singular value', () => {
  it.each([
    [150, 140],
    [200, 150],
    [140, 300],
    [20, 300],
    [300, 20],
  ])('of %i rows and %i columns is the root of the largest eigenvalue of AᵀA', async (rows, columns) => {
    const matrix = materialise({ kind: 'normal', name: 'a', std: 1 }, [rows, columns], 5, 'float64');
    const gram = Float64Array.from({ length: columns ** 2 }, (_, at) => {
      const [i, j] = [Math.floor(at / columns), at % columns];
      let sum = 0;
      for (let row = 0; row < rows; row += 1) sum += matrix[row * columns + i]! * matrix[row * columns + j]!;
      return sum;
    });
    const expected = Math.sqrt(symmetricEigenvalues(gram, columns).at(-1)!);
    expect((await largestSingularValue(matrix, rows, columns)) / expected).toBeCloseTo(1, 11);
  });

  it('is 0 for zeros, and found for a matrix of one direction', async () => {
    expect(await largestSingularValue(new Float64Array(150 * 150), 150, 150)).toBe(0);
    expect(await largestSingularValue(new Float64Array(150 * 150).fill(2), 150, 150)).toBeCloseTo(300, 8);
  });
});
