// Random edits interleaved with requests: nothing throws, and at the end the server says what it says of a fresh open.
import { readFileSync } from 'node:fs';
import process from 'node:process';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  CodeActionRequest,
  DefinitionRequest,
  DocumentHighlightRequest,
  DocumentSymbolRequest,
  FoldingRangeRequest,
  HoverRequest,
} from 'vscode-languageserver-protocol/node';
import { modelAt, scoreDetails } from '../../server/lsp/protocol.ts';
import { TestClient } from './client.ts';
import type { OpenDocument } from './client.ts';

/** Edits in all, at least on average; ARCHLENS_RUNS asks for more. */
const edits = Number(process.env['ARCHLENS_RUNS'] ?? 10_000);
/** At most: a script has any length up to it. */
const perScript = 50;

let client: TestClient;
let files = 0;

beforeAll(async () => {
  client = await TestClient.start({ settings: { score: { onType: false } } });
});
afterAll(async () => {
  await client[Symbol.asyncDispose]();
});

const example = readFileSync(new URL('../../examples/resnet20.arch', import.meta.url), 'utf8');
const start = `block Part(out, stride = 1) { conv(out, 3x3, stride = stride) -> bn -> relu }
model M {
  input 8x8x3
  classes 4
  repeat 2 as i { Part(8, stride = i == 0 ? 2 : 1) }
  gap -> dense(classes) : 4
}
space S { input 8x8x3 classes 4 conv(choice(4, 8), 3x3) -> gap -> dense(classes) }
`;

/** What people and accidents put into a file. */
const insertion = fc.oneof(
  fc.constantFrom(
    ...[
      '{',
      '}',
      '(',
      ')',
      '[',
      ']',
      '"',
      '->',
      ':',
      ',',
      '=',
      '//',
      '/*',
      '*/',
      '\n',
      '\r\n',
      ' ',
      '///x\n',
      '😀',
      '\u0000',
    ],
    ...[
      'conv(8, 3x3)',
      'model N {',
      'block ',
      'repeat 1000000 { ',
      'choice(1, 2)',
      'import { A } from "./a.arch"\n',
    ],
    ...[
      'residual {',
      'cell C = "|none~0|"',
      'let x = ',
      '3x3',
      '1e400',
      '-1',
      'M',
      'Part',
      'stride',
      example,
    ],
  ),
  fc.string({ maxLength: 6 }),
);

const edit = fc.record({
  /** Shares of the length of the text. */
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  length: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.nat(12), fc.nat(400)),
  text: insertion,
  /** What is asked in between, without waiting for the answer before the next edit. */
  request: fc.nat(9),
  cursor: fc.double({ min: 0, max: 1, noNaN: true }),
});

async function ask(document: OpenDocument, request: number, cursor: number): Promise<unknown> {
  const { connection } = client;
  const textDocument = { uri: document.uri };
  const position = document.document.positionAt(Math.floor(cursor * document.text.length));
  const range = { start: { line: 0, character: 0 }, end: position };
  switch (request) {
    case 0:
      return await connection.sendRequest(HoverRequest.type, { textDocument, position });
    case 1:
      return await document.lenses();
    case 2:
      return await document.hints();
    case 3:
      return await connection.sendRequest(DocumentSymbolRequest.type, { textDocument });
    case 4:
      return await connection.sendRequest(FoldingRangeRequest.type, { textDocument });
    case 5:
      return await connection.sendRequest(DefinitionRequest.type, { textDocument, position });
    case 6:
      return await connection.sendRequest(DocumentHighlightRequest.type, { textDocument, position });
    case 7:
      return await connection.sendRequest(CodeActionRequest.type, {
        textDocument,
        range,
        context: { diagnostics: [] },
      });
    case 8:
      return await connection.sendRequest(modelAt, { uri: document.uri, line: position.line });
    default:
      return await connection.sendRequest(scoreDetails, { uri: document.uri, model: 'M' });
  }
}

/** Everything the server says of a document; what depends on its past is left out. */
async function everything(document: OpenDocument): Promise<unknown> {
  const { connection } = client;
  const textDocument = { uri: document.uri };
  return {
    diagnostics: (await document.diagnostics()).map((diagnostic) => ({
      ...diagnostic,
      relatedInformation: [],
    })),
    hints: await document.hints(),
    symbols: await connection.sendRequest(DocumentSymbolRequest.type, { textDocument }),
    folding: await connection.sendRequest(FoldingRangeRequest.type, { textDocument }),
    lenses: await document
      .lenses()
      .then((lenses) => lenses.map(({ range, command }) => [range, command?.title])),
    hovers: await Promise.all([0.1, 0.3, 0.5, 0.7, 0.9].map((cursor) => ask(document, 0, cursor))),
  };
}

test(
  'incremental state equals a fresh open, and nothing throws',
  async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(edit, { minLength: 1, maxLength: perScript, size: 'max' }),
        async (script) => {
          files += 1;
          const document = await client.open(`edited-${files}.arch`, start);
          const answers: Promise<unknown>[] = [];
          for (const { at, length, text, request, cursor } of script) {
            const offset = Math.floor(at * document.text.length);
            await document.edit(offset, Math.min(document.text.length, offset + length), text);
            answers.push(ask(document, request, cursor));
          }
          await Promise.all(answers);
          const fresh = await client.open(`fresh-${files}.arch`, document.text);
          expect(await everything(document)).toEqual(await everything(fresh));
          await document.close();
          await fresh.close();
        },
      ),
      { numRuns: Math.ceil((2.5 * edits) / perScript) },
    );
    expect(client.log.filter((line) => line.includes('failed'))).toEqual([]);
  },
  60_000 + edits * 50,
);
