import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { EngineClient, EngineClientOptions, EngineStatus } from '../../server/engine/engine.ts';
import { createEngineClient } from '../../server/engine/process/supervisor.ts';
import type { Timings } from '../../server/engine/process/timings.ts';
import { isAlive } from '../support/processes.ts';
import { bundleEngine, removeBundles } from './bundle.ts';
import { babbling, expectWorks, failureOf, garbage, quickAnswer, signalOnProgress } from './ill-behaved.ts';
import { largeJob, quickJob, slowJob } from './jobs.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');

let modulePath: string;
beforeAll(async () => {
  modulePath = await bundleEngine();
});

afterAll(removeBundles);

const clients: EngineClient[] = [];
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.dispose()));
});

interface Client {
  readonly client: EngineClient;
  readonly log: string[];
  readonly states: EngineStatus[];
}

function connect(options: Partial<EngineClientOptions> = {}, timings: Partial<Timings> = {}): Client {
  const log: string[] = [];
  const states: EngineStatus[] = [];
  const client = createEngineClient(
    { choice: 'auto', modulePath, threads: 2, log: (line) => log.push(line), ...options },
    { backOff: 20, ...timings },
  );
  client.onStatus((status) => states.push(status));
  clients.push(client);
  return { client, log, states };
}

describe('The engine process', () => {
  it('runs jobs chunk by chunk, in order, and says how far it is', async () => {
    const { client, states } = connect();
    const progress: (readonly [number, number])[] = [];
    const [first, second] = await Promise.all([
      client.run(quickJob(), { onProgress: (done, total) => progress.push([done, total]) }),
      client.run(quickJob(1)),
    ]);
    expect([...first.outputs['y']!.data]).toEqual(quickAnswer);
    expect([...second.outputs['y']!.data]).toEqual(quickAnswer.slice(0, 6));
    expect(progress).toEqual([
      [1, 3],
      [2, 3],
      [3, 3],
    ]);
    expect(first.engine).toMatchObject({ name: 'onnx-cpu', threads: 2 });
    expect(first.engine.version).toMatch(/^onnxruntime-node \d+\.\d+\.\d+$/);
    expect(states.map(({ state }) => state)).toEqual(['starting', 'busy', 'busy', 'idle']);
    expect(client.status().pid).toBeTypeOf('number');
  });

  it('draws the same values for the same seed and others for another', async () => {
    const { client } = connect();
    const job = slowJob({ chunks: 2, megaflop: 75 });
    const value = async (seed: number): Promise<number[]> => [
      ...(await client.run({ ...job, seed })).outputs['y']!.data,
    ];
    const first = await value(1);
    expect(await value(1)).toEqual(first);
    expect(await value(2)).not.toEqual(first);
  });

  it('is loaded once when it is prepared, and rests until a job comes', async () => {
    const { client, states } = connect();
    client.prepare();
    client.prepare();
    await expect.poll(() => client.status().state, { timeout: 20_000 }).toBe('idle');
    const { pid } = client.status();
    client.prepare();
    await expectWorks(client);
    expect(client.status().pid).toBe(pid);
    expect(states.map(({ state }) => state)).toEqual(['starting', 'idle', 'busy', 'idle']);
  });

  it('is not started any more by preparing once it was shut down', async () => {
    const { client, log } = connect();
    await client.dispose();
    client.prepare();
    expect(client.status().state).toBe('stopped');
    expect(log).toEqual([]);
  });

  it('reports a job it cannot run and goes on', async () => {
    const { client } = connect();
    const failure = await failureOf(client.run({ ...quickJob(), bindings: {} }));
    expect(failure.reason).toBe('internal');
    expect(failure.message).toContain('Input x');
    await expectWorks(client);
  });

  it('survives a listener that throws', async () => {
    const { client } = connect();
    client.onStatus(() => {
      throw new Error('listener');
    });
    await expectWorks(client);
  });
});

