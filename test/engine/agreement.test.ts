import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Binding, TensorJob } from '../../server/engine/engine.ts';
import type { Executor } from '../../server/engine/executor.ts';
import { runJob } from '../../server/engine/run-job.ts';
import { planJacobian } from '../../server/fisher/plan.ts';
import { Project } from '../../server/language/analysis.ts';
import type { Network, NetworkTotals } from '../../server/network/network.ts';
import { totals } from '../../server/network/totals.ts';
import { namedSettings } from '../../server/score/settings.ts';
import { executors } from './executors.ts';

const examples = resolve(import.meta.dirname, '../../examples');
const project = new Project({ read: (uri) => readFileSync(fileURLToPath(uri), 'utf8') });
const networks = readdirSync(examples)
  .filter((name) => name.endsWith('.arch'))
  .flatMap((name) => project.analyse(pathToFileURL(join(examples, name)).href).models)
  .flatMap(({ name, network }) => (network === undefined ? [] : [{ name, network }]));

/** The Jacobian of two samples. */
function jacobianJob(network: Network): TensorJob {
  const settings = { ...namedSettings.live, samples: 2, indexSets: 4 };
  const plan = planJacobian(network, settings);
  const program = plan.passes[0]!.program();
  const bindings: Record<string, Binding> = {};
  for (const { op, shape } of program.nodes)
    if (op.op === 'input')
      bindings[op.name] = {
        shape: [settings.samples, ...shape.slice(1)],
        source: { kind: 'normal', name: op.name, std: 1 },
      };
  return { program, chunks: settings.samples / plan.batch, bindings, seed: 3 };
}

async function run(executor: Executor, job: TensorJob): Promise<Readonly<Record<string, Float32Array>>> {
  const { outputs } = await runJob(executor, job, { isCancelled: () => false, onProgress: () => undefined });
  return Object.fromEntries(Object.entries(outputs).map(([name, { data }]) => [name, data]));
}

/** Median over entries of |a − b| / max(|a|, |b|). */
function medianDifference(a: Float32Array, b: Float32Array): number {
  const differences = Array.from(a, (value, i) => {
    const size = Math.max(Math.abs(value), Math.abs(b[i]!));
    return size === 0 ? 0 : Math.abs(value - b[i]!) / size;
  }).sort((x, y) => x - y);
  return differences[Math.floor(differences.length / 2)]!;
}

/**
 * Where a pre-activation is within rounding of a kink, a float32 engine may take either side, and every derivative of
 * that image changes by about 1/√(size of the layer). With a few hundred thousand activations that is rare; MobileNetV2
 * has seven million with two kinks each, so that every image has several, and both engines are equally far (1 %) from
 * float64.
 */
function tolerance({ macs }: NetworkTotals): number {
  return macs > 200e6 ? 5e-2 : 1e-4;
}

describe('The engines agree on', () => {
  let onnx: Executor;
  let tfjs: Executor;
  beforeAll(async () => {
    onnx = await executors['onnx-cpu']!();
    tfjs = await executors['tfjs-wasm']!();
  });

  it('examples there are', () => {
    expect(networks.length).toBeGreaterThanOrEqual(6);
  });

  it.each(networks)('the logits and the Jacobian of $name', { timeout: 180_000 }, async ({ network }) => {
    const job = jacobianJob(network);
    const [a, b] = [await run(onnx, job), await run(tfjs, job)];
    for (const name of ['logits', 'jacobian']) {
      expect(a[name]!.every(Number.isFinite)).toBe(true);
      expect(a[name]!.some((value) => value !== 0)).toBe(true);
      const limit = name === 'logits' ? 1e-4 : tolerance(totals(network));
      expect(medianDifference(a[name]!, b[name]!), name).toBeLessThan(limit);
    }
  });
});
