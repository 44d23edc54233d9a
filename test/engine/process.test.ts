import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { isAlive } from '../support/processes.ts';
import { bundleEngine } from './bundle.ts';
import { connect, modulePath } from './clients.ts';
import { babbling, expectWorks, failureOf, garbage, quickAnswer, signalOnProgress } from './ill-behaved.ts';
import { quickJob, slowJob } from './jobs.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');

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
    await expect.poll(() => client.status().state).toBe('idle');
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
    const { client } = connect({ memoryLimit: 320e6 });
    await expectWorks(client);
    const job = slowJob({ chunks: 400, megaflop: 3000 });
    const { pid } = client.status();
    const kill = setInterval(() => {
      const status = client.status();
      if (status.state === 'busy' && status.pid !== undefined) process.kill(status.pid, 'SIGKILL');
    }, 500);
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
    expect(performance.now() - begun).toBeLessThan(30_000);
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
    await expect.poll(() => isAlive(pid)).toBe(false);
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