describe('When the process dies', () => {
  it('gives the result all the same after kill -9', async () => {
    const { client } = connect();
    const onProgress = signalOnProgress(client, 'SIGKILL', 1);
    const { outputs } = await client.run(slowJob({ chunks: 5, megaflop: 300 }), { onProgress });
    expect(outputs['y']!.shape).toEqual([5, 1, 1, 1]);
  });

  it('does not hold it against a job that others end the process under it', async () => {
    const { client, log } = connect();
    const onProgress = signalOnProgress(client, 'SIGKILL', 12);
    // Never done before the signal arrives, however late that is.
    const { outputs } = await client.run(slowJob({ chunks: 400, megaflop: 30 }), { onProgress });
    expect(outputs['y']!.shape).toEqual([400, 1, 1, 1]);
    expect(log.filter((line) => line.includes('was ended by SIGKILL'))).toHaveLength(12);
  });

  it('quarantines a job under which it wrote garbage ten times', async () => {
    const { client, log } = connect({ modulePath: await bundleEngine({ before: garbage }) });
    const job = slowJob({ chunks: 400, megaflop: 300 });
    expect((await failureOf(client.run(job))).reason).toBe('quarantined');
    expect(log.filter((line) => line.includes('engine process garbage on the channel'))).toHaveLength(10);
  });

  it('takes a kill of a process with much memory for the end of the memory', async () => {
    const { client } = connect({ memoryLimit: 150 * 2 ** 20 });
    await expectWorks(client);
    const job = slowJob({ chunks: 400, megaflop: 300 });
    const { pid } = client.status();
    const kill = setInterval(() => {
      const status = client.status();
      if (status.state === 'busy' && status.pid !== undefined) process.kill(status.pid, 'SIGKILL');
    }, 1000);
    try {
      expect((await failureOf(client.run(job))).reason).toMatch(/quarantined|out-of-memory/);
    } finally {
      clearInterval(kill);
    }
    expect(client.status().pid).not.toBe(pid);
  });

  it('quarantines a job that killed it twice, until the engine is restarted', async () => {
    const { client } = connect();
    // Never done before the signal arrives, however late that is.
    const job = slowJob({ chunks: 400, megaflop: 300 });
    const onProgress = signalOnProgress(client, 'SIGSEGV', 2);
    expect((await failureOf(client.run(job, { label: 'bad', onProgress }))).reason).toBe('quarantined');
    expect((await failureOf(client.run(job, { label: 'bad' }))).reason).toBe('quarantined');
    await expectWorks(client);
    client.restart();
    expect((await client.run(job, { label: 'bad' })).outputs['y']!.shape).toEqual([400, 1, 1, 1]);
  });

  it('starts another when it hangs', async () => {
    const { client, log } = connect({}, { silence: 1000 });
    const onProgress = signalOnProgress(client, 'SIGSTOP', 1);
    const { outputs } = await client.run(slowJob({ chunks: 400, megaflop: 300 }), { onProgress });
    expect(outputs['y']!.shape).toEqual([400, 1, 1, 1]);
    expect(log.join('\n')).toContain(process.platform === 'linux' ? 'was stopped' : 'no sign of life');
  });

  it('starts another for the next job when it was idle', async () => {
    const { client, states } = connect();
    await expectWorks(client);
    const { pid } = client.status();
    process.kill(pid!, 'SIGKILL');
    await expect.poll(() => states.at(-1)?.state).toBe('stopped');
    await expectWorks(client);
    expect(client.status().pid).not.toBe(pid);
  });
});

