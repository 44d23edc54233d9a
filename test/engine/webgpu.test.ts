import { join } from 'node:path';
import process from 'node:process';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { EngineClient, EngineClientOptions } from '../../server/engine/engine.ts';
import { createEngineClient } from '../../server/engine/process/supervisor.ts';
import { Project } from '../../server/language/project.ts';
import { namedSettings } from '../../server/score/settings.ts';
import type { ScoreSettings } from '../../server/score/types.ts';
import { jacobianJob } from './jacobian-job.ts';
import { swiftShader } from './vulkan.ts';

const modulePath = join(import.meta.dirname, '../../server/engine/process/main.ts');
const device = swiftShader();

const clients: EngineClient[] = [];
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.dispose()));
});

function connect(choice: EngineClientOptions['choice']): EngineClient {
  const client = createEngineClient({ choice, modulePath, threads: 1 });
  clients.push(client);
  return client;
}

/** Sets variables of the environment, which engine processes take over. @returns what puts the old ones back */
function setEnvironment(values: Readonly<Record<string, string | undefined>>): () => void {
  const before = Object.fromEntries(Object.keys(values).map((name) => [name, process.env[name]]));
  const set = (entries: Readonly<Record<string, string | undefined>>): void => {
    for (const [name, value] of Object.entries(entries))
      if (value === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
  };
  set(values);
  return () => {
    set(before);
  };
}

const source = `
model Convolutions {
  input 8x8x3
  classes 4
  conv(8, 3x3) -> bn -> relu
  residual { dwconv(3x3) -> bn -> relu6 -> conv(8, 1x1) -> bn }
  conv(8, 3x3, stride = 2) -> leaky_relu
  avgpool(2x2, stride = 2)
  gap -> dense(classes)
}
model Tokens {
  input 8x8x3
  classes 4
  conv(8, 4x4, stride = 4) -> tokens -> posembed
  residual { layernorm -> attention(2) }
  residual { layernorm -> dense(16) -> gelu -> dense(8) }
  mean_tokens -> dense(classes)
}`;
const { models } = new Project({ read: () => source }).analyse('file:///tiny.arch');

const live: ScoreSettings = { ...namedSettings.live, samples: 2, indexSets: 2 };
const exact: ScoreSettings = { ...namedSettings.paper, samples: 2 };

describe.skipIf(device === undefined)('onnx-webgpu on SwiftShader', { timeout: 300_000 }, () => {
  let restore: () => void;
  beforeAll(() => {
    restore = setEnvironment(device ?? {});
  });
  afterAll(() => {
    restore();
  });

  it('agrees with the processor on tiny networks', async () => {
    const [gpu, cpu] = [connect('onnx-webgpu'), connect('onnx-cpu')];
    expect(models).toHaveLength(2);
    // Every shape of an operation is compiled anew, which takes SwiftShader a good part of a second.
    for (const [index, { network }] of models.entries())
      for (const settings of index === 0 ? [live, exact] : [live]) {
        const job = jacobianJob(network!, settings);
        const [a, b] = [await gpu.run(job), await cpu.run(job)];
        expect(a.engine.name).toBe('onnx-webgpu');
        for (const name of ['logits', 'jacobian']) {
          const [x, y] = [a.outputs[name]!.data, b.outputs[name]!.data];
          const scale = Math.max(...y.map(Math.abs));
          expect(scale).toBeGreaterThan(0);
          expect(Math.max(...x.map((value, i) => Math.abs(value - y[i]!))) / scale, name).toBeLessThan(1e-4);
        }
      }
  });
});

describe('onnx-webgpu without a GPU', () => {
  it('says that there is none, and what to do', async () => {
    // A list of drivers that has none in it.
    const restore = setEnvironment({
      VK_ICD_FILENAMES: join(import.meta.dirname, 'none.json'),
      LD_LIBRARY_PATH: undefined,
    });
    try {
      await expect(connect('onnx-webgpu').run(jacobianJob(models[0]!.network!, live))).rejects.toMatchObject({
        reason: 'unavailable',
        message: expect.stringMatching(/WebGPU finds no GPU\. Install the driver|has no WebGPU/) as string,
      });
    } finally {
      restore();
    }
  });
});
