// Which engine runs where one cannot be loaded, and what is said where none can.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { bundleEngine } from './bundle.ts';
import { connect } from './clients.ts';
import { expectWorks, failureOf } from './ill-behaved.ts';
import { quickJob } from './jobs.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');

describe('Engines', () => {
  it('falls back to tfjs-wasm when the native library is missing, and says why', async () => {
    const { client } = connect({ modulePath: await bundleEngine({ onnxruntime: 'missing' }) });
    await expectWorks(client);
    const status = client.status();
    expect(status.info).toMatchObject({ name: 'tfjs-wasm', threads: 1 });
    expect(status.reason).toMatch(/onnx-cpu: Cannot find/);
  });

  it('falls back when loading the native library ends the process', async () => {
    const deadly = await bundleEngine({ onnxruntime: "process.kill(process.pid, 'SIGSEGV');" });
    const { client } = connect({ modulePath: deadly });
    await expectWorks(client);
    expect(client.status().info?.name).toBe('tfjs-wasm');
    expect(client.status().reason).toMatch(/onnx-cpu: ends the process/);
  });

  it('falls back when the native library computes nonsense', async () => {
    const { client } = connect({
      modulePath: await bundleEngine({
        onnxruntime: `
          const { Tensor } = require(${JSON.stringify(join(root, 'node_modules/onnxruntime-node'))});
          const session = {
            inputNames: [],
            run: async () => ({
              'out:y': new Tensor('float32', Float32Array.of(1, 2), [2, 1]),
              'out:map': new Tensor('float32', new Float32Array(800), [2, 16, 5, 5]),
            }),
            release: async () => undefined,
          };
          exports.Tensor = Tensor;
          exports.env = { versions: {} };
          exports.InferenceSession = { create: async () => session };`,
      }),
    });
    await expectWorks(client);
    expect(client.status().info?.name).toBe('tfjs-wasm');
    expect(client.status().reason).toMatch(/onnx-cpu: Self-test/);
  });

  it('fails with the reason when the engine asked for is not there', async () => {
    const { client } = connect({
      choice: 'onnx-cpu',
      modulePath: await bundleEngine({ onnxruntime: 'missing' }),
    });
    const failure = await failureOf(client.run(quickJob()));
    expect(failure.reason).toBe('unavailable');
    expect(failure.message).toMatch(/onnx-cpu: Cannot find/);
    expect(client.status()).toMatchObject({ state: 'failed' });
    expect((await failureOf(client.run(quickJob()))).reason).toBe('unavailable');
  });

  it.each([
    ['module', { modulePath: '/nonexistent/engine.cjs' }],
    ['executable', { execPath: '/nonexistent/node' }],
  ])('gives up, with the reason, when there is no such %s', async (_, options) => {
    const { client } = connect(options);
    const failure = await failureOf(client.run(quickJob()));
    expect(failure.reason).toBe('unavailable');
    expect(client.status().state).toBe('failed');
  });

  it('tries again some time after giving up', async () => {
    const { client } = connect({ execPath: '/nonexistent/node' }, { maxBackOff: 50 });
    expect((await failureOf(client.run(quickJob()))).reason).toBe('unavailable');
    const before = client.status();
    await new Promise((resolve) => setTimeout(resolve, 100));
    const again = client.run(quickJob());
    expect(client.status()).not.toEqual(before);
    expect((await failureOf(again)).reason).toBe('unavailable');
  });
});
