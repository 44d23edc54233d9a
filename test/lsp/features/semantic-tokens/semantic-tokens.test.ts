import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  SemanticTokensDeltaRequest,
  SemanticTokensRangeRequest,
  SemanticTokensRequest,
} from 'vscode-languageserver-protocol/node';
import type { SemanticTokensDelta } from 'vscode-languageserver-protocol/node';
import { TestClient } from '../../support/client.ts';
import type { OpenDocument } from '../../support/client.ts';

let client: TestClient;

beforeAll(async () => {
  client = await TestClient.start({
    settings: { score: { onType: false } },
    capabilities: {
      workspace: {
        configuration: true,
        workspaceFolders: true,
        didChangeWatchedFiles: { dynamicRegistration: true },
      },
      textDocument: { publishDiagnostics: { versionSupport: true } },
    },
  });
});
afterAll(async () => {
  await client[Symbol.asyncDispose]();
});

describe('semantic tokens', () => {
  interface Encoded {
    readonly data: readonly number[];
  }
  const legend = () => {
    const provider = client.initialized.capabilities.semanticTokensProvider;
    if (provider === undefined) throw new Error('The server has no semantic tokens.');
    return provider.legend;
  };
  /** `conv: function.defaultLibrary` */
  function decoded(document: OpenDocument, { data }: Encoded): readonly string[] {
    const found: string[] = [];
    let line = 0;
    let character = 0;
    for (let index = 0; index < data.length; index += 5) {
      const [down, right, length, type, bits] = data.slice(index, index + 5) as [
        number,
        number,
        number,
        number,
        number,
      ];
      line += down;
      character = down === 0 ? character + right : right;
      const text = document.textOf({
        start: { line, character },
        end: { line, character: character + length },
      });
      const { tokenTypes, tokenModifiers } = legend();
      const modifiers = tokenModifiers.filter((_, bit) => (bits & (1 << bit)) !== 0);
      found.push(`${text}: ${[tokenTypes[type], ...modifiers].join('.')}`);
    }
    return found;
  }
  const full = async ({ uri }: OpenDocument) =>
    (await client.connection.sendRequest(SemanticTokensRequest.type, { textDocument: { uri } }))!;

  test('tell what every name is', async () => {
    await client.write('tokens-lib.arch', 'block Far(a) { bn }\ncell C { 0 -> 1: relu }\n');
    const document = await client.open(
      'tokens.arch',
      `import { Far, C } from "./tokens-lib.arch"
block Part(out) { conv(out, 3x3, padding = same) }
model M { input 8x8x3 classes 10
  let w = round8(channels)
  x = Part(out = w) -> C
  repeat 2 as i { Far(i) -> nowhere -> -> }
  add(x) }
`,
    );
    expect(decoded(document, await full(document))).toEqual([
      'Far: function',
      'C: struct',
      'Part: function.declaration',
      'out: parameter.declaration',
      'conv: function.defaultLibrary',
      'out: parameter',
      'padding: property',
      'same: enumMember.defaultLibrary',
      'M: class.declaration',
      'w: variable.declaration.readonly',
      'round8: function.defaultLibrary',
      'channels: variable.readonly.defaultLibrary',
      'x: variable.declaration',
      'Part: function',
      'out: parameter',
      'w: variable.readonly',
      'C: struct',
      'i: variable.declaration',
      'Far: function',
      'i: variable',
      'add: function.defaultLibrary',
      'x: variable',
    ]);
    const range = { start: { line: 6, character: 0 }, end: { line: 7, character: 0 } };
    const part = await client.connection.sendRequest(SemanticTokensRangeRequest.type, {
      textDocument: { uri: document.uri },
      range,
    });
    expect(decoded(document, part!)).toEqual(['add: function.defaultLibrary', 'x: variable']);
  });

  test('only what has changed is sent', async () => {
    const document = await client.open(
      'delta.arch',
      `${'let a = 1\n'.repeat(1)}${Array.from({ length: 50 }, (_, i) => `let b${i} = a`).join('\n')}`,
    );
    const first = await full(document);
    await document.replace('let b7 = a', 'let b7 = a + b6');
    const delta = (await client.connection.sendRequest(SemanticTokensDeltaRequest.type, {
      textDocument: { uri: document.uri },
      previousResultId: first.resultId!,
    })) as SemanticTokensDelta;
    expect(delta.edits).toHaveLength(1);
    expect(delta.edits[0]!.data?.length ?? 0).toBeLessThan(15);
    const data = [...first.data];
    for (const { start, deleteCount, data: inserted } of delta.edits)
      data.splice(start, deleteCount, ...(inserted ?? []));
    expect(data).toEqual((await full(document)).data);
  });
});
