import type { EngineName } from './process/protocol.ts';
import { EngineFailure } from './engine.ts';
import type { Executor } from './executor.ts';
import { createOnnxExecutor } from './onnx/executor.ts';
import { selfTest } from './self-test.ts';
import { createTfjsExecutor } from './tfjs/executor.ts';

const engines: Readonly<Record<EngineName, (threads: number) => Promise<Executor>>> = {
  'onnx-cpu': createOnnxExecutor,
  'tfjs-wasm': createTfjsExecutor,
};

export interface Selection {
  readonly executor: Executor;
  /** Why those before it in the list are not used. */
  readonly notes: readonly string[];
}

/**
 * The first engine in `candidates` that loads on this machine and passes its self-test.
 *
 * @param onTrying told before each attempt: loading native code can end the process
 * @throws EngineFailure `unavailable`, with the reason for each candidate
 */
export async function selectExecutor(
  candidates: readonly EngineName[],
  threads: number,
  onTrying: (engine: EngineName) => void,
): Promise<Selection> {
  const notes: string[] = [];
  for (const name of candidates) {
    onTrying(name);
    try {
      const executor = await engines[name](threads);
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
