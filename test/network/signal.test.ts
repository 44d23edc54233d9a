import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planJacobian } from '../../server/fisher/plan.ts';
import { opLabel } from '../../server/network/op-label.ts';
import type { Network } from '../../server/network/network.ts';
import { nasBench201 } from '../../server/network/nasbench201.ts';
import { silenceMessage, silentOps } from '../../server/network/signal.ts';
import { interpretJacobian } from '../fisher/support/interpret.ts';
import { exact, networkOf } from '../fisher/support/networks.ts';
import { cases } from '../support/property-runs.ts';

function model(body: string, before = ''): Network {
  return networkOf(`${before}\nmodel M { input 6x6x3 classes 3 ${body} }`);
}

/** `conv blocked by none`, by op in the order of the network. */
function told(network: Network): string[] {
  return [...silentOps(network)].map(([id, { kind, nodes }]) => {
    const causes = nodes.map((node) => network.nodes[node]!.op).join(' ');
    return `${network.nodes[id]!.op} ${kind} ${causes}`;
  });
}

describe('ops without signal', () => {
  it('are none in a network in order', () => {
    expect(
      told(model('conv(4, 3x3) -> bn -> relu6 -> residual { conv(4, 1x1) } gap -> dense(classes)')),
    ).toEqual([]);
  });

  it('are those of a branch that nothing uses', () => {
    const network = model(`trunk = conv(4, 3x3)
      side = relu -> conv(2, 1x1) -> bn
      trunk -> gap -> dense(classes)`);
    expect(told(network)).toEqual(['relu unused bn', 'conv unused bn', 'bn unused bn']);
  });

  it('are those before and behind `none`, but for biases behind it', () => {
    const network = model('conv(4, 3x3) -> none -> conv(4, 1x1, bias = true) -> gap -> dense(classes)');
    expect(told(network)).toEqual(['conv blocked none', 'none zero-input none', 'gap zero-input none']);
    const withRelu = model(
      'conv(4, 3x3) -> none -> conv(4, 1x1, bias = true) -> relu -> gap -> dense(classes)',
    );
    // The derivative of a ReLU at 0 is 0, so not even the bias learns.
    expect(told(withRelu).slice(2)).toEqual([
      'conv zero-input none',
      'relu zero-input none',
      'gap zero-input none',
    ]);
  });

  it('are those that a product with zeros cuts off', () => {
    const network = model(`trunk = conv(4, 1x1)
      gate = none
      trunk -> conv(4, 3x3) -> mul(gate) -> add(trunk) -> gap -> dense(classes)`);
    expect(told(network)).toEqual(['none zero-input none', 'conv blocked none', 'mul zero-input none']);
  });

  it('are all but the head around an all-none cell, and none around one open edge', () => {
    const dead = nasBench201('|none~0|+|none~0|none~1|+|none~0|none~1|none~2|', {
      channels: 4,
      cells: 1,
    });
    const silent = silentOps(dead);
    const heard = dead.nodes.slice(1).filter(({ id, params }) => params.length > 0 && !silent.has(id));
    expect(heard.map(opLabel)).toEqual(['dense(10)']);
    const open = nasBench201('|none~0|+|none~0|none~1|+|skip_connect~0|none~1|none~2|', {
      channels: 4,
      cells: 1,
    });
    const left = [...silentOps(open).keys()].map((id) => open.nodes[id]!);
    expect(left.filter(({ params }) => params.length > 0)).toEqual([]);
  });

  it('have gradients of 0 in every network', () => {
    const op = fc.constantFrom('none', 'skip_connect', 'nor_conv_1x1', 'nor_conv_3x3', 'avg_pool_3x3');
    const cell = fc.array(op, { minLength: 6, maxLength: 6 }).map(
      ([a, b, c, d, e, f]) => `cell Cell {
        0 -> 1: ${a!}  0 -> 2: ${b!}  1 -> 2: ${c!}
        0 -> 3: ${d!}  1 -> 3: ${e!}  2 -> 3: ${f!} }`,
    );
    const body = fc.constantFrom(
      'conv(2, 3x3) -> bn -> Cell -> gap -> dense(classes)',
      'conv(2, 1x1, bias = true) -> Cell -> relu -> Cell -> bn -> gap -> dense(classes)',
      'conv(2, 1x1) x = Cell y = conv(2, 3x3) -> Cell x -> add(y) -> gap -> dense(classes)',
      'conv(2, 1x1) x = Cell y = conv(2, 3x3) -> Cell x -> mul(y) -> gap -> dense(classes)',
    );
    const settings = { ...exact, samples: 4, weights: 1000, indexSets: 3 };
    fc.assert(
      fc.property(cell, body, (declaration, text) => {
        const network = model(text, declaration);
        const silent = silentOps(network);
        const jacobian = interpretJacobian(network, settings, planJacobian(network, settings), {
          weights: 1,
        });
        const owners = network.nodes.flatMap(({ id, params }) => params.map(() => id));
        const heard = new Set<number>();
        for (const { data, weights } of jacobian.parts) {
          const width = weights.to - weights.from;
          for (const [index, value] of data.entries()) {
            if (value !== 0) heard.add(owners[weights.from + (index % width)]!);
          }
        }
        for (const { id, params, path } of network.nodes) {
          if (params.length > 0 && silent.has(id)) expect([path, heard.has(id)]).toEqual([path, false]);
        }
      }),
      cases(60),
    );
  });
});

describe('the sentence about silence', () => {
  /** Of a convolution into so many branches, each of which a block of its own closes. */
  const said = (branches: number): string => {
    const each = Array.from({ length: branches }, (_, index) => index);
    const network = model(
      `conv(4, 3x3) -> parallel add { ${each.map((index) => `branch { B${index} }`).join(' ')} } gap -> dense(classes)`,
      each.map((index) => `block B${index}() { none }`).join('\n'),
    );
    const { kind, nodes } = silentOps(network).get(1)!;
    return silenceMessage(
      kind,
      nodes.map((node) => network.nodes[node]!),
    );
  };

  it('counts the causes that it does not name, and says where it has not counted them all', () => {
    const named =
      'Every way to the output is blocked by `none` in `B0()`, `none` in `B1()`, `none` in `B2()`';
    expect(said(3)).toBe(`${named}.`);
    expect(said(15)).toBe(`${named} and 12 more.`);
    expect(said(30)).toBe(`${named} and at least 13 more.`);
  });
});

describe('the label of an op', () => {
  it('is as one would write it', () => {
    const network = model(
      'conv(4, 3x3) -> conv(4, 1x1, stride = 2) -> bn -> maxpool(2x2) -> leaky_relu -> gap -> dense(classes)',
    );
    expect(network.nodes.slice(1).map(opLabel)).toEqual([
      'conv(4, 3x3)',
      'conv(4, 1x1, stride = 2)',
      'bn',
      'maxpool(2x2)',
      'leaky_relu',
      'gap',
      'dense(3)',
    ]);
  });
});
