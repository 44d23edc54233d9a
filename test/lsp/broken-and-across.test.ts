// Features that read the text, in a file that does not parse and with names of another file.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  DefinitionRequest,
  DocumentHighlightRequest,
  DocumentSymbolRequest,
  HoverRequest,
  LinkedEditingRangeRequest,
  SemanticTokensRequest,
} from 'vscode-languageserver-protocol/node';
import type { DocumentSymbol, Location } from 'vscode-languageserver-protocol/node';
import { messageText, TestClient } from './support/client.ts';
import { openAt } from './support/language.ts';

let client: TestClient;

beforeAll(async () => {
  client = await TestClient.start({ settings: { score: { onType: false } } });
  await client.write('shared.arch', '/// From elsewhere.\nblock Shared(out) { conv(out, 3x3) -> bn }\n');
});
afterAll(async () => {
  await client[Symbol.asyncDispose]();
});

const torn = (body: string): string =>
  `block Own(out) { conv(out, 3x3) -> bn }\nmodel M { input 8x8x3 classes 10 ${body} conv( -> -> }\nblock After() { relu }\n`;
const importing = (body: string): string =>
  `import { Shared } from "./shared.arch"\nmodel M { input 8x8x3 classes 10 ${body} gap -> dense(classes) }\n`;

async function placed(source: string) {
  const { document, position } = await openAt(client, source);
  return { document, at: { textDocument: { uri: document.uri }, position } };
}

describe('in a file that does not parse', () => {
  test('the outline holds what stands around the error', async () => {
    const { at } = await placed(torn('‸'));
    const symbols = (await client.connection.sendRequest(DocumentSymbolRequest.type, {
      textDocument: at.textDocument,
    })) as DocumentSymbol[];
    expect(symbols.map(({ name }) => name)).toEqual(['Own', 'M', 'After']);
  });

  test('a definition is found', async () => {
    const { document, at } = await placed(torn('Ow‸n(8)'));
    const found = (await client.connection.sendRequest(DefinitionRequest.type, at)) as Location | null;
    expect(found?.uri).toBe(document.uri);
    expect(found?.range.start).toEqual({ line: 0, character: 6 });
  });

  test('uses are highlighted', async () => {
    const { at } = await placed(torn('Ow‸n(8)'));
    const found = await client.connection.sendRequest(DocumentHighlightRequest.type, at);
    expect(found?.map(({ range }) => range.start.line)).toEqual([0, 1]);
  });

  test('names are edited together', async () => {
    const { document, at } = await placed(torn('x‸ = relu relu -> add(x)'));
    const found = await client.connection.sendRequest(LinkedEditingRangeRequest.type, at);
    expect(found?.ranges.map((range) => document.textOf(range))).toEqual(['x', 'x']);
  });

  test('tokens are told on both sides of the error', async () => {
    const { at } = await placed(torn('‸'));
    const found = await client.connection.sendRequest(SemanticTokensRequest.type, {
      textDocument: at.textDocument,
    });
    const lines: number[] = [];
    for (let index = 0, line = 0; index < (found?.data.length ?? 0); index += 5)
      lines.push((line += found!.data[index]!));
    expect(new Set(lines)).toEqual(new Set([0, 1, 2]));
  });
});

describe('with a name of another file', () => {
  test('a hover shows its documentation', async () => {
    const { at } = await placed(importing('Sha‸red(8)'));
    const hover = await client.connection.sendRequest(HoverRequest.type, at);
    expect(JSON.stringify(hover?.contents)).toContain('From elsewhere.');
  });

  test('all its uses here are highlighted, the import with them', async () => {
    const { document, at } = await placed(importing('Sha‸red(8) Shared(4)'));
    const found = await client.connection.sendRequest(DocumentHighlightRequest.type, at);
    expect(found?.map(({ range }) => document.textOf(range))).toEqual(['Shared', 'Shared', 'Shared']);
  });

  test('the outline holds own declarations only', async () => {
    const { at } = await placed(importing('Shared(8)‸'));
    const symbols = (await client.connection.sendRequest(DocumentSymbolRequest.type, {
      textDocument: at.textDocument,
    })) as DocumentSymbol[];
    expect(symbols.map(({ name }) => name)).toEqual(['M']);
  });

  test('an error there is told at the import', async () => {
    await client.write('torn.arch', 'block Torn() { conv( }\n');
    const { document } = await placed('import { Torn } from "./torn.arch"\nmodel M { input 8x8x3 Torn‸ }\n');
    const found = await document.diagnostics();
    const message = found.find(({ code }) => code === 'import-has-errors');
    expect(message === undefined ? undefined : messageText(message.message)).toMatch(/torn\.arch/);
  });
});
