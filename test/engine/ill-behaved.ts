// Engines that do wrong, and what is expected of those that do not.
import process from 'node:process';
import { expect } from 'vitest';
import { EngineFailure } from '../../server/engine/engine.ts';
import type { EngineClient } from '../../server/engine/engine.ts';
import { quickJob } from './jobs.ts';

/** How a promise fails, which it must. */
export async function failureOf(promise: Promise<unknown>): Promise<EngineFailure> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof EngineFailure) return error;
    throw error;
  }
  throw new Error('Did not fail.');
}

/** What a quick job gives. */
export const quickAnswer = Array.from({ length: 18 }, (_, i) => 2 * i + 1);

export async function expectWorks(client: EngineClient): Promise<void> {
  const { outputs } = await client.run(quickJob());
  expect(outputs['y']!.shape).toEqual([6, 3]);
  expect([...outputs['y']!.data]).toEqual(quickAnswer);
}

/** Code of an engine that writes what is no frame as soon as it runs a job. */
export const garbage = `
  import { writeSync } from 'node:fs';
  import { isMainThread, parentPort } from 'node:worker_threads';
  if (!isMainThread)
    parentPort.on('message', ({ type }) => {
      if (type === 'run') writeSync(3, 'Segmentation fault, core dumped. ');
    });`;

/** Sends a signal as soon as the first chunk is done, `times` times. */
export function signalOnProgress(client: EngineClient, signal: NodeJS.Signals, times: number): () => void {
  const hit = new Set<number>();
  return () => {
    const { pid } = client.status();
    if (pid === undefined || hit.has(pid) || hit.size >= times) return;
    hit.add(pid);
    process.kill(pid, signal);
  };
}

/** An engine that writes `bytes` on its channel once it runs a job, the first time only. */
export function babbling(bytes: string, flag: string): string {
  return `
    import { existsSync, writeFileSync, writeSync } from 'node:fs';
    import { isMainThread } from 'node:worker_threads';
    const flag = process.argv[1] + ${JSON.stringify(flag)};
    if (isMainThread && !existsSync(flag))
      setTimeout(() => {
        writeFileSync(flag, '');
        writeSync(3, ${bytes});
      }, 100);`;
}
