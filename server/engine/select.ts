import type { EngineSetup } from './process/protocol.ts';
import type { EngineName } from './registry.ts';
import { EngineFailure } from './engine.ts';
import type { Executor } from './executor.ts';
import { createOnnxExecutor } from './onnx/executor.ts';
import { selfTest } from './self-test.ts';
import { createNodeGpuExecutor } from './tfjs/node-gpu.ts';
import { createWasmExecutor } from './tfjs/wasm.ts';

const engines: Readonly<Record<EngineName, (setup: EngineSetup) => Promise<Executor>>> = {
  'onnx-cuda': ({ threads }) => createOnnxExecutor(threads, 'onnx-cuda'),
  'tfjs-node-gpu': ({ cudaPath }) => createNodeGpuExecutor(cudaPath),
  'onnx-directml': ({ threads }) => createOnnxExecutor(threads, 'onnx-directml'),
  'onnx-coreml': ({ threads }) => createOnnxExecutor(threads, 'onnx-coreml'),
  'onnx-webgpu': ({ threads }) => createOnnxExecutor(threads, 'onnx-webgpu'),
  'onnx-cpu': ({ threads }) => createOnnxExecutor(threads),
  'tfjs-wasm': createWasmExecutor,
};

export interface Selection {
  readonly executor: Executor;
  /** Why the engines before it in the list are not used. */
  readonly notes: readonly string[];
}

/**
 * The first of the candidates that loads on this machine and passes its self-test.
 *
 * @param onTrying told before each attempt: loading native code can end the process
 * @throws EngineFailure `unavailable`, with the reason for each candidate
 */
export async function selectExecutor(
  setup: EngineSetup,
  onTrying: (engine: EngineName) => void,
): Promise<Selection> {
  const notes: string[] = [];
  for (const name of setup.candidates) {
    onTrying(name);
    try {
      const executor = await engines[name](setup);
      await selfTest(executor);
      return { executor, notes };
    } catch (error) {
      notes.push(`${name}: ${firstLine(error)}`);
    }
  }
  throw new EngineFailure('unavailable', notes.join('; '));
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0]!;
}
