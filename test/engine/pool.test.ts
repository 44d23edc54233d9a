import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { EngineFailure } from '../../server/engine/engine.ts';
import type { EngineStatus, TensorJob } from '../../server/engine/engine.ts';
import { createEnginePool } from '../../server/engine/pool/pool.ts';
import type { EnginePool, EnginePoolOptions } from '../../server/engine/pool/pool.ts';
import { inlineSource } from '../../server/tensor/materialise.ts';
import { bundleEngine, removeBundles } from './bundle.ts';
import { onnxruntimeWithGpu } from './gpu-stand-in.ts';
import type { GpuBehaviour } from './gpu-stand-in.ts';

afterAll(removeBundles);

const pools: EnginePool[] = [];
afterEach(async () => {
  await Promise.all(pools.splice(0).map((pool) => pool.dispose()));
});

interface Opened {
  readonly pool: EnginePool;
  readonly log: string[];
  readonly states: EngineStatus[];
}

async function open(gpu: GpuBehaviour, options: Partial<EnginePoolOptions> = {}): Promise<Opened> {
  const modulePath = await bundleEngine({ onnxruntime: onnxruntimeWithGpu(gpu) });
  const log: string[] = [];
  const states: EngineStatus[] = [];
  const pool = createEnginePool(
    {
      choice: 'auto',
      gpus: ['onnx-webgpu'],
      modulePath,
      threads: 1,
      log: (line) => log.push(line),
      ...options,
    },
    { backOff: 20, patience: 20 },
  );
  pool.onStatus((status) => states.push(status));
  pools.push(pool);
  return { pool, log, states };
}

/** y = 2·x + 1 on `[chunks · samples, 3]`, with x = 0, 1, 2 … */
function job(samples = 8, chunks = 2): TensorJob {
  const rows = samples * chunks;
  return {
    program: {
      batch: samples,
      nodes: [
        { op: { op: 'input', name: 'x' }, inputs: [], shape: [samples, 3] },
        { op: { op: 'affine', scale: 2, shift: 1 }, inputs: [0], shape: [samples, 3] },
      ],
      outputs: [{ name: 'y', node: 1, gather: 'samples' }],
    },
    chunks,
    bindings: {
      x: { shape: [rows, 3], source: inlineSource(Float32Array.from({ length: 3 * rows }, (_, i) => i)) },
    },
    seed: 1,
  };
}

const answer = Array.from({ length: 48 }, (_, i) => 2 * i + 1);

/** Runs the job, checks its numbers, and returns the engine that made them. */
async function engineOf(pool: EnginePool, label = 'a model', given = job()): Promise<string> {
  const { outputs, engine } = await pool.run(given, { label });
  expect(outputs['y']!.shape).toEqual([16, 3]);
  expect([...outputs['y']!.data]).toEqual(answer);
  return engine.name;
}

/** By far more than a busy machine could make up for. */
const slowCpu = { slowness: { cpu: 400 } };

describe('A GPU that is there', () => {
  it('takes over after the first result, when it is right and faster', async () => {
    const { pool, log, states } = await open(slowCpu);
    expect(await engineOf(pool)).toBe('onnx-cpu');
    await expect.poll(() => pool.status().info?.name).toBe('onnx-webgpu');
    expect(await engineOf(pool)).toBe('onnx-webgpu');
    expect(log.join('\n')).toMatch(/onnx-webgpu takes over: [\d.]+ GFLOP\/s, onnx-cpu [\d.]+\.$/m);
    expect(states.at(-1)).toMatchObject({ state: 'idle', info: { name: 'onnx-webgpu' } });
  });

  it('is left alone, and its process ended, when it is slower', async () => {
    const { pool, log } = await open({ slowness: { webgpu: 400 } });
    expect(await engineOf(pool)).toBe('onnx-cpu');
    await expect.poll(() => pool.reports().map(({ state }) => state)).toContain('ready');
    await expect
      .poll(() => pool.reports().find(({ name }) => name === 'onnx-cpu')?.gflops)
      .toBeTypeOf('number');
    expect(await engineOf(pool)).toBe('onnx-cpu');
    expect(log.join('\n')).not.toContain('takes over');
  });

  it('is not used when it computes wrong numbers', async () => {
    const { pool } = await open({ ...slowCpu, error: 1.001 });
    const reports = await pool.survey();
    expect(reports.find(({ name }) => name === 'onnx-webgpu')).toMatchObject({
      state: 'unavailable',
      reason: expect.stringMatching(/^Self-test/) as string,
    });
    expect(await engineOf(pool)).toBe('onnx-cpu');
  });

  it('is not looked for when an engine was chosen', async () => {
    const { pool } = await open(slowCpu, { choice: 'onnx-cpu' });
    expect(await engineOf(pool)).toBe('onnx-cpu');
    await pool.survey();
    expect(await engineOf(pool)).toBe('onnx-cpu');
  });

  it('is taken by the survey, which tells what it is doing', async () => {
    const { pool } = await open(slowCpu);
    const testing = new Set<string>();
    const reports = await pool.survey((known) => {
      for (const { name, state } of known) if (state === 'testing') testing.add(name);
    });
    expect([...testing]).toEqual(expect.arrayContaining(['onnx-webgpu', 'onnx-cpu', 'tfjs-wasm']));
    expect(reports.find(({ state }) => state === 'in-use')?.name).toBe('onnx-webgpu');
    expect(reports.find(({ name }) => name === 'onnx-cpu')).toMatchObject({ state: 'ready', device: 'CPU' });
    expect(await engineOf(pool)).toBe('onnx-webgpu');
  });
});

