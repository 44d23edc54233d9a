import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  CodeActionRequest,
  DefinitionRequest,
  DocumentHighlightRequest,
  DocumentSymbolRequest,
  ExecuteCommandRequest,
  FoldingRangeRequest,
  HoverRequest,
  InlayHintRequest,
  CodeLensRequest,
} from 'vscode-languageserver-protocol/node';
import type { CodeAction, Location } from 'vscode-languageserver-protocol/node';
import { modelAt, scoreDetails, scoreNow } from '../../server/protocol/protocol.ts';
import { expectHover, messageText, TestClient } from './support/client.ts';
import type { OpenDocument } from './support/client.ts';
import { marked } from './support/marked.ts';
import { blocks, residual } from './support/texts.ts';

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

describe('hover', () => {
  test('on an op: help, arguments, shape, cost', async () => {
    const document = await open(residual);
    await expectHover(
      document,
      'conv',
      [
        /Convolution of an image/,
        '**32x32x3 → 32x32x16** · 432 params · 0.44 M MACs',
        '| `stride` | `1x1` | `1x1` |',
        '| `out` | `16` | required |',
      ],
      'let width',
    );
  });

  test('on an op in a block: one row per call site, alike ones together', async () => {
    const document = await open(residual);
    const text = await expectHover(
      document,
      'conv',
      [
        /6 places\*\* in `Small`/,
        /32x32x16 → 32x32x16/,
        /32x32x16 → 16x16x32/,
        /16x16x32 → 16x16x32/,
        '| `out` | `16`, `32`, `64` | required |',
      ],
      'residual',
    );
    // The two calls at 16 channels look alike.
    expect(text).toContain('`Basic(16, stride = 1)` ×2');
  });

  test('on an argument, a keyword, a function', async () => {
    const document = await open(residual.replace('let width = 16', 'let width = round8(15)'));
    await expectHover(
      document,
      'stride',
      [/Argument `stride` of `conv`/, /Default: `1x1`/],
      'conv(out, 3x3, ',
    );
    await expectHover(document, 'residual', [/shortcut/]);
    await expectHover(document, 'round8', [/multiple of 8/]);
  });

  test('on a model: documentation, totals, state of the score', async () => {
    const document = await open(residual);
    await expectHover(document, 'Small', [/Small\./, '32x32x3', /Score this model/], 'model ');
  });

  test('on a block, a parameter, a value, a loop variable, a tensor', async () => {
    const document = await open(
      residual
        .replace('conv(width, 3x3) -> bn', 'stem = conv(width, 3x3) -> bn')
        .replace('gap ->', 'add(stem) -> gap ->'),
    );
    await expectHover(
      document,
      'Basic',
      ['block Basic(out, stride = 1)', /Two convolutions/, /Calls: `Basic\(16, stride = 1\)`/],
      'repeat 2 as i { ',
    );
    await expectHover(document, 'stride', [/Parameter of block `Basic`/], 'conv(out, 3x3, stride = ');
    await expectHover(document, 'width', ['let width = 16'], 'stem = conv(');
    await expectHover(document, 'c', [/Loop variable `c`/, /32/], 'i { Basic(');
    await expectHover(document, 'stem', [/Tensor `stem`/, '32x32x16'], 'add(');
  });

  test('on a space: size and decisions', async () => {
    const document = await open(
      'space S { input 8x8x3 classes 10 conv(choice(8, 16), choice(1x1, 3x3, 5x5)) -> gap -> dense(classes) }',
    );
    await expectHover(document, 'S', [/\*\*6\*\* networks/, '8, 16'], 'space ');
    const lenses = await document.lenses();
    expect(lenses.map(({ command }) => command?.title)).toEqual(['6 networks · 2 decisions']);
  });

  test('in a broken file, where the rest is sound', async () => {
    const document = await open(`${residual}\nmodel Broken { input 8x8x3 conv( \n`);
    await expectHover(document, 'conv', [/32x32x3 → 32x32x16/], 'let width');
    await expectHover(document, 'conv', [/Convolution/], 'model Broken');
  });

  test('nothing on space, numbers, comments', async () => {
    const document = await open(residual);
    expect(await document.hover('16', 'width = ')).toBeNull();
    expect(await document.hover('Small.')).toBeNull();
  });
});

