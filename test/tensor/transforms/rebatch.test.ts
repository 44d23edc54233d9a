import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { planJacobian } from '../../../server/fisher/plan.ts';
import { Project } from '../../../server/language/project.ts';
import type { Network } from '../../../server/network/network.ts';
import { namedSettings } from '../../../server/score/settings.ts';
import type { ScoreSettings } from '../../../server/score/types.ts';
import { interpret } from '../../../server/tensor/interpret.ts';
import type { Op, Program } from '../../../server/tensor/ir.ts';
import { materialise } from '../../../server/tensor/materialise.ts';
import { withBatch } from '../../../server/tensor/transforms/rebatch.ts';
import { count } from '../../../server/tensor/shapes.ts';

const project = new Project({ read: (uri) => readFileSync(fileURLToPath(uri), 'utf8') });

function networkOf(text: string): Network {
  const reader = new Project({ read: () => text });
  const { models } = reader.analyse('file:///test.arch');
  return models[0]!.network!;
}

const small = networkOf(`model Small {
  input 8x8x3
  classes 4
  conv(6, 3x3, stride = 2) -> bn -> relu
  residual { dwconv(3x3) -> bn -> relu6 -> conv(6, 1x1) }
  se(2)
  maxpool(3x3, stride = 2)
  upsample(2)
  avgpool(2x2)
  gap -> dense(classes)
}`);

const transformer = networkOf(`model Transformer {
  input 8x8x3
  classes 4
  conv(8, 4x4, stride = 4) -> tokens -> cls_token -> posembed
  residual { layernorm -> attention(2) }
  residual { layernorm -> dense(16) -> gelu -> dense(8) }
  layernorm -> take_token(0) -> dense(classes)
}`);

const settings: Readonly<Record<string, ScoreSettings>> = {
  'a sketch': { ...namedSettings.live, samples: 6, indexSets: 3 },
  'exact contrasts': { ...namedSettings.paper, samples: 6 },
  'derivatives of logits': { ...namedSettings.paper, samples: 6, fisher: 'released' },
};

/** The program of a Jacobian for six samples at once. */
function jacobian(network: Network, own: ScoreSettings, mode: 'forward' | 'reverse'): Program {
  const plan = planJacobian(network, own, { mode });
  return withBatch(plan.passes[0]!.program({ seed: 0 }), 6)!;
}

function inputsOf(program: Program): Record<string, Float32Array> {
  return Object.fromEntries(
    program.nodes.flatMap(({ op, shape }) =>
      op.op === 'input' ? [[op.name, materialise({ kind: 'normal', name: op.name, std: 1 }, shape, 1)]] : [],
    ),
  );
}

/** Runs chunk after chunk and puts the rows together. */
function inChunks(program: Program, inputs: Readonly<Record<string, Float32Array>>, chunks: number) {
  const results: Record<string, number[]> = {};
  for (let chunk = 0; chunk < chunks; chunk += 1) {
    const rows = Object.fromEntries(
      Object.entries(inputs).map(([name, data]) => {
        const length = data.length / chunks;
        return [name, data.subarray(chunk * length, (chunk + 1) * length)];
      }),
    );
    for (const [name, { data }] of Object.entries(interpret(program, rows, { seed: 5 })))
      results[name] = [...(results[name] ?? []), ...data];
  }
  return results;
}

describe('A program for another number of samples', () => {
  const cases = [small, transformer].flatMap((network) =>
    Object.entries(settings).flatMap(([title, own]) =>
      (['reverse', 'forward'] as const)
        .filter((mode) => mode === 'reverse' || own.estimator.kind === 'exact')
        .map((mode) => ({ network, title, own, mode })),
    ),
  );

  it.each(cases)('gives the same rows: $network.name, $title, $mode', ({ network, own, mode }) => {
    const whole = jacobian(network, own, mode);
    const inputs = inputsOf(whole);
    const wanted = inChunks(whole, inputs, 1);
    for (const batch of [1, 2, 3]) {
      const part = withBatch(whole, batch)!;
      expect(part.batch).toBe(batch);
      expect(inChunks(part, inputs, 6 / batch)).toEqual(wanted);
    }
  });

  it('is there for every example', () => {
    const folder = resolve(import.meta.dirname, '../../../examples');
    const networks = readdirSync(folder)
      .filter((name) => name.endsWith('.arch'))
      .flatMap((name) => project.analyse(pathToFileURL(resolve(folder, name)).href).models)
      .flatMap(({ network }) => (network === undefined ? [] : [network]));
    expect(networks.length).toBeGreaterThanOrEqual(6);
    for (const network of networks) {
      const plan = planJacobian(network, { ...namedSettings.live, samples: 16 });
      const program = plan.passes[0]!.program({ seed: 0 });
      expect(withBatch(program, 1)?.nodes.length, network.name).toBeGreaterThan(0);
    }
  });

  const apply = (op: Op, shape: readonly number[]): Program => ({
    batch: 4,
    nodes: [
      { op: { op: 'input', name: 'x' }, inputs: [], shape: [4, 4] },
      { op, inputs: [0], shape },
    ],
    outputs: [{ name: 'y', node: 1, gather: 'samples' }],
  });

  it.each<[string, Op, readonly number[]]>([
    ['sums over them', { op: 'reduce', fn: 'sum', axes: [0] }, [1, 4]],
    ['transposes them', { op: 'transpose', permutation: [1, 0] }, [4, 4]],
    ['picks some', { op: 'gather', axis: 0, indices: [0, 0, 1, 1] }, [4, 4]],
    ['pads them', { op: 'pad', before: [4, 0], after: [0, 0], value: 0 }, [8, 4]],
    ['folds them', { op: 'reshape', shape: [2, 8] }, [2, 8]],
  ])('is refused where an operation %s', (_, op, shape) => {
    expect(withBatch(apply(op, shape), 2)).toBeUndefined();
  });

  it('is refused where constants differ from sample to sample', () => {
    const program: Program = {
      batch: 2,
      nodes: [
        { op: { op: 'input', name: 'x' }, inputs: [], shape: [2, 3] },
        { op: { op: 'constant', source: { kind: 'normal', name: 'c', std: 1 } }, inputs: [], shape: [2, 3] },
        { op: { op: 'binary', fn: 'mul' }, inputs: [0, 1], shape: [2, 3] },
      ],
      outputs: [{ name: 'y', node: 2, gather: 'samples' }],
    };
    expect(count(program.nodes[2]!.shape)).toBe(6);
    expect(withBatch(program, 1)).toBeUndefined();
  });
});
