import { describe, expect, test } from 'vitest';
import {
  CodeActionRequest,
  DocumentFormattingRequest,
  DocumentOnTypeFormattingRequest,
  DocumentRangeFormattingRequest,
} from 'vscode-languageserver-protocol/node';
import type { CodeAction, Range, TextEdit } from 'vscode-languageserver-protocol/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { messageText, TestClient } from './support/client.ts';
import type { OpenDocument } from './support/client.ts';
import { marked } from './support/marked.ts';

const options = { tabSize: 2, insertSpaces: true };

function model(body: string): string {
  return `model M {\n  input 8x8x4\n  classes 10\n${body}\n  gap -> dense(classes)\n}\n`;
}

function edited({ document }: OpenDocument, edits: readonly TextEdit[] | null): string {
  return TextDocument.applyEdits(document, [...(edits ?? [])]);
}

function rangeOf(
  { document }: OpenDocument,
  { start, end }: { readonly start: number; readonly end: number },
): Range {
  return { start: document.positionAt(start), end: document.positionAt(end) };
}

/** Titles and kinds of what is offered in a range, and the text that an action leaves. */
async function actions(document: OpenDocument, range: Range, only?: string): Promise<readonly CodeAction[]> {
  const found = await document.client.connection.sendRequest(CodeActionRequest.type, {
    textDocument: { uri: document.uri },
    range,
    context: { diagnostics: [], ...(only === undefined ? {} : { only: [only] }) },
  });
  return (found ?? []) as CodeAction[];
}

function after(document: OpenDocument, action: CodeAction | undefined): string {
  return edited(document, action?.edit?.changes?.[document.uri] ?? []);
}

describe('formatting', () => {
  test('of a document, of lines, and while typing', async () => {
    await using client = await TestClient.start();
    const document = await client.open(
      'a.arch',
      'block A(){relu\nbn}\n\nblock B(){\n      relu\n      bn->gelu}',
    );
    const { connection } = client;
    const textDocument = { uri: document.uri };
    const whole = await connection.sendRequest(DocumentFormattingRequest.type, { textDocument, options });
    const style = 'block A() {\n  relu\n  bn\n}\n\nblock B() {\n  relu\n  bn -> gelu\n}\n';
    expect(edited(document, whole)).toBe(style);

    const range = { start: { line: 4, character: 3 }, end: { line: 4, character: 9 } };
    const lines = await connection.sendRequest(DocumentRangeFormattingRequest.type, {
      textDocument,
      range,
      options,
    });
    expect(edited(document, lines)).toBe('block A(){relu\nbn}\n\nblock B(){\n  relu\n      bn->gelu}');

    const position = document.document.positionAt(document.text.length);
    const typed = await connection.sendRequest(DocumentOnTypeFormattingRequest.type, {
      textDocument,
      position,
      ch: '}',
      options,
    });
    expect(edited(document, typed)).toMatch(
      /^block A\(\)\{relu\nbn\}\n\nblock B\(\) \{\n {2}relu\n {2}bn -> gelu\n\}/,
    );
  });

  test('leaves alone what does not parse', async () => {
    await using client = await TestClient.start();
    const document = await client.open('a.arch', 'model M {\n    input 8x8x3\n conv(16 3x3\n}\n\nlet  a=1\n');
    const edits = await client.connection.sendRequest(DocumentFormattingRequest.type, {
      textDocument: { uri: document.uri },
      options,
    });
    expect(edited(document, edits)).toBe('model M {\n    input 8x8x3\n conv(16 3x3\n}\n\nlet a = 1\n');
  });
});

describe('lint', () => {
  test('is published with tags, links and the severities of the settings', async () => {
    await using client = await TestClient.start({
      settings: { diagnostics: { severity: { 'two-activations': 'error', 'shadowed-name': 'off' } } },
    });
    const document = await client.open(
      'a.arch',
      `block X() { relu }\n${model('let gap_ = 1\nrelu -> relu\nlet relu = 2')}`,
    );
    const found = await client.until('the severities', () => {
      const known = client.diagnostics.get(document.uri)?.diagnostics ?? [];
      return known.some(({ code, severity }) => code === 'two-activations' && severity === 1)
        ? known
        : undefined;
    });
    expect(found.map(({ code, severity, tags }) => [code, severity, tags])).toEqual([
      ['unused-block', 4, [1]],
      ['unused-name', 4, [1]],
      ['two-activations', 1, undefined],
      ['unused-name', 4, [1]],
    ]);
    expect(found[0]?.codeDescription?.href).toMatch(/^file:.*docs\/diagnostics\.md#unused-block$/);
    expect(messageText(found[2]!.message)).toContain('changes nothing');
  });

  test('knows what closed files import', async () => {
    await using client = await TestClient.start();
    await client.write('other.arch', 'import { X } from "./a.arch"\nblock Y() { X }\n');
    const document = await client.open('a.arch', `block X() { relu }\nblock Z() { relu }\n${model('bn')}`);
    const codes = await client.until('only what nothing imports', () => {
      const known = client.diagnostics.get(document.uri)?.diagnostics;
      return known?.length === 1 ? known.map(({ range }) => document.textOf(range)) : undefined;
    });
    expect(codes).toEqual(['Z']);
  });
});

describe('code actions', () => {
  test('a fix, its diagnostic, and what it leaves', async () => {
    await using client = await TestClient.start();
    const { text, spans } = marked(model('  «residual» { conv(8, 3x3) }'));
    const document = await client.open('a.arch', text);
    const [fix] = await actions(document, rangeOf(document, spans[0]!), 'quickfix');
    expect(fix).toMatchObject({ title: 'Add a projection shortcut', kind: 'quickfix', isPreferred: true });
    expect(fix?.diagnostics?.[0]?.code).toBe('residual-mismatch');
    expect(after(document, fix)).toBe(model('  residual { conv(8, 3x3) } shortcut { conv(8, 1x1) -> bn }'));
  });

  test('an import from a file of the workspace', async () => {
    await using client = await TestClient.start();
    await client.write('blocks.arch', 'block Unit(out) { conv(out, 3x3) }\n');
    const { text, spans } = marked(model('  «Unit»(8)'));
    const document = await client.open('a.arch', text);
    const found = await actions(document, rangeOf(document, spans[0]!), 'quickfix');
    const [fix] = found;
    expect(found.map(({ title }) => title)).toEqual(['Import `Unit` from "./blocks.arch"']);
    expect(after(document, fix)).toBe(`import { Unit } from "./blocks.arch"\n\n${text}`);
  });

  test('extract, beside a declaration that does not parse', async () => {
    await using client = await TestClient.start();
    const { text, spans } = marked(`model N { conv( }\n\n${model('  «conv(8, 3x3) -> bn»')}`);
    const document = await client.open('a.arch', text);
    const [extract] = await actions(document, rangeOf(document, spans[0]!), 'refactor.extract');
    expect(after(document, extract)).toBe(
      `model N { conv( }\n\nblock Extracted() {\n  conv(8, 3x3) -> bn\n}\n\n${model('  Extracted')}`,
    );
  });

  test('all safe fixes, on request only', async () => {
    await using client = await TestClient.start();
    const document = await client.open('a.arch', model('  let w = 3\n  x = bn\n  relu -> relu'));
    const nowhere = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };
    expect(await actions(document, nowhere)).toEqual([]);
    const [all] = await actions(document, nowhere, 'source.fixAll');
    expect(all?.kind).toBe('source.fixAll');
    expect(after(document, all)).toBe(model('  bn\n  relu'));
  });
});
