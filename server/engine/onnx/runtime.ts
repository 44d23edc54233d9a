import type * as Onnxruntime from 'onnxruntime-node';
import { disableTelemetry } from './telemetry.ts';

export type Runtime = typeof Onnxruntime;

/**
 * The one way to onnxruntime: nothing else may import it, lest it be loaded with its telemetry.
 *
 * @throws whatever loading the native library throws: there is none for every platform
 */
export async function loadRuntime(): Promise<Runtime> {
  disableTelemetry();
  return await import('onnxruntime-node');
}
