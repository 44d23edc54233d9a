import { describe, expect, it } from 'vitest';
import { planJacobian } from '../../server/fisher/plan.ts';
import type { ScoreNorm, ScoreSettings } from '../../server/fisher/settings.ts';
import { lower, LOGITS_OUTPUT, SAMPLES_INPUT } from '../../server/network/lower.ts';
import type { Network } from '../../server/network/network.ts';
import { paramSource, type NormMode } from '../../server/network/op.ts';
import { nasBench201 } from '../../server/network/nasbench201.ts';
import { interpret, materialise } from '../../server/tensor/interpret.ts';
import { inlineSource } from '../../server/tensor/materialise.ts';
import { drawOf, interpretJacobian } from './support/interpret.ts';
import { exact, networkOf, sketch, tinyText } from './support/networks.ts';

const seed = 3;
const networks: readonly (readonly [string, Network])[] = [
  ['convolutions', networkOf(tinyText)],
  [
    'tokens and vectors',
    networkOf(`model Tokens {
      input 8x8x3 classes 4
      conv(6, 4x4, stride = 4, padding = valid) -> tokens -> bn -> dense(5) -> bn(eps = 0.01) -> relu
      mean_tokens -> dense(6) -> bn -> relu -> dense(classes)
    }`),
  ],
  [
    'a cell of NAS-Bench-201',
    nasBench201('|nor_conv_3x3~0|+|none~0|skip_connect~1|+|nor_conv_1x1~0|avg_pool_3x3~1|nor_conv_3x3~2|', {
      channels: 4,
      cells: 1,
      classes: 4,
      input: [3, 8, 8],
    }),
  ],
];

/** All logits in one chunk. */
function logitsOf(
  network: Network,
  norm: NormMode,
  samples: Float64Array,
  change?: { readonly name: string; readonly element: number; readonly by: number },
): Float64Array {
  const size = network.inputShape.reduce((product, extent) => product * extent, 1);
  const { program } = lower(network, {
    batch: samples.length / size,
    norm,
    params: ({ name, init, shape }) => {
      const source = paramSource(name, init);
      if (name !== change?.name) return source;
      const values = Float64Array.from(materialise(source, shape, seed));
      values[change.element]! += change.by;
      return inlineSource(values);
    },
  });
  const { [LOGITS_OUTPUT]: logits } = interpret(program, { [SAMPLES_INPUT]: samples }, { seed });
  return Float64Array.from(logits!.data);
}

function samplesOf(network: Network, count: number): Float64Array {
  const shape = [count, ...network.inputShape];
  return Float64Array.from(materialise({ kind: 'normal', name: 'samples', std: 1 }, shape, seed));
}

function withNorm(norm: ScoreNorm, settings: ScoreSettings = exact): ScoreSettings {
  return { ...settings, norm };
}

function expectNear(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  expect(actual.length).toBe(expected.length);
  const scale = Math.max(...Array.from(expected, Math.abs));
  for (let index = 0; index < expected.length; index++)
    expect(Math.abs(actual[index]! - expected[index]!)).toBeLessThan(tolerance * scale);
}

describe.each(networks)('calibrated norms: %s', (_, network) => {
  const settings = withNorm('calibrated');
  const plan = planJacobian(network, settings);
  const samples = samplesOf(network, settings.samples);
  const draw = drawOf(plan, seed, samples);

  it('give the logits of batch mode where the batch is the one they were calibrated on', () => {
    expect(plan.calibration!.program.batch).toBe(settings.samples);
    expectNear(logitsOf(network, draw.norms!, samples), logitsOf(network, 'batch', samples), 1e-9);
    expect(logitsOf(network, 'eval', samples)).not.toEqual(logitsOf(network, 'batch', samples));
  });

  it('are constants of the derivatives: those of batch mode with the way through the statistics cut', () => {
    const full: ScoreSettings = { ...settings, fisher: 'released' };
    const jacobian = interpretJacobian(network, full, planJacobian(network, full), { weights: seed });
    const { classes, weights, parts } = jacobian;
    const step = 1e-5;
    const names = network.nodes.flatMap(({ params }) => params.map(({ name }) => name));
    for (const [weight, name] of names.entries()) {
      const [above, below] = [step, -step].map((by) =>
        logitsOf(network, draw.norms!, samples, { name, element: 0, by }),
      );
      const differences = above!.map((value, index) => (value - below![index]!) / (2 * step));
      const derivatives = differences.map((__, index) => parts[0]!.data[index * weights + weight]!);
      expect(differences).toHaveLength(settings.samples * classes);
      expectNear([...derivatives, 1], [...differences, 1], 1e-4);
    }
  });

  it('keep samples apart: what one of them is changes nothing of the others', () => {
    const size = samples.length / settings.samples;
    const moved = samples.map((value, index) => (index < size ? value : 2 * value + 1));
    const alone = logitsOf(network, draw.norms!, samples).slice(0, network.classes);
    const among = logitsOf(network, draw.norms!, moved).slice(0, network.classes);
    expect(among).toEqual(alone);
    const program = plan.passes[0]!.program(draw);
    const [first, second] = [samples, moved].map((values) => {
      const { jacobian } = interpret(
        program,
        { [SAMPLES_INPUT]: values.subarray(0, plan.batch * size) },
        { seed },
      );
      return Float64Array.from(jacobian!.data).slice(0, jacobian!.data.length / plan.batch);
    });
    expect(second).toEqual(first);
  });
});

