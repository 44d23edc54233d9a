import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');

export interface GpuBehaviour {
  /** Milliseconds every run of the speed probe takes longer, by provider; CUDA is there when it is named. */
  readonly slowness?: { readonly cpu?: number; readonly webgpu?: number; readonly cuda?: number };
  /**
   * What happens before a run on the GPU: statements that may throw. In scope: `provider`, `samples` (of the chunk), `isJob`
   * (neither self-test nor probe), `count()` (how often it has been called, in all processes), `process`.
   */
  readonly beforeRun?: string;
  /** Multiplies what the GPU computes. */
  readonly error?: number;
  /** Thrown where a session on the GPU is made. */
  readonly refusal?: string;
}

/**
 * Source of a package `onnxruntime-node`: the real one, in which the providers WebGPU and CUDA are the processor with the
 * given behaviour. The engine process around it is the real one.
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
    const slowness = ${JSON.stringify(slowness)};
    const refusal = ${JSON.stringify(refusal)};

    const wrapped = (session, provider, isGpu = provider !== 'cpu') => ({
      inputNames: session.inputNames,
      outputNames: session.outputNames,
      release: () => session.release(),
      async run(feeds) {
        const { dims } = Object.values(feeds)[0];
        const samples = dims[0];
        const isJob = dims.length === 2;
        if (dims[1] === 64) sleep(slowness[provider] ?? 0);
        if (isGpu) { ${beforeRun} }
        const results = await session.run(feeds);
        if (isGpu && ${error} !== 1)
          for (const { data } of Object.values(results)) data.forEach((value, i) => (data[i] = value * ${error}));
        return results;
      },
    });

    exports.Tensor = real.Tensor;
    exports.env = real.env;
    exports.listSupportedBackends = () =>
      ['cpu', 'webgpu', ...('cuda' in slowness ? ['cuda'] : [])].map((name) => ({ name, bundled: true }));
    exports.InferenceSession = {
      async create(model, options) {
        const [first] = options.executionProviders;
        const provider = first.name ?? first;
        if (provider !== 'cpu' && refusal !== undefined) throw new Error(refusal);
        return wrapped(await real.InferenceSession.create(model, { ...options, executionProviders: ['cpu'] }), provider);
      },
    };`;
}
