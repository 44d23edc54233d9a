// Names across the folders of a workspace.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { TestClient } from './support/client.ts';
import { accepted, complete, openAt, renameAt } from './support/language.ts';

const library = 'block ConvBnAct(out) { conv(out, 3x3) -> bn -> relu }\n';
const user = 'import { ConvBnAct } from "../two/library.arch"\nblock Own(n) { ConvBnAct(n) }\n';

let client: TestClient;

beforeAll(async () => {
  client = await TestClient.start({
    settings: { score: { onType: false } },
    folders: { one: {}, two: {} },
  });
  await client.write('two/library.arch', library);
  await client.write('one/user.arch', user);
});
afterAll(async () => {
  await client[Symbol.asyncDispose]();
});

test('a name of another folder is completed with its import', async () => {
  const placed = await openAt(client, 'model M { input 8x8x3 classes 10 ConvB‸ }', 'one/new.arch');
  const item = await client.until('the name', async () =>
    (await complete(placed)).find(({ label }) => label === 'ConvBnAct'),
  );
  expect(accepted(placed.document, item)).toMatch(
    /^import \{ ConvBnAct \} from "\.\.\/two\/library\.arch"\n\nmodel M .* ConvBnAct\(16\) \}$/,
  );
  await placed.document.close();
});

test('a rename reaches the files of all folders', async () => {
  const placed = await openAt(client, library.replace('Act', '‸Act'), 'two/library.arch');
  const edits = await renameAt(placed, 'Unit');
  if (typeof edits === 'string') throw new Error(edits);
  const applied = ([file, text]: readonly [string, string]) =>
    TextDocument.applyEdits(TextDocument.create('', 'arch', 0, text), edits[client.uri(file)] ?? []);
  expect(Object.keys(edits)).toHaveLength(2);
  expect(applied(['two/library.arch', library])).toBe(library.replace('ConvBnAct', 'Unit'));
  expect(applied(['one/user.arch', user])).toBe(user.replaceAll('ConvBnAct', 'Unit'));
  await placed.document.close();
});
