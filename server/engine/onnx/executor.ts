import type * as Onnxruntime from 'onnxruntime-node';
import { own } from '../../base/own.ts';
import type { Program } from '../../tensor/ir.ts';
import type { Arrays, CompiledProgram, Executor } from '../executor.ts';
import { describeGpu } from '../gpu-devices.ts';
import { disabledOptimizers } from './optimizers.ts';
import { emitModel, initialiserBytes, inputName, outputName, type EmittedModel } from './emit.ts';
import { explainProvider, providerOf } from './providers.ts';
import type { OnnxEngine } from './providers.ts';
import { loadRuntime } from './runtime.ts';
import type { Runtime } from './runtime.ts';

/**
 * onnxruntime on the CPU or, through one of its execution providers, on a GPU. Operations a provider does not have run
 * on the CPU.
 *
 * @param threads threads of one operation on the CPU
 * @throws whatever loading the native library throws: there is none for every platform; and when it was built without
 *   the provider
 */
export async function createOnnxExecutor(
  threads: number,
  engine: OnnxEngine = 'onnx-cpu',
): Promise<Executor> {
  const runtime = await loadRuntime();
  const options = sessionOptions(threads, engine, providerOf(engine, runtime));
  return {
    info: {
      name: engine,
      device: engine === 'onnx-cpu' ? 'CPU' : describeGpu(),
      version: `onnxruntime-node ${runtime.env.versions.node ?? runtime.env.versions.common}`,
      threads,
    },
    keptBytes: (program, { isSparing } = {}) =>
      initialiserCopies * initialiserBytes(program, feedFrom, isSparing),
    async compile(program, evaluated, scratch, { isSparing = false } = {}) {
      const model = emitModel(program, evaluated, {
        bytes: (length) => scratch.bytes(length),
        // A GPU would get them anew with every chunk.
        ...(engine === 'onnx-cpu' ? { feedFrom, feedsAll: isSparing } : {}),
      });
      try {
        const externalData = [...model.external].map(([path, data]) => ({ path, data: bytesOf(data) }));
        const session = await runtime.InferenceSession.create(model.bytes, { ...options, externalData });
        return compiled(runtime, session, program, model.fed);
      } catch (error) {
        throw engine === 'onnx-cpu' ? error : explainProvider(engine, error);
      }
    },
  };
}

function bytesOf({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/**
 * Times that onnxruntime has an initialiser at once: as it is read, and in the order in which kernels read it; some of what is let go of on
 * the way stays with the allocator. 2.1 to 2.3 were measured.
 */
const initialiserCopies = 2.3;

/** Numbers of a matrix from which its copies count: a megabyte. */
const feedFrom = 2 ** 18;

function sessionOptions(
  threads: number,
  engine: OnnxEngine,
  provider: Onnxruntime.InferenceSession.ExecutionProviderConfig,
): Onnxruntime.InferenceSession.SessionOptions {
  return {
    executionProviders: [provider],
    graphOptimizationLevel: 'all',
    executionMode: 'sequential',
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    // Planning all memory up front takes two thirds more memory, and no less time.
    enableMemPattern: false,
    extra: {
      // Threads spin for less than a kernel takes, then sleep. Spinning without end doubles the time where other programs
      // share the cores.
      session: { intra_op: { spin_duration_us: '50' }, force_spinning_stop: '1' },
      // Those for other devices are among them.
      ...(engine === 'onnx-cpu'
        ? { optimization: { disable_specified_optimizers: disabledOptimizers } }
        : {}),
    },
    logSeverityLevel: 3,
  };
}

function compiled(
  runtime: Runtime,
  session: Onnxruntime.InferenceSession,
  program: Program,
  fed: EmittedModel['fed'],
): CompiledProgram {
  const weights = [...fed].map(
    ([name, { data, shape }]) => [name, new runtime.Tensor('float32', data, shape)] as const,
  );
  const shapes = new Map<string, readonly number[]>();
  for (const { op, shape } of program.nodes) if (op.op === 'input') shapes.set(op.name, shape);
  return {
    async run(inputs) {
      const feeds = new Map<string, Onnxruntime.Tensor>(weights);
      for (const [name, data] of Object.entries(inputs)) {
        const shape = shapes.get(name);
        // The model lacks inputs that no output depends on.
        if (shape !== undefined && session.inputNames.includes(inputName(name)))
          feeds.set(inputName(name), new runtime.Tensor('float32', data, shape));
      }
      const results = await session.run(Object.fromEntries(feeds));
      return Object.fromEntries(
        program.outputs.map(({ name }) => [name, own(results, outputName(name))!.data as Float32Array]),
      ) satisfies Arrays;
    },
    release: () => session.release(),
  };
}
