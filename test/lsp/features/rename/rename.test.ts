import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LinkedEditingRangeRequest, PrepareRenameRequest } from 'vscode-languageserver-protocol/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { expectLens, settledLens, TestClient } from '../../support/client.ts';
import { expectRename, openAt, renameAt, usesAt } from '../../support/language.ts';

/** Scored in a moment, with two draws. */
const quick = { score: { seeds: 2, debounce: 20 }, store: { sizeLimit: 0 } };
let client: TestClient;

beforeAll(async () => {
  client = await TestClient.start({ settings: { score: { onType: false } } });
});
afterAll(async () => {
  await client[Symbol.asyncDispose]();
});

const model = (body: string): string => `model M { input 8x8x3 classes 10 ${body} gap -> dense(classes) }`;

describe('in one file', () => {
  test.each([
    [
      'a block',
      `block P‸art(n) { bn }\n${model('Part(1)')}`,
      'Piece',
      `block Piece(n) { bn }\n${model('Piece(1)')}`,
    ],
    [
      'by a use',
      `block Part(n) { bn }\n${model('Pa‸rt(1)')}`,
      'Piece',
      `block Piece(n) { bn }\n${model('Piece(1)')}`,
    ],
    [
      'a parameter, with the arguments of that name',
      `block Part(n‸, m = n) { conv(n, 3x3) }\n${model('Part(n = 8)')}`,
      'out',
      `block Part(out, m = out) { conv(out, 3x3) }\n${model('Part(out = 8)')}`,
    ],
    [
      'by the name of an argument',
      `block Part(n) { conv(n, 3x3) }\n${model('Part(n‸ = 8)')}`,
      'out',
      `block Part(out) { conv(out, 3x3) }\n${model('Part(out = 8)')}`,
    ],
    [
      'a model that others are made of',
      `${model('').replace('M {', 'M(n) {')}\nmodel A = M‸(3)`,
      'Family',
      `${model('').replace('M {', 'Family(n) {')}\nmodel A = Family(3)`,
    ],
    [
      'a parameter of a model, with the arguments of that name',
      `${model('conv(n, 3x3)').replace('M {', 'M(n‸) {')}\nmodel A = M(n = 3)`,
      'width',
      `${model('conv(width, 3x3)').replace('M {', 'M(width) {')}\nmodel A = M(width = 3)`,
    ],
    [
      'a tensor',
      model('x‸ = conv(8, 3x3) relu -> add(x)'),
      'early',
      model('early = conv(8, 3x3) relu -> add(early)'),
    ],
    [
      'a loop variable, but not another of that name',
      model('repeat 2 as i‸ { conv(8 + i, 3x3) } repeat 2 as i { conv(8 + i, 3x3) }'),
      'k',
      model('repeat 2 as k { conv(8 + k, 3x3) } repeat 2 as i { conv(8 + i, 3x3) }'),
    ],
    [
      'a value',
      `let w‸ = 8\nlet v = w * 2\n${model('conv(w, 3x3)')}`,
      'width',
      `let width = 8\nlet v = width * 2\n${model('conv(width, 3x3)')}`,
    ],
    ['a model', model('').replace('M', 'M‸'), 'Net', model('').replace('M', 'Net')],
    ['nothing', `let w‸ = 8\n`, 'w', `let w = 8\n`],
  ])('%s', async (_, source, newName, expected) => {
    await expectRename(client, source, newName, expected);
  });

  test('in a broken file', async () => {
    await expectRename(
      client,
      `block Pa‸rt(n) { conv(n }\nmodel M { input 8x8x3 Part(1) -> -> \n repeat {`,
      'Piece',
      `block Piece(n) { conv(n }\nmodel M { input 8x8x3 Piece(1) -> -> \n repeat {`,
    );
  });
});

describe('is refused', () => {
  test.each([
    ['of an op', model('co‸nv(8, 3x3)'), 'x', /`conv` is an op of the language/],
    ['of a keyword', model('rep‸eat 2 { bn }'), 'x', /`repeat` is a keyword/],
    ['of a number', model('conv(1‸6, 3x3)'), 'x', /no declared name here/],
    ['to a keyword', `let w‸ = 8`, 'repeat', /`repeat` is a keyword of the language/],
    ['to an op', `block P‸(n) { bn }`, 'conv', /`conv` is an op of the language/],
    ['to a function', `let w‸ = 8`, 'round8', /`round8` is a function/],
    ['to what is no name', `let w‸ = 8`, '3x3', /`3x3` is no name/],
    [
      'to a name that is taken',
      `let w‸ = 8\nblock Part(n) { bn }`,
      'Part',
      /`Part` is a block already \(.*, line 2\)/,
    ],
    [
      'where an inner name would hide it',
      `let w‸ = 8\n${model('repeat 2 as i { conv(w, 3x3) }')}`,
      'i',
      /`i` is a loop variable already/,
    ],
    [
      'where it would hide an outer name',
      `let w = 8\n${model('repeat 2 as i‸ { conv(w + i, 3x3) }')}`,
      'w',
      /`w` is a let already/,
    ],
    [
      'where it would hide the width of the image',
      model('repeat 2 as i‸ { conv(8 + i, 3x3) -> dense(width) }'),
      'width',
      /`width` would change what other names in .* mean/,
    ],
  ])('%s', async (_, source, newName, message) => {
    await expectRename(client, source, newName, message);
  });

  test('where another file would lose its meaning', async () => {
    await client.write('parts.arch', 'block Part(n) { bn }\n');
    await client.write('user.arch', 'import { Part } from "./parts.arch"\nblock Own(n) { Part(n) }\n');
    const placed = await openAt(client, 'block Pa‸rt(n) { bn }\n', 'parts.arch');
    expect(await renameAt(placed, 'Own')).toMatch(/`Own` is a block already \(user\.arch, line 2\)/);
    await placed.document.close();
    await client.remove('user.arch');
    await client.remove('parts.arch');
  });
});

