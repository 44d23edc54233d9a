// Documents and imports whose names are no usual ones: everything answers, and the diagnostic says what is wrong.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TestClient } from './support/client.ts';
import { requests } from './support/requests.ts';

let client: TestClient;
beforeAll(async () => {
  client = await TestClient.start({ settings: { score: { onType: false } } });
});
afterAll(async () => {
  await client[Symbol.asyncDispose]();
});

const model = 'model M {\n  input 8x8x4\n  classes 10\n  conv(8, 3x3)\n  gap -> dense(classes)\n}\n';

/** Every text has a document of its own: diagnostics of another are no answer. */
let opened = 0;

describe('an import of', () => {
  test.each([
    ['half a character', './\ud83d.arch', 'import-path'],
    ['the other half', './a\udc00b.arch', 'import-path'],
    ['a zero', './a\0.arch', 'import-path'],
    ['an escape', './a%20b.arch', 'import-not-found'],
    ['half an escape', './a%.arch', 'import-not-found'],
    ['an escape that is no text', './%ff%zz.arch', 'import-not-found'],
    ['a very long name', `./${'a'.repeat(5000)}.arch`, 'import-unreadable'],
    ['a very long path', `./${'a/'.repeat(5000)}b.arch`, 'import-unreadable'],
    ['very many steps up', `${'../'.repeat(5000)}b.arch`, 'import-not-found'],
    ['a uri', 'file:///a.arch', 'import-path'],
    ['another machine', '//host/share/a.arch', 'import-path'],
    ['another machine, by a step', './/host/share/a.arch', 'import-not-found'],
    ['a drive', 'C:\\\\a.arch', 'import-path'],
    ['a drive, by a step', './C:/a.arch', 'import-not-found'],
    ['backslashes', './a\\\\b.arch', 'import-not-found'],
    ['a query and a fragment', './a.arch?b#c.arch', 'import-not-found'],
  ])('%s', async (_, path, code) => {
    const document = await client.open(`main-${opened++}.arch`, `import { A } from "${path}"\n${model}`);
    const diagnostics = await document.diagnostics();
    expect(diagnostics.map((diagnostic) => diagnostic.code)).toContain(code);
    const position = document.position(path.slice(0, 2));
    for (const ask of Object.values(requests)) await ask(document, position);
    expect((await document.lenses()).length).toBeGreaterThan(0);
    expect((await document.hints()).length).toBeGreaterThan(0);
    await document.close();
  });
});

describe('a document', () => {
  test.each([
    'untitled:Untitled-1',
    'untitled:',
    'vscode-vfs://github/owner/name/a.arch',
    'vscode-vfs://github',
    'git:/a.arch?%7B%22ref%22%3A%22~%22%7D#part',
    'file:///a%20b.arch',
    'file:///a%.arch',
    'file:///%ff%zz.arch',
    'file:///a%00.arch',
    'file:///a%2Fb.arch',
    'file:///\ud83d.arch',
    'untitled:\udc00',
    'file:////host/share/a.arch',
    'file://host/share/a.arch',
    'file:///C:/a.arch',
    'file:///c%3A/a.arch',
    'file:C:\\a.arch',
    `file:///${'a'.repeat(5000)}.arch`,
    `file:///${'a/'.repeat(5000)}b.arch`,
    'a b:c',
    'no/uri:at all',
    '://',
    ':',
    'x://a:b:c@d/%%%',
    'vscode-notebook-cell:/a.arch#%E0%A4%A',
  ])('%s', async (uri) => {
    const document = await client.open(uri, `import { A } from "./blocks.arch"\n${model}`);
    const diagnostics = await document.diagnostics();
    expect(diagnostics.length).toBeGreaterThan(0);
    const position = document.position('conv');
    for (const ask of Object.values(requests)) await ask(document, position);
    expect(await requests['symbols']!(document, position)).toHaveLength(1);
    await document.replace('conv(8', 'conv(16');
    expect((await document.diagnostics()).length).toBe(diagnostics.length);
    await client.connection.sendNotification('workspace/didChangeWatchedFiles', {
      changes: [{ uri, type: 2 }],
    });
    expect((await document.hints()).length).toBeGreaterThan(0);
    await document.close();
  });
});