describe('Limits', () => {
  it('cancels a running job between chunks, keeping the process', async () => {
    const { client } = connect();
    await expectWorks(client);
    const { pid } = client.status();
    const controller = new AbortController();
    const running = client.run(slowJob({ chunks: 200, megaflop: 600 }), {
      signal: controller.signal,
      onProgress: () => {
        controller.abort();
      },
    });
    expect((await failureOf(running)).reason).toBe('cancelled');
    await expectWorks(client);
    expect(client.status().pid).toBe(pid);
  });

  it('kills the process when a chunk does not end in time after cancelling', async () => {
    const { client, states } = connect({}, { grace: 100 });
    await expectWorks(client);
    const { pid } = client.status();
    // While a busy machine still prepares the job, it is cancelled in good order: then later.
    for (let wait = 300; client.status().pid === pid; wait *= 2) {
      const controller = new AbortController();
      const running = client.run(slowJob({ chunks: 1, megaflop: 1_000_000 }), { signal: controller.signal });
      await expect.poll(() => states.at(-1)?.state).toBe('busy');
      setTimeout(() => {
        controller.abort();
      }, wait);
      expect((await failureOf(running)).reason).toBe('cancelled');
      await expectWorks(client);
    }
    expect(isAlive(pid!)).toBe(false);
  });

  it('cancels a waiting job at once', async () => {
    const { client } = connect();
    const running = client.run(slowJob({ chunks: 20, megaflop: 300 }));
    const controller = new AbortController();
    let settledFirst = '';
    const waiting = failureOf(client.run(quickJob(), { signal: controller.signal })).then((failure) => {
      settledFirst ||= 'waiting';
      return failure;
    });
    controller.abort();
    expect((await waiting).reason).toBe('cancelled');
    await running.then(() => (settledFirst ||= 'running'));
    expect(settledFirst).toBe('waiting');
    expect((await failureOf(client.run(quickJob(), { signal: controller.signal }))).reason).toBe('cancelled');
  });

  it('ends a job at its time limit', async () => {
    const { client } = connect();
    await expectWorks(client);
    const failure = await failureOf(client.run(slowJob({ chunks: 200, megaflop: 600 }), { timeLimit: 200 }));
    expect(failure.reason).toBe('time-limit');
    await expectWorks(client);
  });

  it('ends a job that takes more memory than allowed', async () => {
    const { client, log } = connect({ memoryLimit: 400 * 2 ** 20 });
    const failure = await failureOf(client.run(largeJob(256)));
    expect(failure.reason, failure.message).toBe('out-of-memory');
    expect(log.join('\n')).toMatch(/took [\d.]+ MB/);
    await expectWorks(client);
  });
});

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

describe('The channel', () => {
  it('takes garbage from the process for its death', async () => {
    const { client, log } = connect({
      modulePath: await bundleEngine({ before: babbling("'Segmentation fault, core dumped. '", '.garbage') }),
    });
    const { outputs } = await client.run(slowJob({ chunks: 30, megaflop: 300 }));
    expect(outputs['y']!.shape).toEqual([30, 1, 1, 1]);
    expect(log.join('\n')).toContain('garbage on the channel');
  });

  it('passes over a message it does not know', async () => {
    const { client, log } = connect({
      modulePath: await bundleEngine({
        before: `
          import { encodeFrame } from '${join(root, 'server/engine/process/framing.ts')}';
          ${babbling("encodeFrame({ type: 'poem' })", '.unknown')}`,
      }),
    });
    await client.run(slowJob({ chunks: 30, megaflop: 300 }));
    expect(log.join('\n')).toContain('message not understood');
    expect(log.join('\n')).not.toContain('garbage');
  });
});

describe('Its end', () => {
  it('comes with dispose, promptly, also in the middle of a job', async () => {
    const { client } = connect();
    await expectWorks(client);
    const { pid } = client.status();
    const running = failureOf(client.run(slowJob({ chunks: 1, megaflop: 1_000_000 })));
    const begun = performance.now();
    await client.dispose();
    expect(performance.now() - begun).toBeLessThan(5000);
    expect((await running).reason).toBe('cancelled');
    expect(isAlive(pid!)).toBe(false);
    expect((await failureOf(client.run(quickJob()))).reason).toBe('unavailable');
  });

  it('comes when the parent is gone, however it went', async () => {
    const parent = spawn(process.execPath, [join(root, 'test/engine/parent.ts'), modulePath], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(parent.stdout, 'data')) as [Buffer];
    const pid = Number(line.toString());
    expect(isAlive(pid)).toBe(true);
    parent.kill('SIGKILL');
    await expect.poll(() => isAlive(pid), { timeout: 10_000 }).toBe(false);
  });

  it('comes when there was nothing to do for long; the next job starts another', async () => {
    const { client, states } = connect({}, { idle: 200 });
    await expectWorks(client);
    const { pid } = client.status();
    await expect.poll(() => states.at(-1)?.state).toBe('stopped');
    await expect.poll(() => isAlive(pid!)).toBe(false);
    await expectWorks(client);
  });

  it('does not keep an idle parent alive', async () => {
    const parent = spawn(process.execPath, [join(root, 'test/engine/parent.ts'), modulePath, 'idle'], {
      stdio: 'ignore',
    });
    expect(await once(parent, 'exit')).toEqual([0, null]);
  });
});