describe('across files', () => {
  const parts = '/// A part.\nblock Part(n, m = 1) { conv(n, 3x3) }\n';
  const user = 'import { Part } from "./parts.arch"\nblock Own(n) { Part(n, m = 2) -> Part(n) }\n';

  test('a block and its parameter, with imports and arguments; back again restores every text', async () => {
    const texts: Record<string, string> = {
      'parts.arch': parts,
      'user.arch': user,
      'other.arch': user.replace('Own', 'Other'),
      'stranger.arch': 'block Part(n) { bn }\nblock Z(n) { Part(n) }\n',
    };
    for (const [file, text] of Object.entries(texts)) await client.write(file, text);
    const rename = async (file: string, at: string, newName: string): Promise<void> => {
      const placed = await openAt(client, texts[file]!.replace(at, `${at}‸`), file);
      const edits = await renameAt(placed, newName);
      if (typeof edits === 'string') throw new Error(edits);
      for (const [uri, changes] of Object.entries(edits)) {
        const name = uri.slice(uri.lastIndexOf('/') + 1);
        texts[name] = TextDocument.applyEdits(TextDocument.create(uri, 'arch', 0, texts[name]!), changes);
        await client.write(name, texts[name]);
      }
      await placed.document.close();
    };
    const before = { ...texts };
    await rename('user.arch', '{ Part', 'Piece');
    expect(texts['parts.arch']).toBe(parts.replace('Part', 'Piece'));
    expect(texts['user.arch']).toBe(user.replaceAll('Part', 'Piece'));
    expect(texts['other.arch']).toBe(before['other.arch']!.replaceAll('Part', 'Piece'));
    expect(texts['stranger.arch']).toBe(before['stranger.arch']);
    await rename('parts.arch', 'm', 'stride');
    expect(texts['user.arch']).toContain('Piece(n, stride = 2)');
    await rename('other.arch', 'stride', 'm');
    await rename('parts.arch', 'Piece', 'Part');
    expect(texts).toEqual(before);
    for (const file of Object.keys(texts)) await client.remove(file);
  });

  test('references of a block, from any of its files; with and without its declaration', async () => {
    await client.write('parts.arch', parts);
    await client.write('user.arch', user);
    const placed = await openAt(client, parts.replace('Part', 'P‸art'), 'parts.arch');
    const uses = ['parts.arch:2:7', 'user.arch:1:10', 'user.arch:2:16', 'user.arch:2:34'];
    expect(await usesAt(placed)).toEqual(uses);
    expect(await usesAt(placed, false)).toEqual(uses.slice(1));
    const other = await openAt(client, user.replace('{ Part(n,', '{ P‸art(n,'), 'user.arch');
    expect(await usesAt(other)).toEqual(uses);
    // A broken file among them keeps its uses.
    await other.document.replace('block Own', 'block (((');
    expect(await usesAt(placed)).toContain('user.arch:1:10');
    await other.document.close();
    await placed.document.close();
    await client.remove('user.arch');
    await client.remove('parts.arch');
  });
});

test('renaming computes no score anew', async () => {
  await using scoring = await TestClient.start({ settings: quick });
  const document = await scoring.open(
    'scored.arch',
    'block Part(n, stride = 1) { conv(n, 3x3, stride = stride) -> bn }\nmodel Tiny {\n  input 8x8x3\n  classes 4\n  x = Part(n = 8) -> relu\n  Part(8) -> add(x) -> gap -> dense(classes)\n}\n',
  );
  const first = await expectLens(document, 'Tiny', settledLens);
  for (const [name, newName] of [
    ['Part', 'Piece'],
    ['n', 'out'],
    ['stride', 'step'],
    ['x', 'early'],
    ['Tiny', 'Small'],
  ] as const) {
    const at = new RegExp(`\\b${name}\\b`).exec(document.text)!.index;
    const edits = await renameAt({ document, position: document.document.positionAt(at) }, newName);
    if (typeof edits === 'string') throw new Error(edits);
    await document.edit(
      0,
      document.text.length,
      TextDocument.applyEdits(document.document, edits[document.uri]!),
    );
    expect((await document.lenses())[0]?.command?.title, newName).toBe(first);
  }
  expect(document.text).toContain('early = Piece(out = 8)');
});

test('what will be renamed is shown first', async () => {
  const placed = await openAt(client, model('let wid‸th = 8 conv(width, 3x3)'));
  const prepared = await client.connection.sendRequest(PrepareRenameRequest.type, {
    textDocument: { uri: placed.document.uri },
    position: placed.position,
  });
  expect(prepared).toMatchObject({ placeholder: 'width' });
});

test('linked editing changes names of a body together, and no others', async () => {
  const linked = async (source: string): Promise<readonly string[]> => {
    const { document, position } = await openAt(client, source);
    const found = await client.connection.sendRequest(LinkedEditingRangeRequest.type, {
      textDocument: { uri: document.uri },
      position,
    });
    return (found?.ranges ?? []).map((range) => document.textOf(range));
  };
  expect(await linked(model('x‸ = conv(8, 3x3) relu -> add(x)'))).toEqual(['x', 'x']);
  expect(await linked(model('repeat 2 as i { conv(8 + i‸, 3x3) -> -> }'))).toEqual(['i', 'i']);
  expect(await linked('block B(n‸) { conv(n, 3x3) }')).toEqual([]);
  expect(await linked(model('co‸nv(8, 3x3)'))).toEqual([]);
});
