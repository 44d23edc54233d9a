import { describe, expect, test } from 'vitest';
import { CodeActionRequest } from 'vscode-languageserver-protocol/node';
import type { CodeAction, Range, TextEdit } from 'vscode-languageserver-protocol/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { TestClient } from '../../support/client.ts';
import type { OpenDocument } from '../../support/client.ts';
import { marked } from '../../support/marked.ts';

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
