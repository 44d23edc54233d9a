import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import type { TensorJob, TensorJobResult } from '../../server/engine/engine.ts';
import type { Executor } from '../../server/engine/executor.ts';
import { runJob } from '../../server/engine/run-job.ts';
import { Project } from '../../server/language/project.ts';
import { namedSettings } from '../../server/score/settings.ts';
import type { NodeId, Program } from '../../server/tensor/ir.ts';
import { executors } from './executors.ts';
import { jacobianJob } from './jacobian-job.ts';

const examples = resolve(import.meta.dirname, '../../examples');
const project = new Project({ read: (uri) => readFileSync(fileURLToPath(uri), 'utf8') });
const networks = readdirSync(examples)
  .filter((name) => name.endsWith('.arch'))
  .flatMap((name) => project.analyse(pathToFileURL(join(examples, name)).href).models)
  .flatMap(({ name, network }) => (network === undefined ? [] : [{ name, network }]));

type Outputs = Readonly<Record<string, Float32Array>>;

async function run(executor: Executor, job: TensorJob): Promise<Outputs> {
  const { outputs } = await new Promise<TensorJobResult>((onResult, onFailure) => {
    runJob(executor, job, { isCancelled: () => false, onProgress: () => undefined, onResult }).catch(
      onFailure,
    );
  });
  return Object.fromEntries(Object.entries(outputs).map(([name, { data }]) => [name, data]));
}

/** The nodes that say on which side of its kink every pre-activation is. */
function kinksOf({ nodes }: Program): NodeId[] {
  return nodes.flatMap(({ op }, id) => (op.op === 'unary' && op.fn === 'step' ? [id] : []));
}

/** The job with the sides as outputs. */
function tellingSides(job: TensorJob): TensorJob {
  const kinks = kinksOf(job.program).map((node) => ({
    name: `side ${node}`,
    node,
    gather: 'samples' as const,
  }));
  return { ...job, program: { ...job.program, outputs: [...job.program.outputs, ...kinks] } };
}

/** The job with the sides as inputs, as told before. */
function withSides(job: TensorJob, told: Outputs): TensorJob {
  const kinks = new Set(kinksOf(job.program));
  const bindings = { ...job.bindings };
  const nodes = job.program.nodes.map((node, id) => {
    if (!kinks.has(id)) return node;
    const name = `side ${id}`;
    const { buffer, byteOffset, byteLength } = told[name]!;
    bindings[name] = {
      shape: [node.shape[0]! * job.chunks, ...node.shape.slice(1)],
      source: {
        kind: 'inline',
        dtype: 'float32',
        base64: Buffer.from(buffer, byteOffset, byteLength).toString('base64'),
      },
    };
    return { ...node, op: { op: 'input', name } as const, inputs: [] };
  });
  return { ...job, program: { ...job.program, nodes }, bindings };
}

/** Of how many pre-activations there are, how many lie on different sides. */
function differingSides(a: Outputs, b: Outputs): { readonly all: number; readonly differ: number } {
  let [all, differ] = [0, 0];
  for (const [name, sides] of Object.entries(a)) {
    if (!name.startsWith('side ')) continue;
    const others = b[name]!;
    all += sides.length;
    differ += sides.reduce((count, side, i) => count + Number(side !== others[i]), 0);
  }
  return { all, differ };
}

/** Median over entries of |a − b| / max(|a|, |b|). */
function medianDifference(a: Float32Array, b: Float32Array): number {
  const differences = Array.from(a, (value, i) => {
    const size = Math.max(Math.abs(value), Math.abs(b[i]!));
    return size === 0 ? 0 : Math.abs(value - b[i]!) / size;
  }).sort((x, y) => x - y);
  return differences[Math.floor(differences.length / 2)]!;
}

/*
 * Where a pre-activation is within rounding of a kink, a float32 engine may take either side, and every derivative of
 * that image changes by about 1/√(size of the layer). With a few hundred thousand activations that is rare; of the six
 * million of MobileNetV2 about three an image differ, which moves the median by 1 %, and each engine is as far from
 * float64 as from the other. On the same sides they agree there to 3e-6, too.
 */
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

  it.each(networks)('the logits and the Jacobian of $name', async ({ network }) => {
    const job = jacobianJob(network, { ...namedSettings.live, samples: 2, indexSets: 4 });
    const telling = tellingSides(job);
    const [a, b] = [await run(onnx, telling), await run(tfjs, telling)];
    for (const { logits, jacobian } of [a, b] as readonly Outputs[])
      for (const values of [logits!, jacobian!]) {
        expect(values.every(Number.isFinite)).toBe(true);
        expect(values.some((value) => value !== 0)).toBe(true);
      }
    expect(medianDifference(a['logits']!, b['logits']!)).toBeLessThan(1e-4);

    const { all, differ } = differingSides(a, b);
    expect(differ).toBeLessThanOrEqual(1e-6 * all);
    if (differ === 0) {
      expect(medianDifference(a['jacobian']!, b['jacobian']!)).toBeLessThan(1e-4);
    } else {
      const same = await run(tfjs, withSides(job, a));
      expect(medianDifference(a['jacobian']!, same['jacobian']!)).toBeLessThan(1e-4);
    }
  });
});
