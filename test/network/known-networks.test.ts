import { describe, expect, it } from 'vitest';
import type { Network } from '../../server/network/network.ts';
import { totals, unusedLayers } from '../../server/network/totals.ts';
import { HandBuilt, type NamedArgs } from './support/build.ts';

/** conv – bn – activation. */
function convBn(net: HandBuilt, args: NamedArgs, activation?: string): void {
  net.apply('conv', args);
  net.apply('bn');
  if (activation !== undefined) net.apply(activation);
}

function resnet18() {
  const net = new HandBuilt(224, 224, 3);
  convBn(net, { out: 64, kernel: 7, stride: 2 }, 'relu');
  net.apply('maxpool', { kernel: 3, stride: 2, padding: 1 });
  for (const [stage, width] of [64, 128, 256, 512].entries()) {
    for (let block = 0; block < 2; block++) {
      const stride = stage > 0 && block === 0 ? 2 : 1;
      const input = net.last;
      convBn(net, { out: width, kernel: 3, stride }, 'relu');
      convBn(net, { out: width, kernel: 3 });
      const main = net.last;
      let shortcut = input;
      if (stride === 2) {
        net.apply('conv', { out: width, kernel: 1, stride }, input);
        shortcut = net.apply('bn');
      }
      net.apply('add', {}, main, shortcut);
      net.apply('relu');
    }
  }
  net.apply('gap');
  net.apply('dense', { out: 1000 });
  return net.finish('ResNet18', 1000);
}

function mobilenetV2() {
  const net = new HandBuilt(224, 224, 3);
  convBn(net, { out: 32, kernel: 3, stride: 2 }, 'relu6');
  const stages = [
    [1, 16, 1, 1],
    [6, 24, 2, 2],
    [6, 32, 3, 2],
    [6, 64, 4, 2],
    [6, 96, 3, 1],
    [6, 160, 3, 2],
    [6, 320, 1, 1],
  ] as const;
  for (const [expansion, out, blocks, firstStride] of stages) {
    for (let block = 0; block < blocks; block++) {
      const stride = block === 0 ? firstStride : 1;
      const input = net.last;
      const channels = input.shape[0]!;
      if (expansion > 1) convBn(net, { out: channels * expansion, kernel: 1 }, 'relu6');
      net.apply('dwconv', { kernel: 3, stride });
      net.apply('bn');
      net.apply('relu6');
      convBn(net, { out, kernel: 1 });
      if (stride === 1 && channels === out) net.apply('add', {}, net.last, input);
    }
  }
  convBn(net, { out: 1280, kernel: 1 }, 'relu6');
  net.apply('gap');
  net.apply('dropout', { rate: 0.2 });
  net.apply('dense', { out: 1000 });
  return net.finish('MobileNetV2', 1000);
}

function deitTiny() {
  const net = new HandBuilt(224, 224, 3);
  net.apply('conv', { out: 192, kernel: 16, stride: 16, bias: true });
  for (const op of ['tokens', 'cls_token', 'posembed']) net.apply(op);
  for (let block = 0; block < 12; block++) {
    let input = net.last;
    net.apply('layernorm', { eps: 1e-6 });
    net.apply('attention', { heads: 3 });
    input = net.apply('add', {}, net.last, input);
    net.apply('layernorm', { eps: 1e-6 });
    net.apply('dense', { out: 768 });
    net.apply('gelu');
    net.apply('dense', { out: 192 });
    net.apply('add', {}, net.last, input);
  }
  net.apply('layernorm', { eps: 1e-6 });
  net.apply('take_token');
  net.apply('dense', { out: 1000 });
  return net.finish('DeiT-Tiny', 1000);
}

describe('published networks', () => {
  it('ResNet-18: 11.69 M parameters, 1.814 G multiply-accumulates (torchvision)', () => {
    expect(totals(resnet18())).toEqual({ params: 11689512, macs: 1814073344 + 1000, layers: 21 });
  });

  it('MobileNetV2: 3.50 M parameters, 300.8 M multiply-accumulates (torchvision)', () => {
    expect(totals(mobilenetV2())).toEqual({ params: 3504872, macs: 300774272 + 1000, layers: 53 });
  });

  it('DeiT-Tiny: 5.72 M parameters, 1.26 G multiply-accumulates (timm)', () => {
    const { params, macs, layers } = totals(deitTiny());
    expect(params).toBe(5717416);
    expect(macs / 1e9).toBeCloseTo(1.26, 2);
    expect(layers).toBe(1 + 12 * 4 + 1);
  });
});

describe('layers that the output does not depend on', () => {
  /** A network with a branch of so many convolutions that nobody reads. */
  function withBranch(unread: number): Network {
    const net = new HandBuilt(32, 32, 3);
    const stem = net.apply('conv', { out: 8, kernel: 3 });
    for (let index = 0; index < unread; index++) net.apply('conv', { out: 8, kernel: 3 });
    net.apply('gap', {}, stem);
    net.apply('dense', { out: 10 });
    return net.finish('Branch', 10);
  }

  it('have parameters and multiply-accumulates, and are no part of ℵ', () => {
    const one = totals(withBranch(0));
    const three = totals(withBranch(3));
    expect([one.layers, three.layers]).toEqual([2, 2]);
    expect(three.params - one.params).toBe(3 * 8 * 8 * 9);
    expect(three.macs - one.macs).toBe(3 * 8 * 8 * 9 * 32 * 32);
    expect([unusedLayers(withBranch(0)), unusedLayers(withBranch(3))]).toEqual([0, 3]);
  });
});
