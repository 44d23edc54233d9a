// Random edits interleaved with requests: nothing throws, and at the end the server says what it says of a fresh open.
import { readFileSync } from 'node:fs';
import process from 'node:process';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DocumentFormattingRequest, RenameRequest } from 'vscode-languageserver-protocol/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { TestClient } from './support/client.ts';
import type { OpenDocument } from './support/client.ts';
import { deltas, requests } from './support/requests.ts';

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
  request: fc.nat(99),
  cursor: fc.double({ min: 0, max: 1, noNaN: true }),
});

const names = Object.keys(requests);

async function ask(document: OpenDocument, request: number, cursor: number): Promise<unknown> {
  const position = document.document.positionAt(Math.floor(cursor * document.text.length));
  return await requests[names[request % names.length]!]!(document, position);
}

/** Everything the server says of a document; what depends on its past is left out. */
async function everything(document: OpenDocument): Promise<unknown> {
  const answers: [string, unknown][] = [
    [
      'diagnostics',
      (await document.diagnostics()).map((diagnostic) => ({ ...diagnostic, relatedInformation: [] })),
    ],
  ];
  for (const [name, request] of Object.entries(requests)) {
    if (name === 'details') continue;
    for (const cursor of [0.1, 0.3, 0.5, 0.7, 0.9]) {
      const position = document.document.positionAt(Math.floor(cursor * document.text.length));
      answers.push([name, withoutUri(await request(document, position), document.uri)]);
    }
  }
  return answers;
}

/** Two documents of one text differ in their URI, and in their names where a message says them. */
function withoutUri(answer: unknown, uri: string): unknown {
  const text = JSON.stringify(answer ?? null).replaceAll(JSON.stringify(uri).slice(1, -1), 'uri');
  return JSON.parse(text.replaceAll(/\b(edited|fresh)-\d+\.arch/g, 'the file'));
}

test(
  'incremental state equals a fresh open, formatting is idempotent, and nothing throws',
  async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(edit, { minLength: 1, maxLength: perScript, size: 'max' }),
        async (script) => {
          files += 1;
          const document = await client.open(`edited-${files}.arch`, start);
          const answers = [requests['tokens']!(document, { line: 0, character: 0 })];
          for (const { at, length, text, request, cursor } of script) {
            const offset = Math.floor(at * document.text.length);
            await document.edit(offset, Math.min(document.text.length, offset + length), text);
            answers.push(ask(document, request, cursor));
          }
          await Promise.all(answers);
          await requests['tokensDelta']!(document, { line: 0, character: 0 });
          const fresh = await client.open(`fresh-${files}.arch`, document.text);
          expect(await everything(document)).toEqual(await everything(fresh));
          await reformat(document);
          const formatted = document.text;
          await reformat(document);
          expect(document.text).toBe(formatted);
          await document.close();
          await fresh.close();
        },
      ),
      { numRuns: Math.ceil((2.5 * edits) / perScript) },
    );
    expect(deltas.count).toBeGreaterThan(edits / 100);
    expect(client.log.filter((line) => line.includes('failed'))).toEqual([]);
  },
  60_000 + edits * 50,
);

/** Why a name cannot be given back: it is also an op or so, or is declared a second time. */
const taken =
  /^`\w+` is (a keyword of the language|an op of the language|a function of the language|a name with a meaning of its own|an? [a-z ]+ already \(.*\)): choose another name\.$|^.* imports another `\w+` already: choose another name\.$|^`\w+` would change what other names in .* mean: choose another name\.$/;

test(
  'renaming and renaming back restores the text',
  async () => {
    let restored = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(edit, { maxLength: 4 }), fc.nat(), async (script, choice) => {
        files += 1;
        const document = await client.open(`renamed-${files}.arch`, start);
        for (const { at, length, text } of script) {
          const offset = Math.floor(at * document.text.length);
          await document.edit(offset, Math.min(document.text.length, offset + length), text);
        }
        const before = document.text;
        const words = [...before.matchAll(/[A-Za-z_]\w*/g)];
        const word = words[choice % Math.max(words.length, 1)];
        if (word !== undefined && (await rename(document, word.index, 'brandNew')) === undefined) {
          expect(document.text).not.toBe(before);
          const refusal = await rename(document, document.text.indexOf('brandNew'), word[0]);
          if (refusal === undefined) {
            restored += 1;
            expect(document.text).toBe(before);
          } else {
            expect(refusal).toMatch(taken);
          }
        }
        await document.close();
      }),
      { numRuns: Math.ceil(edits / 5), examples: [[[], 2]] },
    );
    // Most words of a text are ops, keywords and arguments, which have no declaration.
    expect(restored).toBeGreaterThan(edits / 100);
    expect(client.log.filter((line) => line.includes('failed'))).toEqual([]);
  },
  30_000 + edits * 500,
);

async function reformat(document: OpenDocument): Promise<void> {
  const changes = await document.client.connection.sendRequest(DocumentFormattingRequest.type, {
    textDocument: { uri: document.uri },
    options: { tabSize: 2, insertSpaces: true },
  });
  const text = TextDocument.applyEdits(document.document, changes ?? []);
  if (text !== document.text) await document.edit(0, document.text.length, text);
}

/** Renames, or says why not. */
async function rename(document: OpenDocument, offset: number, newName: string): Promise<string | undefined> {
  const parameters = {
    textDocument: { uri: document.uri },
    position: document.document.positionAt(offset),
    newName,
  };
  try {
    const edit = await client.connection.sendRequest(RenameRequest.type, parameters);
    const changes = edit?.changes?.[document.uri];
    if (changes === undefined) return 'no name here';
    await document.edit(0, document.text.length, TextDocument.applyEdits(document.document, changes));
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
