import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');

export interface GpuBehaviour {
  /** Milliseconds every run of the speed probe takes longer, on the processor and on the GPU. */
  readonly slowness?: { readonly cpu?: number; readonly gpu?: number };
  /**
   * What happens before a run on the GPU: statements that may throw. In scope: `samples` (of the chunk), `isJob` (neither
   * self-test nor probe), `count()` (how often it has been called, in all processes), `process`.
   */
  readonly beforeRun?: string;
  /** Multiplies what the GPU computes. */
  readonly error?: number;
  /** Thrown where a session on the GPU is made. */
  readonly refusal?: string;
}

/**
 * Source of a package `onnxruntime-node`: the real one, in which the WebGPU provider is the processor with the given
 * behaviour. The engine process around it is the real one.
 */
export function onnxruntimeWithGpu({
  slowness = {},
  beforeRun = '',
  error = 1,
  refusal,
}: GpuBehaviour): string {
  return `
    const real = require(${JSON.stringify(join(root, 'node_modules/onnxruntime-node'))});
    const { existsSync, readFileSync, writeFileSync } = require('node:fs');
    const file = __dirname + '/count';
    const count = () => {
      const before = existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0;
      writeFileSync(file, String(before + 1));
      return before + 1;
    };
    const sleep = (ms) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
    const slowness = ${JSON.stringify({ cpu: 0, gpu: 0, ...slowness })};
    const refusal = ${JSON.stringify(refusal)};

    const wrapped = (session, isGpu) => ({
      inputNames: session.inputNames,
      outputNames: session.outputNames,
      release: () => session.release(),
      async run(feeds) {
        const { dims } = Object.values(feeds)[0];
        const samples = dims[0];
        const isJob = dims.length === 2;
        if (dims[1] === 64) sleep(isGpu ? slowness.gpu : slowness.cpu);
        if (isGpu) { ${beforeRun} }
        const results = await session.run(feeds);
        if (isGpu && ${error} !== 1)
          for (const { data } of Object.values(results)) data.forEach((value, i) => (data[i] = value * ${error}));
        return results;
      },
    });

    exports.Tensor = real.Tensor;
    exports.env = real.env;
    exports.listSupportedBackends = () => [{ name: 'cpu', bundled: true }, { name: 'webgpu', bundled: true }];
    exports.InferenceSession = {
      async create(model, options) {
        const isGpu = options.executionProviders[0].name === 'webgpu';
        if (isGpu && refusal !== undefined) throw new Error(refusal);
        return wrapped(await real.InferenceSession.create(model, { ...options, executionProviders: ['cpu'] }), isGpu);
      },
    };`;
}
