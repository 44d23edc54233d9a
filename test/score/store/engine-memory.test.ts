import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { EngineMemory } from '../../../server/score/store/engine-memory.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'archlens-memory-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

it('knows the engine of a build until either of its two files is another', async () => {
  const info = { name: 'onnx-cpu', device: 'CPU', version: 'onnxruntime-node 1.30.0', threads: 2 };
  const source = { choice: 'auto', modulePath: join(folder, 'engine.cjs') } as const;
  const memory = new EngineMemory();
  for (const file of ['engine.cjs', 'engine-worker.cjs']) {
    await memory.learn(source, info);
    expect(await memory.recall(source)).toEqual(info);
    writeFileSync(join(folder, file), 'another build');
    expect(await memory.recall(source)).toBeUndefined();
  }
});
