import { plural } from '../base/quantities.ts';
import type { EngineInfo } from './engine.ts';

/** What computed, and what results of others are compared with: `onnx-cpu (onnxruntime-node 1.30.0, CPU)`. */
export function engineText({ name, version, device }: EngineInfo): string {
  return `${name} (${version}, ${device})`;
}

/** The same with what its speed depends on: `onnx-cpu (onnxruntime-node 1.30.0, CPU, 2 threads)`. */
export function engineWithThreads({ name, version, device, threads }: EngineInfo): string {
  return `${name} (${version}, ${device}, ${plural(threads, 'thread')})`;
}
