import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, sep } from 'node:path';
import process from 'node:process';
import type { Executor } from '../executor.ts';
import { tfjsExecutor } from './executor.ts';

/**
 * TensorFlow.js on WebAssembly: slow, but needs no native library. One thread: its threaded build does not run in Node.
 *
 * @throws Error when the WebAssembly files cannot be found or started
 */
export async function createWasmExecutor(): Promise<Executor> {
  const tf = await import('@tensorflow/tfjs-core');
  const { setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm');
  setWasmPaths(wasmFolder() + sep);
  if (!(await tf.setBackend('wasm'))) throw new Error('The WebAssembly backend could not be started.');
  await tf.ready();
  const simd = (await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT')) === true;
  return tfjsExecutor(tf, {
    name: 'tfjs-wasm',
    device: simd ? 'WebAssembly SIMD' : 'WebAssembly',
    version: `@tensorflow/tfjs-backend-wasm ${tf.version_core}`,
    threads: 1,
  });
}

const wasmFile = 'tfjs-backend-wasm.wasm';

/** Beside the bundle this process runs, or in the package when it runs from source. */
function wasmFolder(): string {
  const entry = process.argv[1]!;
  if (existsSync(join(dirname(entry), wasmFile))) return dirname(entry);
  return dirname(createRequire(entry).resolve('@tensorflow/tfjs-backend-wasm'));
}
