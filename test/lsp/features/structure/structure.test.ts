import { afterAll, beforeAll, expect, test } from 'vitest';
import { FoldingRangeRequest, SelectionRangeRequest } from 'vscode-languageserver-protocol/node';
import type { SelectionRange } from 'vscode-languageserver-protocol/node';
import { TestClient } from '../../support/client.ts';
import { openAt } from '../../support/language.ts';

let client: TestClient;

beforeAll(async () => {
  client = await TestClient.start({
    settings: { score: { onType: false } },
    capabilities: {
      workspace: {
        configuration: true,
        workspaceFolders: true,
        didChangeWatchedFiles: { dynamicRegistration: true },
      },
      textDocument: { publishDiagnostics: { versionSupport: true } },
    },
  });
});
afterAll(async () => {
  await client[Symbol.asyncDispose]();
});

test('selections grow from the word to the file, in a broken file too', async () => {
  const grow = async (source: string): Promise<readonly string[]> => {
    const { document, position } = await openAt(client, source);
    const [first] =
      (await client.connection.sendRequest(SelectionRangeRequest.type, {
        textDocument: { uri: document.uri },
        positions: [position],
      })) ?? [];
    const texts: string[] = [];
    for (let range: SelectionRange | undefined = first; range !== undefined; range = range.parent)
      texts.push(document.textOf(range.range));
    return texts;
  };
  expect(await grow('block B() { residual { conv(8, 3x‸3) -> bn } }\nlet x = 1')).toEqual([
    '3x3',
    'conv(8, 3x3)',
    'conv(8, 3x3) -> bn',
    '{ conv(8, 3x3) -> bn }',
    'residual { conv(8, 3x3) -> bn }',
    '{ residual { conv(8, 3x3) -> bn } }',
    'block B() { residual { conv(8, 3x3) -> bn } }',
    'block B() { residual { conv(8, 3x3) -> bn } }\nlet x = 1',
  ]);
  expect((await grow('block B( { conv(8‸ ->'))[0]).toBe('8');
});

test('bodies, lists, comments and imports fold', async () => {
  const document = await client.open(
    'folds.arch',
    `import { A } from "./a.arch"
import { B } from "./b.arch"

// One
// Two
model M {
  input 8x8x3 // behind a statement
  // alone
  residual {
    conv(
      8,
      3x3
    )
  }
  broken [
`,
  );
  const ranges = await client.connection.sendRequest(FoldingRangeRequest.type, {
    textDocument: { uri: document.uri },
  });
  const found = (ranges ?? []).map(({ startLine, endLine, kind }) =>
    `${startLine}-${endLine} ${kind ?? ''}`.trim(),
  );
  expect(found.sort()).toEqual(['0-1 imports', '3-4 comment', '8-12', '9-11']);
});
