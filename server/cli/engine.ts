import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { resolve } from 'node:path';
import type { EngineChoice, EngineClient } from '../engine/engine.ts';
import { createEnginePool } from '../engine/pool/pool.ts';
import type { EnginePool } from '../engine/pool/pool.ts';

/** Where the engine process starts: bundled beside this file, or the source it is bundled from. */
export function engineModulePath(): string {
  const bundled = join(import.meta.dirname, 'engine.cjs');
  return existsSync(bundled) ? bundled : join(import.meta.dirname, '../engine/process/main.ts');
}

interface EngineOptions {
  readonly engine: EngineChoice;
  readonly threads?: number;
  readonly cudaPath?: string;
  readonly memoryLimit?: number;
}

/** The engines of this machine; none of them runs yet. */
export function openEngines({ engine, threads, cudaPath, memoryLimit }: EngineOptions): EnginePool {
  return createEnginePool({
    choice: engine,
    modulePath: engineModulePath(),
    ...(threads === undefined ? {} : { threads }),
    ...(memoryLimit === undefined ? {} : { memoryLimit }),
    ...(cudaPath === undefined ? {} : { cudaPath: resolve(cudaPath) }),
  });
}

/** Runs with an engine of its own, which is gone when `run` ends. */
export async function withEngine<T>(
  options: EngineOptions,
  run: (engine: EngineClient) => Promise<T>,
): Promise<T> {
  const engine = openEngines(options);
  try {
    return await run(engine);
  } finally {
    await engine.dispose();
  }
}
