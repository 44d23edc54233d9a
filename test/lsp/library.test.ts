// "archlens:blocks" in an editor: what it leads to can be looked at, and is not changed.
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  CodeActionRequest,
  DefinitionRequest,
  DocumentLinkRequest,
  ReferencesRequest,
} from 'vscode-languageserver-protocol/node';
import type { CodeAction, Location, TextEdit } from 'vscode-languageserver-protocol/node';
import { openAlternatives } from '../../server/protocol/what-if.ts';
import { expectHover, TestClient, type OpenDocument } from './support/client.ts';
import { accepted, complete, expectRename, openAt } from './support/language.ts';

const blocks = pathToFileURL(join(import.meta.dirname, '../../library/blocks.arch')).href;
const head = 'model M {\n  input 8x8x3\n  classes 10\n';
const importing = `import { InvertedResidual } from "archlens:blocks"\n${head}  InvertedResidual(8, expand = 4) -> gap -> dense(classes)\n}\n`;

let client: TestClient;

beforeAll(async () => {
  client = await TestClient.start({ settings: { score: { onType: false } } });
});
afterAll(async () => {
  await client[Symbol.asyncDispose]();
});

async function actionsAt(document: OpenDocument, text: string): Promise<readonly CodeAction[]> {
  const position = document.position(text);
  const found = await client.connection.sendRequest(CodeActionRequest.type, {
    textDocument: { uri: document.uri },
    range: { start: position, end: position },
    context: { diagnostics: [] },
  });
  return (found ?? []) as CodeAction[];
}

test('a name, a parameter and the path lead to the file of the package', async () => {
  const document = await client.open('leads.arch', importing);
  for (const text of ['InvertedResidual(', 'expand', 'archlens']) {
    const found = (await client.connection.sendRequest(DefinitionRequest.type, {
      textDocument: { uri: document.uri },
      position: document.position(text),
    })) as Location | null;
    expect(found?.uri, text).toBe(blocks);
    expect(found?.range.start.line === 0, text).toBe(text === 'archlens');
  }
  const links = (await client.connection.sendRequest(DocumentLinkRequest.type, {
    textDocument: { uri: document.uri },
  }))!;
  expect(links.map(({ target }) => target)).toEqual([blocks]);
});

test('hovers say where a block is from, and what there is', async () => {
  const document = await client.open('hovers.arch', importing);
  await expectHover(document, 'InvertedResidual', [/MobileNetV2/, /\*from\* `archlens:blocks`/], head);
  await expectHover(document, 'archlens:blocks', [
    /`archlens:blocks` comes with Archlens and declares:/,
    /- `SqueezeExcite`: Squeeze-and-excitation/,
  ]);
});

test('the path and its names are completed', async () => {
  const path = await openAt(client, 'import { Mlp } from "‸"');
  const items = await complete(path);
  const library = items.find(({ label }) => label === 'archlens:blocks');
  expect(accepted(path.document, library!)).toBe('import { Mlp } from "archlens:blocks"');
  const names = await complete(await openAt(client, 'import { Mlp, ‸ } from "archlens:blocks"'));
  expect(names.map(({ label }) => label)).toContain('TransformerEncoder');
  expect(names.map(({ label }) => label)).not.toContain('Mlp');
});

test('a block is offered with its import, and an unknown name gets it', async () => {
  const placed = await openAt(client, `${head}  SqueezeEx‸`);
  const item = (await complete(placed)).find(({ label }) => label === 'SqueezeExcite');
  expect(item?.labelDetails?.description).toBe('archlens:blocks');
  expect(accepted(placed.document, item!)).toContain('import { SqueezeExcite } from "archlens:blocks"');
  const document = await client.open('unknown.arch', `${head}  MBConv(8) -> gap -> dense(classes)\n}\n`);
  const [action] = await actionsAt(document, 'MBConv');
  expect(action?.title).toBe('Import `MBConv` from "archlens:blocks"');
  const [edit] = action?.edit?.changes?.[document.uri] ?? ([] as TextEdit[]);
  expect(edit?.newText).toBe('import { MBConv } from "archlens:blocks"\n\n');
});

test('renaming what is of the library is refused, by each of its names', async () => {
  const message = /archlens:blocks, which comes with Archlens: copy what you want to change/;
  await expectRename(client, importing.replace('Residual(8', 'Resid‸ual(8'), 'Unit', message);
  await expectRename(client, importing.replace('expand', 'exp‸and'), 'widen', message);
});

test('the file itself, opened, is without findings and without actions, and knows who uses it', async () => {
  const text = readFileSync(join(import.meta.dirname, '../../library/blocks.arch'), 'utf8');
  const user = await client.open('user.arch', importing);
  const document = await client.open(blocks, text);
  expect(await document.diagnostics()).toEqual([]);
  expect(await actionsAt(document, 'residual {')).toEqual([]);
  const varied = await client.connection.sendRequest(openAlternatives, {
    uri: document.uri,
    position: document.position('relu'),
  });
  expect(varied).toContain('archlens:blocks comes with Archlens and is not changed');
  const uses = (await client.connection.sendRequest(ReferencesRequest.type, {
    textDocument: { uri: document.uri },
    position: document.position('InvertedResidual(out'),
    context: { includeDeclaration: false },
  }))!;
  expect(uses.map(({ uri }) => uri)).toContain(user.uri);
});
