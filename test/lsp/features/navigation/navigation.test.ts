import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DefinitionRequest, DocumentHighlightRequest } from 'vscode-languageserver-protocol/node';
import type { Location } from 'vscode-languageserver-protocol/node';
import { TestClient } from '../../support/client.ts';
import type { OpenDocument } from '../../support/client.ts';
import { blocks, residual } from '../../support/texts.ts';

let client: TestClient;
let files = 0;

beforeAll(async () => {
  // What is tested here needs no engine.
  client = await TestClient.start({ settings: { score: { onType: false } } });
});
afterAll(async () => {
  await client[Symbol.asyncDispose]();
});

async function open(text: string): Promise<OpenDocument> {
  files += 1;
  return await client.open(`file-${files}.arch`, text);
}

describe('navigation', () => {
  test('to a definition in another file', async () => {
    await client.write('library.arch', blocks);
    const document = await open(
      'import { Basic } from "./library.arch"\nmodel M { input 8x8x3 classes 10 Basic(8) -> gap -> dense(classes) }\n',
    );
    const definition = (await client.connection.sendRequest(DefinitionRequest.type, {
      textDocument: { uri: document.uri },
      position: document.position('Basic', 'classes 10 '),
    })) as Location | null;
    expect(definition?.uri).toBe(client.uri('library.arch'));
    expect(definition?.range.start).toEqual({ line: 1, character: 6 });
  });

  test('to a parameter, and all its uses', async () => {
    const document = await open(residual);
    const at = {
      textDocument: { uri: document.uri },
      position: document.position('stride', '3x3, stride = '),
    };
    const definition = (await client.connection.sendRequest(DefinitionRequest.type, at)) as Location | null;
    expect(definition?.range.start).toEqual(document.position('stride = 1'));
    const uses = await client.connection.sendRequest(DocumentHighlightRequest.type, at);
    expect(uses?.map(({ range }) => document.textOf(range))).toEqual(Array(5).fill('stride'));
  });
});
