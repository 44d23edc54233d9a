import type { Executor } from '../executor.ts';
export async function createTfjsExecutor(threads: number): Promise<Executor> {
  await Promise.resolve(threads);
  throw new Error('not built');
}
