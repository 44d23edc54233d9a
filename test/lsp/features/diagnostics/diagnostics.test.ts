import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CodeActionRequest } from 'vscode-languageserver-protocol/node';
import type { CodeAction } from 'vscode-languageserver-protocol/node';
import { messageText, TestClient } from '../../support/client.ts';
import type { OpenDocument } from '../../support/client.ts';
import { marked } from '../../support/marked.ts';
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

describe('diagnostics', () => {
  /** `«…»` marks where each is expected, in the order of the text. */
  async function expectDiagnostics(source: string, codes: readonly string[]): Promise<OpenDocument> {
    const { text, spans } = marked(source);
    const document = await open(text);
    const found = await document.diagnostics();
    expect(found.map(({ code }) => code)).toEqual(codes);
    expect(found.map(({ range }) => document.textOf(range))).toEqual(spans.map((span) => span.text));
    return document;
  }

  test('none for a correct file', async () => {
    await expectDiagnostics(residual, []);
  });

  test('a misspelt op, with the right one', async () => {
    const document = await expectDiagnostics(
      'model M { input 8x8x3 classes 10 «cnov»(8, 3x3) -> gap -> dense(classes) }',
      ['unknown-name'],
    );
    expect((await document.diagnostics())[0]?.message).toContain('conv');
  });

  test('a shape error inside a block names the call that caused it', async () => {
    const text = `block Heads(n) { attention(n) }
model M {
  input 8x8x3
  classes 10
  conv(32, 4x4, stride = 4) -> tokens
  Heads(5)
  mean_tokens -> dense(classes)
}
`;
    const document = await open(text);
    const [diagnostic] = await document.diagnostics();
    expect(diagnostic?.message).toMatch(/5 heads do not divide a width of 32/);
    const places = [
      document.textOf(diagnostic!.range),
      ...(diagnostic?.relatedInformation ?? []).map(({ location }) => document.textOf(location.range)),
    ];
    expect(places.some((place) => place.startsWith('Heads(5)'))).toBe(true);
    expect(places.some((place) => place.startsWith('attention(n)'))).toBe(true);
    expect(diagnostic?.relatedInformation?.every(({ location }) => location.uri === document.uri)).toBe(true);
  });

  test('follow an imported file, on the disk and open', async () => {
    await client.write('imported.arch', blocks);
    const document = await client.open(
      'importer.arch',
      'import { Basic } from "./imported.arch"\nmodel M { input 8x8x3 classes 10 Basic(8, stride = 2) -> gap -> dense(classes) }\n',
    );
    expect(await document.diagnostics()).toEqual([]);

    await client.write('imported.arch', blocks.replace('block Basic', 'block Other'));
    await client.until('an error about the import', () =>
      client.diagnostics.get(document.uri)?.diagnostics.length === 1 ? true : undefined,
    );

    // Open text beats the disk.
    const imported = await client.open('imported.arch', blocks);
    await client.until('no error', () =>
      client.diagnostics.get(document.uri)?.diagnostics.length === 0 ? true : undefined,
    );
    await imported.replace('out, stride = 1', 'out, step = 1');
    await client.until('an error about the argument', () =>
      client.diagnostics
        .get(document.uri)
        ?.diagnostics.some(({ message }) => messageText(message).includes('stride'))
        ? true
        : undefined,
    );
    await imported.close();
    await client.until('the error of the disk again', () =>
      client.diagnostics
        .get(document.uri)
        ?.diagnostics.some(({ message }) => messageText(message).includes('Basic'))
        ? true
        : undefined,
    );
    await client.until('a closed document to be clean', () =>
      client.diagnostics.get(imported.uri)?.diagnostics.length === 0 ? true : undefined,
    );
  });

  test('a mechanical repair is offered as a quick fix', async () => {
    const document = await open('modle M { input 8x8x3 classes 10 gap -> dense(classes) }');
    const [diagnostic] = await document.diagnostics();
    const actions = await client.connection.sendRequest(CodeActionRequest.type, {
      textDocument: { uri: document.uri },
      range: diagnostic!.range,
      context: { diagnostics: [diagnostic!] },
    });
    const [action] = actions ?? [];
    const edits = (action as CodeAction | undefined)?.edit?.changes?.[document.uri] ?? [];
    expect(edits.map(({ newText, range }) => [document.textOf(range), newText])).toEqual([
      ['modle', 'model'],
    ]);
  });
});
