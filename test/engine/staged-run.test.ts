import { beforeAll, describe, expect, it } from 'vitest';
import type { TensorArray, TensorJob } from '../../server/engine/engine.ts';
import type { Executor } from '../../server/engine/executor.ts';
import { createOnnxExecutor } from '../../server/engine/onnx/executor.ts';
import { runJob, type Room } from '../../server/engine/run-job.ts';
import { Scratch } from '../../server/engine/scratch.ts';
import { nasBench201 } from '../../server/network/nasbench201.ts';
import type { Network } from '../../server/network/network.ts';
import { covarianceProgram } from '../../server/proxies/feature-maps.ts';
import { inputGradientProgram } from '../../server/proxies/input-gradients.ts';
import { lossGradientProgram } from '../../server/proxies/loss-gradients.ts';
import { labelsBinding, randomLabels, samplesBinding } from '../../server/proxies/measured.ts';
import { activationProgram } from '../../server/proxies/naswot.ts';
import { trainabilityProgram } from '../../server/proxies/trainability.ts';
import { programCost } from '../../server/tensor/cost.ts';
import type { Program } from '../../server/tensor/ir.ts';
import { staged } from '../../server/tensor/staging/stages.ts';
import { networkOf } from '../fisher/support/networks.ts';

const samples = 8;
const convolutional = networkOf(`
  model Convolutional {
    input 12x12x3
    classes 5
    conv(6, 3x3, stride = 2) -> bn -> relu -> maxpool(3x3, stride = 2, padding = same)
    residual { conv(6, 3x3) -> bn -> relu -> conv(6, 3x3, groups = 2) -> bn -> se(2) }
    relu
    residual { conv(8, 1x1, stride = 3) -> bn -> silu -> conv(8, 3x3) -> bn } shortcut { conv(8, 1x1, stride = 3) -> bn }
    relu -> gap -> dense(classes)
  }`);
const transformer = networkOf(`
  model Transformer {
    input 8x8x3
    classes 5
    conv(8, 4x4, stride = 4, padding = valid, bias = true) -> tokens -> cls_token -> posembed
    repeat 2 {
      residual { layernorm -> attention(2) }
      residual { layernorm -> dense(16) -> gelu -> dense(8) }
    }
    layernorm -> take_token -> dense(classes)
  }`);
const cells = nasBench201(
  '|nor_conv_3x3~0|+|nor_conv_1x1~0|avg_pool_3x3~1|+|skip_connect~0|nor_conv_3x3~1|none~2|',
  { channels: 4, cells: 1, input: [3, 16, 16], classes: 5 },
);

let executor: Executor;
beforeAll(async () => {
  executor = await createOnnxExecutor(1);
});

async function results(
  program: Program,
  network: Network,
  room?: Omit<Room, 'all'>,
): Promise<{ readonly outputs: Readonly<Record<string, TensorArray>>; readonly steps: number }> {
  const signs = program.nodes.flatMap(({ op, shape }) =>
    op.op === 'input' && op.name.startsWith('signs.')
      ? [[op.name, { shape, source: { kind: 'signs', name: op.name, scale: 1 } }] as const]
      : [],
  );
  const job: TensorJob = {
    program,
    chunks: 1,
    bindings: {
      ...samplesBinding(network, samples),
      ...labelsBinding(randomLabels(samples, network.classes, 3), network.classes),
      ...Object.fromEntries(signs),
    },
    seed: 3,
  };
  let outputs: Readonly<Record<string, TensorArray>> = {};
  let steps = 0;
  await runJob(
    executor,
    job,
    {
      isCancelled: () => false,
      onProgress: (_, total) => {
        steps = total;
      },
      onResult: (result) => {
        outputs = result.outputs;
      },
    },
    new Scratch(),
    room && { ...room, all: Infinity },
  );
  return { outputs, steps };
}

function furthest(one: Float32Array, other: Float32Array): number {
  const largest = one.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return one.reduce((most, value, at) => Math.max(most, Math.abs(value - other[at]!)), 0) / largest;
}

const programs: readonly (readonly [string, (network: Network) => Program])[] = [
  ['gradients by the input', (network) => inputGradientProgram(network, samples)],
  ['gradients of the loss', (network) => lossGradientProgram(network, samples, { saliencies: true }).program],
  ['covariances of feature maps', (network) => covarianceProgram(network, samples)],
  ['gradients between feature maps', (network) => trainabilityProgram(network, samples).program],
  ['ReLUs that samples share', (network) => activationProgram(network, samples).program],
];
const networks = [convolutional, cells];
const cases = programs.flatMap(([name, build]) =>
  networks.map((network) => [name, network.name, build(network), network] as const),
);

describe('a program in stages', () => {
  it.each([
    ...cases,
    [
      'gradients by the input',
      transformer.name,
      inputGradientProgram(transformer, samples),
      transformer,
    ] as const,
    [
      'gradients of the loss',
      transformer.name,
      lossGradientProgram(transformer, samples, { saliencies: true }).program,
      transformer,
    ] as const,
  ])('gives the %s of %s as the whole does, whatever is kept', async (_name, _network, program, network) => {
    const whole = await results(program, network);
    expect(whole.steps).toBe(1);
    for (const kept of [Infinity, 20e3, 0]) {
      const cut = await results(program, network, { whole: 0, kept, chunk: 1 });
      expect(cut.steps).toBeGreaterThanOrEqual(samples);
      for (const [name, { data, shape }] of Object.entries(whole.outputs)) {
        expect(cut.outputs[name]!.shape).toEqual(shape);
        expect(furthest(data, cut.outputs[name]!.data)).toBeLessThan(2e-5);
      }
    }
  });

  it('keeps no more than there is room for, and computes again instead', () => {
    const program = inputGradientProgram(convolutional, samples);
    const [all, some, none] = [Infinity, 15e3, 0].map((room) => staged(program, { room }));
    expect(some!.keptBytes).toBeLessThanOrEqual(15e3);
    expect(all!.keptBytes).toBeGreaterThan(15e3);
    expect(none!.keptBytes).toBeLessThan(some!.keptBytes);
    const bytes = (one: typeof all): number =>
      one!.stages.reduce((sum, { program: own, chunks }) => sum + programCost(own).bytesTouched * chunks, 0);
    expect(bytes(some)).toBeGreaterThan(bytes(all));
    expect(bytes(none)).toBeGreaterThan(bytes(some));
  });
});