const onGpu = { choice: 'onnx-webgpu' } as const;
const outOfMemory = "throw new Error('Failed to allocate memory for requested buffer of size 8589934592');";
const lost = "throw new Error('VK_ERROR_DEVICE_LOST: the device was lost');";

describe('A GPU that fails under a job', () => {
  it('out of memory: gets smaller chunks until they fit', async () => {
    const { pool, log } = await open({ beforeRun: `if (isJob && samples > 2) { ${outOfMemory} }` }, onGpu);
    expect(await engineOf(pool)).toBe('onnx-webgpu');
    expect(log.join('\n')).toMatch(/chunks of 4 instead of 8 samples[^]*chunks of 2 instead of 4/);
  });

  it('out of memory with one sample: the processor does this job, the GPU the next', async () => {
    const { pool, log } = await open({ beforeRun: `if (isJob && count() <= 4) { ${outOfMemory} }` }, onGpu);
    expect(await engineOf(pool, 'large')).toBe('onnx-cpu');
    expect(log.join('\n')).toContain('The processor takes over large');
    expect(await engineOf(pool, 'small')).toBe('onnx-webgpu');
    // Another draw of the same network is not tried in vain.
    expect(await engineOf(pool, 'large')).toBe('onnx-cpu');
  });

  it('lost once: a new process gets the job in smaller chunks', async () => {
    const { pool, log } = await open({ beforeRun: `if (isJob && count() === 2) { ${lost} }` }, onGpu);
    expect(await engineOf(pool)).toBe('onnx-webgpu');
    expect(log.join('\n')).toContain('Tried again in chunks of 4 instead of 8 samples');
    expect(log.filter((line) => /engine process \d+ started/.test(line))).toHaveLength(2);
  });

  it('lost for good: the processor takes over, visibly, until the engine is restarted', async () => {
    const { pool, log } = await open({ beforeRun: `if (isJob && count() <= 2) { ${lost} }` }, onGpu);
    expect(await engineOf(pool)).toBe('onnx-cpu');
    expect(pool.status()).toMatchObject({
      info: { name: 'onnx-cpu' },
      reason: expect.stringMatching(/^onnx-webgpu: .*device was lost.* The processor took over\.$/) as string,
    });
    expect(log.join('\n')).toContain('The processor takes over from now on');
    expect(pool.reports().find(({ name }) => name === 'onnx-webgpu')?.state).toBe('lost');
    expect(await engineOf(pool, 'another')).toBe('onnx-cpu');
    pool.restart();
    expect(await engineOf(pool, 'another')).toBe('onnx-webgpu');
  });

  it('lost for good, and there is another that has proved itself: that one takes over, and the processor after it', async () => {
    const { pool, log } = await open(
      {
        slowness: { cpu: 400, cuda: 100 },
        beforeRun: `if (isJob && (provider === 'webgpu' || samples < 8)) { ${lost} }`,
      },
      { gpus: ['onnx-cuda', 'onnx-webgpu'] },
    );
    const inUse = (): string | undefined => pool.reports().find(({ state }) => state === 'in-use')?.name;
    await pool.survey();
    expect(inUse()).toBe('onnx-webgpu');

    expect(await engineOf(pool)).toBe('onnx-cuda');
    expect(log.join('\n')).toMatch(/onnx-webgpu: .*device was lost.* onnx-cuda takes over from now on/);
    expect(pool.status().reason).toMatch(/^onnx-webgpu: .* onnx-cuda took over\.$/);
    expect(inUse()).toBe('onnx-cuda');

    expect(await engineOf(pool, 'too much for both', job(4, 4))).toBe('onnx-cpu');
    expect(pool.status().reason).toMatch(/^onnx-cuda: .* The processor took over\.$/);
    expect(
      pool
        .reports()
        .filter(({ state }) => state === 'lost')
        .map(({ name }) => name),
    ).toEqual(['onnx-cuda', 'onnx-webgpu']);
  });

  it('that ends the process, twice: the processor takes over the job', async () => {
    const { pool, log } = await open(
      // The signal takes its time; the run must not go on to the next chunk meanwhile.
      { beforeRun: "if (isJob && count() <= 2) { process.kill(process.pid, 'SIGABRT'); sleep(10_000); }" },
      onGpu,
    );
    expect(await engineOf(pool, 'deadly')).toBe('onnx-cpu');
    expect(await engineOf(pool, 'harmless'), log.join('\n')).toBe('onnx-webgpu');
  });

  it('cancelled: nobody takes over', async () => {
    const { pool } = await open({ beforeRun: `if (isJob) { ${outOfMemory} }` }, onGpu);
    const abort = new AbortController();
    const running = pool.run(job(), { signal: abort.signal });
    abort.abort();
    await expect(running).rejects.toMatchObject({ reason: 'cancelled' });
  });

  it('chosen by name and not there: says why', async () => {
    const { pool } = await open({ refusal: 'Failed to get a WebGPU adapter: No supported adapters' }, onGpu);
    const failure = await pool.run(job()).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(EngineFailure);
    expect(failure).toMatchObject({
      reason: 'unavailable',
      message: expect.stringContaining('WebGPU finds no GPU. Install the driver') as string,
    });
  });
});
