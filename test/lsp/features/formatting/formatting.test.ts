import { describe, expect, test } from 'vitest';
import {
  DocumentFormattingRequest,
  DocumentOnTypeFormattingRequest,
  DocumentRangeFormattingRequest,
} from 'vscode-languageserver-protocol/node';
import type { TextEdit } from 'vscode-languageserver-protocol/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { TestClient } from '../../support/client.ts';
import type { OpenDocument } from '../../support/client.ts';

const options = { tabSize: 2, insertSpaces: true };

function edited({ document }: OpenDocument, edits: readonly TextEdit[] | null): string {
  return TextDocument.applyEdits(document, [...(edits ?? [])]);
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
