import { describe, expect, it } from 'vitest';
import { LOGITS_OUTPUT, lower, SAMPLES_INPUT } from '../../server/network/lower.ts';
import type { Network, NetworkParam } from '../../server/network/network.ts';
import { paramSource } from '../../server/network/op.ts';
import { proxyNamed } from '../../server/proxies/index.ts';
import { synflowProgram } from '../../server/proxies/synflow.ts';
import { interpret, materialise } from '../../server/tensor/interpret.ts';
import type { Source } from '../../server/tensor/ir.ts';
import { inlineSource } from '../../server/tensor/materialise.ts';
import { reverse } from '../../server/tensor/transforms/reverse.ts';
import { count } from '../../server/tensor/shapes.ts';
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

/** A parameter's values for seed 0, each replaced by a function of it. */
function changed(param: NetworkParam, change: (value: number) => number): Source {
  return inlineSource(
    Float64Array.from(materialise(paramSource(param.name, param.init), param.shape, 0, 'float64'), change),
  );
}

describe('SynFlow', () => {
  /** Σ θ·∂R/∂θ over each single weight, by reverse mode. */
  function sumOfProducts(own: Network): number {
    const primal = lower(own, { batch: 1, params: (param) => changed(param, Math.abs) });
    const isLayer = new Map(
      own.nodes.flatMap(({ params }) => params.map(({ name, init }) => [name, init.kind === 'kaiming'])),
    );
    let sum = 0;
    for (const param of primal.params.filter(({ name }) => isLayer.get(name))) {
      const size = count(param.shape);
      const program = reverse(
        primal,
        [{ param, elements: Array.from({ length: size }, (_, element) => element) }],
        (b, logits) => ({ value: b.broadcast(b.scalar(1, 2), logits.shape), lanes: 1 }),
      );
      const inputs = { [SAMPLES_INPUT]: new Float64Array(count(own.inputShape)).fill(1) };
      const { jacobian } = interpret(program, inputs, { seed: 0 });
      const node = primal.program.nodes[param.node]!;
      const values = node.op.op === 'constant' ? materialise(node.op.source, node.shape, 0, 'float64') : [];
      for (let element = 0; element < size; element += 1) sum += values[element]! * jacobian!.data[element]!;
    }
    return sum;
  }

  it('is the sum over every weight of its magnitude times its derivative', async () => {
    const value = await proxyNamed('synflow').measure(contextOf(network));
    expect(value).toBeCloseTo(Math.log(sumOfProducts(network)), 6);
  });

  it('takes a difference as a sum, and a vector at every position as that', async () => {
    const joined = (op: string): Network =>
      networkOf(`
        model Joined {
          input 6x6x2
          classes 4
          conv(4, 3x3)
          x = identity
          gap -> dense(4)
          y = identity
          x -> channel_shuffle(2) -> scale(init = 0.5) -> ${op}(y) -> gap -> dense(classes)
        }
      `);
    const value = await proxyNamed('synflow').measure(contextOf(joined('add')));
    expect(value).toBeCloseTo(Math.log(sumOfProducts(joined('add'))), 6);
    expect(await proxyNamed('synflow').measure(contextOf(joined('sub')))).toBe(value);
  });

  it('stays in the range of floats where the sum does not', () => {
    const deep = networkOf(`
      model Deep {
        input 1x1x64
        classes 2
        repeat 50 { residual { conv(64, 1x1) -> relu } }
        gap -> dense(classes)
      }`);
    const { program, logScale } = synflowProgram(deep);
    const inputs = { [SAMPLES_INPUT]: new Float64Array(64).fill(1) };
    const flow = interpret(program, inputs, { seed: 0 })['flow']!.data[0]!;
    expect(logScale).toBeGreaterThan(100);
    expect(Math.abs(Math.log(flow))).toBeLessThan(50);
    // The sum is R times d ln R / d ln s, all weights times s.
    const logOutput = (scale: number): number => {
      const { program: scaled } = lower(deep, {
        batch: 1,
        params: (param) => changed(param, (value) => scale * Math.abs(value)),
      });
      const { data } = interpret(scaled, inputs, { seed: 0 })[LOGITS_OUTPUT]!;
      return Math.log(data[0]! + data[1]!);
    };
    const slope = (logOutput(1 + 1e-4) - logOutput(1 - 1e-4)) / 2e-4;
    expect(Math.log(flow) + logScale).toBeCloseTo(logOutput(1) + Math.log(slope), 5);
  });

  it('follows the largest of a window, and branches that are put side by side', async () => {
    const branching = networkOf(`
      model Branching {
        input 8x8x2
        classes 3
        conv(3, 3x3) -> relu -> maxpool(3x3, stride = 2, padding = same)
        parallel concat { branch { conv(2, 3x3) -> relu } branch { conv(4, 1x1) -> relu -> conv(2, 3x3) } branch { identity } }
        gmp -> dense(classes)
      }`);
    const value = await proxyNamed('synflow').measure(contextOf(branching));
    expect(value).toBeCloseTo(Math.log(sumOfProducts(branching)), 6);
  });

  it('keeps its range along a chain of concatenations', () => {
    const dense = networkOf(`
      model Dense {
        input 1x1x16
        classes 2
        repeat 60 { parallel concat { branch { identity } branch { bn -> relu -> conv(4, 1x1) } } }
        gap -> dense(classes)
      }`);
    const { program } = synflowProgram(dense);
    const flow = interpret(program, { [SAMPLES_INPUT]: new Float64Array(16).fill(1) }, { seed: 0 })['flow']!;
    expect(Math.abs(Math.log(flow.data[0]!))).toBeLessThan(50);
  });

  it.each([
    [
      'activations and layer norms pass on what they get',
      'conv(3, 3x3) -> gelu -> layernorm -> conv(4, 1x1) -> tanh -> groupnorm(2) -> conv(3, 1x1) -> hardswish -> softmax',
      'conv(3, 3x3) -> conv(4, 1x1) -> conv(3, 1x1)',
    ],
    ['squeeze-and-excitation lets all pass', 'conv(8, 3x3) -> se(4)', 'conv(8, 3x3)'],
    [
      'a gate of a product lets all pass',
      'x = conv(8, 3x3)\n conv(2, 1x1) -> relu -> conv(8, 1x1) -> sigmoid -> dropout(0.1) -> mul(x)',
      'conv(8, 3x3)',
    ],
    [
      'a product of signals is their mean',
      'x = conv(4, 3x3)\n conv(4, 1x1) -> mul(x)',
      'x = conv(4, 3x3)\n conv(4, 1x1) -> add(x)',
    ],
  ])('%s', async (name, body, linear) => {
    const model = (own: string): Network =>
      networkOf(`model A {\n input 5x5x2\n classes 3\n ${own}\n gap -> dense(classes)\n}`);
    const value = await proxyNamed('synflow').measure(contextOf(model(body)));
    const halved = name.startsWith('a product of signals') ? Math.log(2) : 0;
    expect(value).toBeCloseTo(Math.log(sumOfProducts(model(linear))) - halved, 6);
  });

  it('takes the mean over the tokens for attention, whatever they are, and embeddings by their magnitude', async () => {
    const own = networkOf(`
      model Tokens {
        input 4x4x2
        classes 3
        conv(4, 2x2, stride = 2, padding = valid) -> tokens -> posembed
        layernorm -> attention(2) -> mean_tokens -> dense(classes)
      }`);
    const named = new Map(
      own.nodes.flatMap(({ params }) =>
        params.map((param): [string, { shape: readonly number[]; values: readonly number[] }] => [
          param.name.replace(/^.*[/]([^/]*[/][^/]*)$/, '$1'),
          {
            shape: param.shape,
            values: [...materialise(paramSource(param.name, param.init), param.shape, 0)].map(Math.abs),
          },
        ]),
      ),
    );
    const times = (weight: string, x: readonly number[], from = 0): number[] => {
      const { values } = named.get(weight)!;
      return Array.from({ length: weight.startsWith('dense') ? 3 : 4 }, (_, row) =>
        x.reduce((sum, value, at) => sum + values[(from + row) * x.length + at]! * value, 0),
      );
    };
    const conv = times('conv.0/weight', new Array<number>(8).fill(1));
    const embedding = named.get('posembed.0/weight')!.values;
    const place = conv.map((_, at) => [0, 4, 8, 12].reduce((sum, row) => sum + embedding[row + at]! / 4, 0));
    const after = (x: readonly number[]): number =>
      times('dense.0/weight', times('attention.0/proj.weight', times('attention.0/qkv.weight', x, 8))).reduce(
        (sum, logit) => sum + logit,
      );
    // Three layers behind the embedding, and the one before it that it takes no part in.
    const sum = 3 * (after(conv) + after(place)) + after(conv);
    expect(await proxyNamed('synflow').measure(contextOf(own))).toBeCloseTo(Math.log(sum), 5);
  });
});