describe('hints', () => {
  test('the shape after every statement; several shapes compactly', async () => {
    const document = await open(residual);
    const hints = await document.hints();
    expect(hints).toContain('conv(width, 3x3) -> bn -> relu ⟹ 32x32x16');
    expect(hints).toContain('conv(out, 3x3) -> bn ⟹ 32x32x16 … 8x8x64');
    // Written already: `: 10`.
    expect(hints.filter((hint) => hint.startsWith('gap'))).toEqual([]);
  });

  test('what loop variables go through, unless it stands there', async () => {
    const document = await open(
      residual.replace('gap ->', 'for k in [3x3, 5x5] { conv(64, k) } repeat 12 as n { bn } gap ->'),
    );
    const hints = await document.hints();
    expect(hints).toContain('for (c ⟹ : 16, 32, 64');
    expect(hints).toContain('repeat 2 as i ⟹ : 0, 1');
    expect(hints.find((hint) => hint.includes('repeat 12 as n ⟹'))).toMatch(/: 0, 1 … 11$/);
    expect(hints.filter((hint) => hint.endsWith('3x3'))).toEqual([]);
  });

  test('parameters of bare arguments: of blocks, or of ops too', async () => {
    const text = residual.replace('Basic(c, ', 'Basic(8, ');
    expect(await (await open(text)).hints()).toContain('repeat 2 as i { Basic( ⟹ out:');
    await using other = await TestClient.start({
      settings: { inlayHints: { parameterNames: 'all' }, score: { onType: false } },
    });
    const hints = await (
      await other.open('all.arch', `${text}\nmodel Broken { conv(8, 3x3) -> -> }`)
    ).hints();
    expect(hints).toContain('model Broken { conv( ⟹ out:');
    expect(hints).toContain('model Broken { conv(8, ⟹ kernel:');
    // Of `conv(width, …)` and of the broken model; `conv(out, …)` says it itself.
    expect(hints.filter((hint) => hint.endsWith('conv( ⟹ out:'))).toHaveLength(2);
  });

  test('lead to what they are about, in other files too', async () => {
    await client.write(
      'hinted.arch',
      'let rows = [(8, 1), (16, 2)]\nblock Far(n, s) { conv(n, 3x3, stride = s) }\n',
    );
    const document = await open(
      'import { Far, rows } from "./hinted.arch"\nmodel M { input 8x8x3 classes 10\n  for (c, t) in rows { Far(c, t) }\n  gap -> dense(classes)\n}\n',
    );
    const hints = await client.connection.sendRequest(InlayHintRequest.type, {
      textDocument: { uri: document.uri },
      range: { start: { line: 0, character: 0 }, end: { line: 9, character: 0 } },
    });
    const parts = (hints ?? []).flatMap(({ label }) => (typeof label === 'string' ? [] : label));
    const targets = parts.map(({ value, location }) => [value, location?.uri, location?.range.start]);
    const far = client.uri('hinted.arch');
    expect(targets).toContainEqual(['n:', far, { line: 1, character: 10 }]);
    expect(targets).toContainEqual([': 8, 16', far, { line: 0, character: 4 }]);
    expect(targets).toContainEqual(['8x8x8, 4x4x16', far, { line: 1, character: 6 }]);
    await client.remove('hinted.arch');
  });

  test('can be turned off', async () => {
    await using other = await TestClient.start({
      settings: {
        inlayHints: { shapes: false, loopVariables: false, parameterNames: 'none' },
        codeLens: { enabled: false },
        score: { onType: false },
      },
    });
    const document = await other.open('off.arch', residual);
    expect(await document.hints()).toEqual([]);
    expect(await document.lenses()).toEqual([]);
  });
});

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

describe('requests', () => {
  test('about a document that is not open answer null', async () => {
    const textDocument = { uri: client.uri('nowhere.arch') };
    const position = { line: 3, character: 7 };
    const range = { start: position, end: position };
    const { connection } = client;
    expect(await connection.sendRequest(HoverRequest.type, { textDocument, position })).toBeNull();
    expect(await connection.sendRequest(CodeLensRequest.type, { textDocument })).toBeNull();
    expect(await connection.sendRequest(InlayHintRequest.type, { textDocument, range })).toBeNull();
    expect(await connection.sendRequest(DocumentSymbolRequest.type, { textDocument })).toBeNull();
    expect(await connection.sendRequest(FoldingRangeRequest.type, { textDocument })).toBeNull();
    expect(await connection.sendRequest(DefinitionRequest.type, { textDocument, position })).toBeNull();
    expect(await connection.sendRequest(scoreDetails, { uri: textDocument.uri, model: 'M' })).toBeNull();
    expect(await connection.sendRequest(modelAt, { uri: textDocument.uri, line: 0 })).toBeNull();
    expect(await connection.sendRequest(scoreNow, { uri: textDocument.uri })).toBe(0);
  });

  test('an untitled document is served like a file', async () => {
    const document = await client.open('untitled:Untitled-1', residual);
    expect(await document.diagnostics()).toEqual([]);
    expect((await document.hints()).length).toBeGreaterThan(3);
    expect(await client.connection.sendRequest(modelAt, { uri: document.uri, line: 17 })).toBe('Small');
  });

  test('a malformed URI does no harm', async () => {
    const document = await client.open('::%%:not a uri', residual);
    expect(await document.hints()).not.toEqual([]);
    await document.close();
  });
});

test('a client without commands of its own gets them from the server', async () => {
  expect(client.initialized.capabilities.executeCommandProvider).toBeUndefined();
  await using plain = await TestClient.start({
    initializationOptions: { settings: { score: { onType: false } } },
    capabilities: {},
  });
  const commands = plain.initialized.capabilities.executeCommandProvider?.commands;
  expect(commands).toEqual(['archlens.showScore', 'archlens.scoreModel']);
  const document = await plain.open('plain.arch', residual);
  expect((await document.lenses())[0]?.command?.title).toMatch(/^▷ Score this model/);
  const shown: string[] = [];
  plain.connection.onNotification('window/showMessage', ({ message }: { message: string }) => {
    shown.push(message);
  });
  await plain.connection.sendRequest(ExecuteCommandRequest.type, {
    command: 'archlens.showScore',
    arguments: [document.uri, 'Small'],
  });
  await plain.until('the details', () => (shown.length > 0 ? true : undefined));
  expect(shown[0]).toMatch(/^# Small/);
});
