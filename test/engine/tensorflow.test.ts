import { createRequire } from 'node:module';
import process from 'node:process';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Executor } from '../../server/engine/executor.ts';
import { createEngineClient } from '../../server/engine/process/supervisor.ts';
import { selfTest } from '../../server/engine/self-test.ts';
import { createNodeGpuExecutor } from '../../server/engine/tfjs/node-gpu.ts';
import { bundleEngine, removeBundles } from './bundle.ts';
import { quickJob } from './jobs.ts';
import {
  installTensorflow,
  loadBindingAsScript,
  removeInstallations,
  standInInstallation,
} from './tensorflow/installation.ts';

afterAll(() => {
  removeInstallations();
  removeBundles();
});

describe('tfjs-node-gpu over a stand-in for its native library', () => {
  let folder: string;
  let executor: Executor;
  beforeAll(async () => {
    folder = await standInInstallation();
    executor = await createNodeGpuExecutor(folder);
  });

  it('passes the self-test', async () => {
    await selfTest(executor);
    expect(executor.info.name).toBe('tfjs-node-gpu');
    expect(executor.info.version).toBe('@tensorflow/tfjs-node-gpu 4.22.0');
  });

  it('keeps no tensor of a run', async () => {
    const { getNumOfTensors } = createRequire(`${folder}/package.json`)(
      `${folder}/node_modules/@tensorflow/tfjs-node-gpu/lib/napi-v8/tfjs_binding.node`,
    ) as { getNumOfTensors: () => number };
    const before = getNumOfTensors();
    await selfTest(executor);
    expect(getNumOfTensors()).toBe(before);
  });
});

describe('tfjs-node-gpu in an engine process', () => {
  const clients: { dispose(): Promise<void> }[] = [];
  afterEach(async () => {
    delete process.env['STANDIN_GPU'];
    await Promise.all(clients.splice(0).map((client) => client.dispose()));
  });

  const connect = (modulePath: string, cudaPath: string) => {
    const client = createEngineClient({ choice: 'tfjs-node-gpu', modulePath, cudaPath, threads: 1 });
    clients.push(client);
    return client;
  };

  it('runs jobs from an installation outside the extension', async () => {
    const modulePath = await bundleEngine({ first: loadBindingAsScript });
    const client = connect(modulePath, await installTensorflow('stand-in'));
    const { outputs, engine } = await client.run(quickJob());
    expect([...outputs['y']!.data]).toEqual(Array.from({ length: 18 }, (_, i) => 2 * i + 1));
    expect(engine.name).toBe('tfjs-node-gpu');
  });

  it('is not taken when TensorFlow sees no GPU', async () => {
    process.env['STANDIN_GPU'] = 'none';
    const modulePath = await bundleEngine({ first: loadBindingAsScript });
    const client = connect(modulePath, await installTensorflow('stand-in'));
    await expect(client.run(quickJob())).rejects.toMatchObject({
      reason: 'unavailable',
      message: expect.stringContaining('sees no GPU') as string,
    });
  });

  it('says that the native library is missing, and what to do', async () => {
    const client = connect(await bundleEngine(), await installTensorflow('missing'));
    await expect(client.run(quickJob())).rejects.toMatchObject({
      reason: 'unavailable',
      message: expect.stringMatching(
        /without its native library.*: there is no \S*tfjs_binding\.node\. .*Install the CUDA Engine.*--cuda-path/,
      ) as string,
    });
  });

  it('says that nothing is installed', async () => {
    // The bundle lies outside of every node_modules.
    const client = connect(await bundleEngine(), '');
    await expect(client.run(quickJob())).rejects.toMatchObject({
      reason: 'unavailable',
      message: expect.stringMatching(/not installed.*Install the CUDA Engine/) as string,
    });
  });
});
