import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { lower } from '../../server/network/lower.ts';
import { nasBench201 } from '../../server/network/nasbench201.ts';
import type { NetworkParam } from '../../server/network/network.ts';
import { paramSource } from '../../server/network/op.ts';
import { interpret } from '../../server/tensor/interpret.ts';
import type { Source } from '../../server/tensor/ir.ts';
import { HandBuilt } from './support/build.ts';
import type { Fixture } from './support/fixture.ts';

const fixtures = new URL('../fixtures/', import.meta.url);

describe('lower', () => {
  it('declares every parameter once, in order, and keeps the value of every node', () => {
    const net = new HandBuilt(8, 8, 3);
    const conv = net.apply('conv', { out: 4, kernel: 3, bias: true });
    net.apply('dropout');
    net.apply('layernorm');
    net.apply('relu');
    net.apply('gap');
    // A second branch that leads nowhere keeps its parameters.
    const logits = net.apply('dense', { out: 5 });
    net.apply('dense', { out: 7 });
    net.apply('identity', {}, logits);
    const network = net.finish('N', 5);

    const { program, params, nodeValues, logits: output } = lower(network, { batch: 3 });
    const declared = network.nodes.flatMap((node) => node.params);
    expect(params.map((param) => param.name)).toEqual(declared.map((param) => param.name));
    expect(new Set(params.map((param) => param.node)).size).toBe(params.length);
    for (const [i, { node, shape }] of params.entries()) {
      const constant = program.nodes[node]!;
      expect(constant.op).toEqual({
        op: 'constant',
        source: paramSource(declared[i]!.name, declared[i]!.init),
      });
      expect(constant.shape).toEqual(shape);
    }
    for (const [id, node] of network.nodes.entries()) {
      expect(program.nodes[nodeValues[id]!]!.shape).toEqual([3, ...node.shape]);
    }
    expect(nodeValues[conv.id + 1]).toBe(nodeValues[conv.id]);
    expect(program.outputs).toEqual([{ name: 'logits', node: output, gather: 'samples' }]);
    expect(program.nodes[output]!.shape).toEqual([3, 5]);
  });

  const files = readdirSync(fixtures).filter((name) => name.endsWith('.json'));
  it.each(files)('gives the logits of an independent program: %s', (file) => {
    const fixture = JSON.parse(readFileSync(new URL(file, fixtures), 'utf8')) as Fixture;
    const network = nasBench201(fixture.arch, {
      channels: fixture.C,
      cells: fixture.N,
      input: [3, fixture.res, fixture.res],
      classes: fixture.classes,
    });
    const names = new Map(
      network.nodes.flatMap((node) => node.params).map((param, i) => [param.name, fixture.named_params[i]!]),
    );
    const source = (param: NetworkParam): Source => {
      const base64 = fixture.weights_b64_f32[names.get(param.name)!.name];
      return base64 === undefined
        ? paramSource(param.name, param.init)
        : { kind: 'inline', dtype: 'float32', base64 };
    };
    const { program } = lower(network, { batch: fixture.batch, params: source });
    const bytes = Buffer.from(fixture.x_b64_f32, 'base64');
    const x = Float64Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readFloatLE(4 * i));

    const { logits } = interpret(program, { x }, { seed: 0 });
    const expected = fixture.logits.flat();
    const scale = Math.max(...expected.map(Math.abs));
    const error = Math.max(...expected.map((value, i) => Math.abs(value - logits!.data[i]!)));
    expect(logits!.shape).toEqual([fixture.batch, fixture.classes]);
    // Not a quotient: the logits of a network of `none` are all 0.
    expect(error).toBeLessThanOrEqual(1e-12 * scale);
  });
});
