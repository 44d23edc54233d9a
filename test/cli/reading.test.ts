import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, expect, it, vi } from 'vitest';
import { readText } from '../../server/base/read-file.ts';
import { expandPaths, Files } from '../../server/cli/files.ts';

// Counted, and done as ever.
vi.mock('../../server/base/read-file.ts', { spy: true });

const folder = mkdtempSync(join(tmpdir(), 'archlens-reading-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

it('each file is read once, also where others import it, and where it cannot be read', () => {
  writeFileSync(join(folder, 'a.arch'), 'import { B } from "./b.arch"\nimport { C } from "./c.arch"\n');
  writeFileSync(join(folder, 'b.arch'), 'block B() { relu }\n');
  writeFileSync(join(folder, 'c.arch'), Buffer.from('// caf\xe9\n', 'latin1'));
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const files = new Files();
  const { found, failed } = files.analyseReadable(expandPaths([folder]));
  for (const { analysis } of found) files.lint(analysis);
  expect(() => files.analyse(join(folder, 'none.arch'))).toThrow(
    `${join(folder, 'none.arch')} cannot be read: there is no such file.`,
  );
  expect(found.map(({ path }) => basename(path))).toEqual(['a.arch', 'b.arch']);
  expect(failed).toBe(1);
  const read = vi.mocked(readText).mock.calls.map(([path]) => basename(path));
  expect(read).toEqual(['a.arch', 'b.arch', 'c.arch', 'none.arch']);
});
