// Files beside an open document that nothing can be read from: the server says so, and goes on.
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { expect, test } from 'vitest';
import { TestClient } from './support/client.ts';

test.skipIf(process.platform === 'win32')('devices, pipes, folders and other encodings', async () => {
  await using client = await TestClient.start({ settings: { score: { onType: false } } });
  const at = (name: string): string => join(client.folder, name);
  symlinkSync('/dev/zero', at('b.arch'));
  execFileSync('mkfifo', [at('pipe.arch')]);
  mkdirSync(at('folder.arch'));
  symlinkSync('me@host.1:2', at('.#a.arch'));
  writeFileSync(at('latin1.arch'), Buffer.from('// caf\xe9\nblock A() { relu }\n', 'latin1'));
  writeFileSync(at('large.arch'), `//${'x'.repeat(4_000_000)}`);

  const document = await client.open('a.arch', 'block B() { relu }\n');
  expect((await document.diagnostics()).map(({ code }) => code)).not.toContain('import-unreadable');
  const neighbours = {
    'b.arch': 'it is a device, not a regular file',
    'pipe.arch': 'it is a pipe, not a regular file',
    'latin1.arch': 'it is not UTF-8: byte 6 is 0xE9 (line 1). Save it as UTF-8',
    'large.arch': 'it has 4,000,002 bytes; at most 3,000,000 are read',
  };
  for (const [name, reason] of Object.entries(neighbours)) {
    const [only] = await client.until(
      `a diagnostic of ${name}`,
      () => client.diagnostics.get(client.uri(name))?.diagnostics,
    );
    expect(only?.message).toBe(`This file cannot be read: ${reason}.`);
  }
  expect(client.diagnostics.get(client.uri('.#a.arch'))).toBeUndefined();

  for (const name of ['b', 'pipe', 'folder', 'latin1', 'large', '.#a']) {
    await document.edit(0, document.text.length, `import { A } from "./${name}.arch"\nblock B() { A }\n`);
    const found = await document.diagnostics();
    expect(
      found.map(({ code }) => code),
      name,
    ).toEqual(['import-unreadable']);
    expect(found[0]!.message).toContain(`./${name}.arch cannot be read: it `);
  }

  // What is mended is read.
  rmSync(at('latin1.arch'));
  await client.write('latin1.arch', '// café\nblock A() { relu }\n');
  await document.edit(0, document.text.length, 'import { A } from "./latin1.arch"\nblock B() { A }\n');
  expect((await document.diagnostics()).map(({ code }) => code)).toEqual([]);
  await client.until('the diagnostic to go', () =>
    client.diagnostics.get(client.uri('latin1.arch'))?.diagnostics.length === 0 ? true : undefined,
  );
});
