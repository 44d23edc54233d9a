import type * as Onnxruntime from 'onnxruntime-node';
import { disableTelemetry } from './telemetry.ts';

export type Runtime = typeof Onnxruntime;

/**
 * Loads onnxruntime without its telemetry. Nothing else may import the library.
 *
 * @throws whatever loading the native library throws: there is none for every platform
 */
export async function loadRuntime(): Promise<Runtime> {
  disableTelemetry();
  return await import('onnxruntime-node');
}
