import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { EngineChoice, EngineClient } from '../engine/engine.ts';
import { createEngineClient } from '../engine/process/supervisor.ts';

/** Where the engine process starts: bundled beside this file, or the source it is bundled from. */
export function engineModulePath(): string {
  const bundled = join(import.meta.dirname, 'engine.cjs');
  return existsSync(bundled) ? bundled : join(import.meta.dirname, '../engine/process/main.ts');
}

/** Runs with an engine of its own, which is gone when `run` ends. */
export async function withEngine<T>(
  options: { readonly engine: EngineChoice; readonly threads?: number },
  run: (engine: EngineClient) => Promise<T>,
): Promise<T> {
  const engine = createEngineClient({
    choice: options.engine,
    modulePath: engineModulePath(),
    ...(options.threads === undefined ? {} : { threads: options.threads }),
  });
  try {
    return await run(engine);
  } finally {
    await engine.dispose();
  }
}
