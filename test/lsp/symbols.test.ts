import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  CallHierarchyIncomingCallsRequest,
  CallHierarchyOutgoingCallsRequest,
  CallHierarchyPrepareRequest,
  DidChangeWorkspaceFoldersNotification,
  DocumentHighlightRequest,
  DocumentLinkRequest,
  DocumentSymbolRequest,
  FoldingRangeRequest,
  SelectionRangeRequest,
  SemanticTokensDeltaRequest,
  SemanticTokensRangeRequest,
  SemanticTokensRequest,
  WorkspaceSymbolRequest,
} from 'vscode-languageserver-protocol/node';
import type {
  DocumentSymbol,
  SelectionRange,
  SemanticTokensDelta,
} from 'vscode-languageserver-protocol/node';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { TestClient } from './support/client.ts';
import type { OpenDocument } from './support/client.ts';
import { expectSignature, openAt } from './support/language.ts';
import { residual } from './support/texts.ts';

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

const head =
  'block Part(out, stride = 1) { conv(out, 3x3, stride = stride) }\nmodel M { input 8x8x3 classes 10 ';

describe('signature help', () => {
  test.each([
    ['conv(‸', 'conv([out], kernel, stride = 1, padding = same, dilation = 1, groups = 1, bias = false)'],
    [
      'conv(16, ‸3x3',
      'conv(out, [kernel], stride = 1, padding = same, dilation = 1, groups = 1, bias = false)',
    ],
    [
      'conv(16, 3x3, groups = ‸',
      'conv(out, kernel, stride = 1, padding = same, dilation = 1, [groups = 1], bias = false)',
    ],
    [
      'conv(16, nonsense = ‸',
      'conv(out, kernel, stride = 1, padding = same, dilation = 1, groups = 1, bias = false)',
    ],
    ['Part(8, ‸)', 'Part(out, [stride = 1])'],
    ['Part(max(8, ‸', 'max([a, b, …])'],
    ['Part(max(8, 9), ‸', 'Part(out, [stride = 1])'],
    ['relu -> add(‸', 'add([tensor, …])'],
    ['relu ‸', null],
    ['unknown(‸', null],
    // In a broken file.
    [
      '} } ) conv(8, ‸',
      'conv(out, [kernel], stride = 1, padding = same, dilation = 1, groups = 1, bias = false)',
    ],
  ])('%s', async (source, expected) => {
    await expectSignature(client, head + source, expected);
  });

  test('of a block of another file', async () => {
    await client.write('signature.arch', 'block Far(a, b = 3x3) { bn }\n');
    await expectSignature(
      client,
      'import { Far } from "./signature.arch"\nblock B() { Far(1, ‸',
      'Far(a, [b = 3x3])',
    );
    await client.remove('signature.arch');
  });
});

describe('workspace symbols', () => {
  const names = async (query: string): Promise<readonly string[]> => {
    const found = await client.connection.sendRequest(WorkspaceSymbolRequest.type, { query });
    return (found ?? []).map(({ name, containerName }) => `${name} ${containerName ?? ''}`).sort();
  };

  test('of all files, open or not, broken or not, by the letters of their names', async () => {
    await client.write('one.arch', 'block ConvBnAct(out) { bn }\nlet ways = 3\n');
    await client.write('two.arch', 'block Broken( { conv(\nmodel CoBra { input');
    expect(await names('CBA')).toEqual(['ConvBnAct one.arch', 'CoBra two.arch'].sort());
    expect(await names('ways')).toEqual(['ways one.arch']);
    const open = await client.open('one.arch', 'block Renamed(out) { bn }\n');
    expect(await names('ConvBnAct')).toEqual([]);
    expect(await names('renamed')).toEqual(['Renamed one.arch']);
    await open.close();
    await client.remove('one.arch');
    await client.remove('two.arch');
    expect(await names('ways')).toEqual([]);
  });

  test('of several folders, also of those that come later', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'archlens-second-'));
    mkdirSync(join(folder, 'deep', 'node_modules'), { recursive: true });
    writeFileSync(join(folder, 'deep', 'second.arch'), 'block Second() { bn }\n');
    writeFileSync(join(folder, 'deep', 'node_modules', 'third.arch'), 'block SecondThird() { bn }\n');
    const event = (added: boolean) => ({
      event: {
        added: added ? [{ uri: pathToFileURL(folder).href, name: 'second' }] : [],
        removed: added ? [] : [{ uri: pathToFileURL(folder).href, name: 'second' }],
      },
    });
    await client.connection.sendNotification(DidChangeWorkspaceFoldersNotification.type, event(true));
    expect(await names('Second')).toEqual(['Second second.arch']);
    await client.connection.sendNotification(DidChangeWorkspaceFoldersNotification.type, event(false));
    expect(await names('Second')).toEqual([]);
    rmSync(folder, { recursive: true });
  });
});

test('highlights tell where a name is declared', async () => {
  const { document, position } = await openAt(client, `${head} let w = 8 conv(w‸, 3x3) -> -> }`);
  const found = await client.connection.sendRequest(DocumentHighlightRequest.type, {
    textDocument: { uri: document.uri },
    position,
  });
  expect(found?.map(({ kind }) => kind)).toEqual([3, 2]);
});

