import { dirname, join } from 'node:path';

/** Path of the computing thread's module, beside that of the engine process: bundled, or in the sources. */
export function workerModule(modulePath: string): string {
  return join(dirname(modulePath), modulePath.endsWith('.ts') ? 'worker-main.ts' : 'engine-worker.cjs');
}