describe('a plan of calibrated norms', () => {
  const network = networkOf(tinyText);

  it('asks for the norms of a draw', () => {
    const plan = planJacobian(network, withNorm('calibrated', sketch(1)));
    expect(() => plan.passes[0]!.program({ seed })).toThrow(TypeError);
  });

  it('has nothing to calibrate in evaluation mode, and without batch norms', () => {
    expect(planJacobian(network, withNorm('eval')).calibration).toBeUndefined();
    const plain = networkOf(
      'model M { input 8x8x3 classes 4 conv(4, 3x3) -> layernorm -> gap -> dense(classes) }',
    );
    expect(planJacobian(plain, withNorm('calibrated')).calibration).toBeUndefined();
  });

  it('takes as many samples as there is room for, and eight of the largest', () => {
    const sized = (extent: number): number => {
      const wide = networkOf(
        `model M { input ${extent}x${extent}x3 classes 4 conv(64, 3x3) -> bn -> relu -> gap -> dense(classes) }`,
      );
      return planJacobian(wide, withNorm('calibrated', { ...sketch(1), samples: 64 })).calibration!.program
        .batch;
    };
    expect(sized(8)).toBe(64);
    const [large, huge] = [sized(160), sized(1024)];
    expect(large).toBeGreaterThan(8);
    expect(large).toBeLessThan(64);
    expect(huge).toBe(8);
  });
});

describe('the norms of the released code for MobileNetV2', () => {
  it('are running statistics after one step of momentum 0.1, with ε 1e-3', () => {
    const network = networkOf('model M { input 4x4x2 classes 3 bn(eps = 0.5) -> gap -> dense(classes) }');
    const settings = withNorm('released-mbv2');
    const samples = samplesOf(network, settings.samples);
    const { norms } = drawOf(planJacobian(network, settings), seed, samples);
    expect(norms!.eps).toBe(1e-3);
    const { mean, variance } = norms!.statistics(0);
    const [ofMean, ofVariance] = [mean, variance].map((source) => materialise(source, [2], seed, 'float64'));
    for (const channel of [0, 1]) {
      // Channels first: 16 positions of one channel, then those of the next.
      const values = [...samples].filter((__, index) => Math.floor(index / 16) % 2 === channel);
      const average = values.reduce((sum, value) => sum + value, 0) / values.length;
      const squares = values.reduce((sum, value) => sum + (value - average) ** 2, 0);
      expect(ofMean![channel]).toBeCloseTo(0.1 * average, 12);
      expect(ofVariance![channel]).toBeCloseTo(0.9 + (0.1 * squares) / (values.length - 1), 12);
    }
  });

  it('normalise by the batch while they are measured', () => {
    const network = networkOf(`model M {
      input 6x6x2 classes 3
      conv(3, 3x3) -> bn(eps = 0.001) -> relu -> conv(3, 3x3) -> bn(eps = 0.001) -> gap -> dense(classes)
    }`);
    const of = (norm: ScoreNorm) => {
      const settings = withNorm(norm);
      return drawOf(planJacobian(network, settings), seed, samplesOf(network, settings.samples)).norms!;
    };
    const [released, calibrated] = [of('released-mbv2'), of('calibrated')];
    // What the second norm gets has been normalised by the whole variance of the first, not by nine tenths of 1.
    const [running, batch] = [released, calibrated].map(({ statistics }) =>
      materialise(statistics(1).mean, [3], seed, 'float64'),
    );
    expectNear(
      running!,
      batch!.map((value) => 0.1 * value),
      1e-12,
    );
  });
});