test('selections grow from the word to the file, in a broken file too', async () => {
  const grow = async (source: string): Promise<readonly string[]> => {
    const { document, position } = await openAt(client, source);
    const [first] =
      (await client.connection.sendRequest(SelectionRangeRequest.type, {
        textDocument: { uri: document.uri },
        positions: [position],
      })) ?? [];
    const texts: string[] = [];
    for (let range: SelectionRange | undefined = first; range !== undefined; range = range.parent)
      texts.push(document.textOf(range.range));
    return texts;
  };
  expect(await grow('block B() { residual { conv(8, 3x‸3) -> bn } }\nlet x = 1')).toEqual([
    '3x3',
    'conv(8, 3x3)',
    'conv(8, 3x3) -> bn',
    '{ conv(8, 3x3) -> bn }',
    'residual { conv(8, 3x3) -> bn }',
    '{ residual { conv(8, 3x3) -> bn } }',
    'block B() { residual { conv(8, 3x3) -> bn } }',
    'block B() { residual { conv(8, 3x3) -> bn } }\nlet x = 1',
  ]);
  expect((await grow('block B( { conv(8‸ ->'))[0]).toBe('8');
});

test('paths of imports are links', async () => {
  await client.write('linked.arch', 'block A() { bn }\n');
  const document = await client.open(
    'linking.arch',
    'import { A } from "./linked.arch"\nimport { B } from "./missing.arch"\nmodel {',
  );
  const links = await client.connection.sendRequest(DocumentLinkRequest.type, {
    textDocument: { uri: document.uri },
  });
  expect(links?.map(({ range, target }) => [document.textOf(range), target])).toEqual([
    ['./linked.arch', client.uri('linked.arch')],
  ]);
});

test('the call hierarchy leads through blocks, files and broken text', async () => {
  await client.write('lib.arch', 'block Leaf(n) { conv(n, 3x3) }\nblock Twig(n) { Leaf(n) -> Leaf(n) }\n');
  await client.write(
    'net.arch',
    'import { Leaf, Twig } from "./lib.arch"\nmodel Net { input 8x8x3 classes 10 Twig(8) -> Leaf(8) -> gap -> dense(classes) }\nmodel Broken { Twig(8) -> \n',
  );
  const { document, position } = await openAt(
    client,
    'block Le‸af(n) { conv(n, 3x3) }\nblock Twig(n) { Leaf(n) -> Leaf(n) }\n',
    'lib.arch',
  );
  const [leaf] =
    (await client.connection.sendRequest(CallHierarchyPrepareRequest.type, {
      textDocument: { uri: document.uri },
      position,
    })) ?? [];
  expect(leaf).toMatchObject({ name: 'Leaf', detail: 'Leaf(n)' });
  const incoming = await client.connection.sendRequest(CallHierarchyIncomingCallsRequest.type, {
    item: leaf!,
  });
  expect(incoming?.map(({ from, fromRanges }) => [from.name, fromRanges.length])).toEqual(
    expect.arrayContaining([
      ['Twig', 2],
      ['Net', 1],
    ]),
  );
  const twig = incoming!.find(({ from }) => from.name === 'Twig')!.from;
  const callers = await client.connection.sendRequest(CallHierarchyIncomingCallsRequest.type, { item: twig });
  expect(callers?.map(({ from }) => from.name).sort()).toEqual(['Broken', 'Net']);
  const outgoing = await client.connection.sendRequest(CallHierarchyOutgoingCallsRequest.type, {
    item: twig,
  });
  expect(outgoing?.map(({ to, fromRanges }) => [to.name, fromRanges.length])).toEqual([['Leaf', 2]]);
  const none = await openAt(client, 'let w‸ = 1\n');
  expect(
    await client.connection.sendRequest(CallHierarchyPrepareRequest.type, {
      textDocument: { uri: none.document.uri },
      position: none.position,
    }),
  ).toBeNull();
  await document.close();
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

test('the outline holds declarations, and what is named in them', async () => {
  const document = await client.open('outline.arch', residual);
  const symbols = (await client.connection.sendRequest(DocumentSymbolRequest.type, {
    textDocument: { uri: document.uri },
  })) as DocumentSymbol[];
  expect(symbols.map(({ name, detail }) => [name, detail])).toEqual([
    ['Basic', 'Basic(out, stride = 1)'],
    ['Small', '32x32x3'],
  ]);
  expect(symbols[1]?.children?.map(({ name }) => name)).toEqual(['width']);
  expect(document.textOf(symbols[1]!.selectionRange)).toBe('Small');
});

test('bodies, lists, comments and imports fold', async () => {
  const document = await client.open(
    'folds.arch',
    `import { A } from "./a.arch"
import { B } from "./b.arch"

// One
// Two
model M {
  input 8x8x3 // behind a statement
  // alone
  residual {
    conv(
      8,
      3x3
    )
  }
  broken [
`,
  );
  const ranges = await client.connection.sendRequest(FoldingRangeRequest.type, {
    textDocument: { uri: document.uri },
  });
  const found = (ranges ?? []).map(({ startLine, endLine, kind }) =>
    `${startLine}-${endLine} ${kind ?? ''}`.trim(),
  );
  expect(found.sort()).toEqual(['0-1 imports', '3-4 comment', '8-12', '9-11']);
});
