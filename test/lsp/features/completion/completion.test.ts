import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { opRegistry } from '../../../../server/network/ops/index.ts';
import { TestClient } from '../../support/client.ts';
import { accepted, complete, documentationOf, expectCompletion, openAt } from '../../support/language.ts';
import type { Completion } from '../../support/language.ts';

let client: TestClient;

beforeAll(async () => {
  client = await TestClient.start({ settings: { score: { onType: false } } });
  await client.write('library.arch', library);
});
afterAll(async () => {
  await client[Symbol.asyncDispose]();
});

const library = `/// Convolution, norm, activation.
block ConvBnAct(out, kernel = 3x3, act = relu) { conv(out, kernel) -> bn -> act }
let widths = [16, 32]
cell Edges { 0 -> 1: relu }
model Made(depth, width = 16) { input 8x8x3 classes 10 repeat depth { conv(width, 3x3) } gap -> dense(classes) }
model Hidden { input 8x8x3 classes 10 gap -> dense(classes) }
`;

const head = 'model M {\n  input 8x8x3\n  classes 10\n  let width = 16\n  conv(width, 3x3) -> bn\n';

const cases: Readonly<Record<string, readonly (readonly [source: string, expected: Completion])[]>> = {
  'at the level of the file': [
    [
      '‸',
      { has: ['model', 'block', 'space', 'cell', 'import', 'let'], lacks: ['conv', 'residual', 'input'] },
    ],
    [`${head}}\n\nmod‸`, { first: ['model'], lacks: ['maxpool'] }],
    ['model ‸', { lacks: ['model', 'conv'] }],
    ['let width = 16\n‸', { has: ['model'], lacks: ['conv', 'channels'] }],
    ['model A = ‸', { first: ['Made'], lacks: ['conv', 'Hidden', 'ConvBnAct', 'model', 'A'] }],
    [
      'model T(n, m = 1) { input 8x8x3 classes 10 repeat n { relu } gap -> dense(classes) }\nmodel A = T‸',
      {
        first: ['T'],
        accept: [
          'T',
          'model T(n, m = 1) { input 8x8x3 classes 10 repeat n { relu } gap -> dense(classes) }\nmodel A = T(n)',
        ],
      },
    ],
    ['model T(n) { input 8x8x3 classes 10 gap -> dense(n) }\nmodel A = T(‸)', { has: ['n = '] }],
    ['model A = T(3)\n‸', { has: ['model', 'block'], lacks: ['conv', 'T'] }],
    ['import { A } ‸', { first: ['from'] }],
  ],
  'at the start of a statement': [
    [
      'model M {\n  ‸',
      {
        first: ['input', 'classes'],
        has: ['conv', 'let', 'residual', 'repeat', 'for', 'if', 'parallel'],
        lacks: ['model'],
      },
    ],
    [
      `${head}  ‸`,
      { has: ['relu', 'for', 'constraint'], lacks: ['input', 'classes', 'width', 'choice', 'channels'] },
    ],
    ['block B(act, n) {\n  ‸', { has: ['act', 'conv'], lacks: ['input', 'classes', 'constraint', 'B'] }],
    [`${head}  residual { bn } ‸`, { first: ['shortcut'] }],
    [`${head}  if (channels > 3) { bn } ‸`, { first: ['else'] }],
    [`${head}  repeat 3 ‸`, { first: ['as'], lacks: ['conv'] }],
    [`${head}  for (a, b) ‸`, { first: ['in'], lacks: ['conv'] }],
    [`${head}  parallel ‸`, { first: ['add', 'concat', 'mul'], lacks: ['conv'] }],
    [`${head}  parallel add { ‸`, { first: ['branch'], lacks: ['conv'] }],
    [`${head}  co‸`, { first: ['conv'], has: ['concat', 'constraint'] }],
  ],
  'in a flow': [
    [`${head}  conv(8, 3x3) -> ‸`, { has: ['relu', 'bn', 'residual'], lacks: ['let', 'input', 'width'] }],
    [`${head}  x = conv(8, 3x3)\n  relu\n  ‸`, { first: ['x'] }],
    [`${head}  x = conv(8, 3x3)\n  relu -> ‸`, { lacks: ['x'] }],
    [`${head}  x = conv(8, 3x3)\n  relu -> add(‸)`, { first: ['x'], lacks: ['width', 'conv', 'channels'] }],
    ['space S {\n  input 8x8x3\n  classes 10\n  cho‸\n}', { first: ['choice'] }],
    [
      'block Inner(n) { bn }\nmodel M { input 8x8x3 classes 10 Inn‸ }',
      {
        first: ['Inner'],
        accept: ['Inner', 'block Inner(n) { bn }\nmodel M { input 8x8x3 classes 10 Inner(n) }'],
      },
    ],
  ],
  'required arguments get stops': [
    [`${head}  -> dw‸`, { accept: ['dwconv', `${head}  -> dwconv(3x3)`] }],
    [`${head}  bn -> rel‸`, { accept: ['relu', `${head}  bn -> relu`] }],
    // Parentheses that are there stay.
    [`${head}  -> con‸(8)`, { accept: ['conv', `${head}  -> conv(8)`] }],
    [
      'block B(out, kernel = 3x3) { conv(out, kernel) }\nmodel M { input 8x8x3 classes 10 B‸ }',
      {
        accept: [
          'B',
          'block B(out, kernel = 3x3) { conv(out, kernel) }\nmodel M { input 8x8x3 classes 10 B(16) }',
        ],
      },
    ],
  ],
  'what fits the tensor comes first': [
    [`${head}  -> ‸`, { first: ['gap -> dense', 'flatten -> dense'] }],
    [`${head}  gap -> ‸`, { lacks: ['gap -> dense'] }],
    [
      `${head}  -> den‸`,
      {
        first: ['gap -> dense', 'flatten -> dense', 'dense'],
        accept: ['gap -> dense', `${head}  -> gap -> dense(classes)`],
      },
    ],
    [`${head}  gap -> den‸`, { first: ['dense'], accept: ['dense', `${head}  gap -> dense(classes)`] }],
    [`${head}  tokens -> ‸`, { has: ['attention', 'layernorm'] }],
  ],
  'arguments not given yet': [
    [`${head}  conv(‸`, { has: ['out = ', 'kernel = ', 'stride = ', 'width', 'channels'], lacks: ['relu'] }],
    [`${head}  tokens -> attention(7, ‸)`, { has: ['head_dim = ', 'bias = '], lacks: ['heads = '] }],
    [`${head}  x = relu\n  resize_like(‸)`, { has: ['x', 'mode = '], lacks: ['relu'] }],
    // A tensor may be given, and need not.
    [`${head}  kv = conv(24, 1x1)\n  attend(‸)`, { has: ['heads = ', 'window = ', 'kv'], lacks: ['relu'] }],
    [`${head}  conv(8, 3x3, ‸)`, { has: ['stride = ', 'padding = '], lacks: ['out = ', 'kernel = '] }],
    [`${head}  conv(8, 3x3, stride = 2, ‸)`, { has: ['padding = '], lacks: ['stride = '] }],
    [
      `${head}  conv(8, 3x3, str‸)`,
      { first: ['stride = '], accept: ['stride = ', `${head}  conv(8, 3x3, stride = 2)`] },
    ],
    [
      'block B(out, stride = 1) { bn }\nmodel M { input 8x8x3 classes 10 B(8, ‸) }',
      { has: ['stride = '], lacks: ['out = '] },
    ],
  ],
  'legal values': [
    [`${head}  conv(8, ‸`, { first: ['3x3', '1x1', '5x5', '7x7'] }],
    [`${head}  conv(8, 3x3, padding = ‸)`, { first: ['same', 'valid'], lacks: ['stride = '] }],
    [`${head}  conv(8, 3x3, bias = ‸)`, { first: ['true', 'false'] }],
    [`${head}  conv(8, 3x3, stride = ‸)`, { first: ['1', '2'], lacks: ['relu'] }],
    [`${head}  kv = relu\n  attend(2, position_bias = ‸)`, { first: ['none', 'relative'], lacks: ['kv'] }],
    [`${head}  se(gate = ‸)`, { first: ['sigmoid', 'hardsigmoid'] }],
    [`${head}  se(act = ‸)`, { first: ['relu', 'relu6', 'silu'] }],
    // Of a block, by what it does with them.
    [
      'block B(k, act = relu) { conv(8, k) -> act }\nmodel M { input 8x8x3 classes 10 B(‸) }',
      { first: ['3x3', '1x1'] },
    ],
    [
      'block B(k, act = relu) { conv(8, k) -> act }\nmodel M { input 8x8x3 classes 10 B(3, act = ‸) }',
      { has: ['relu', 'gelu', 'silu'], first: ['relu'] },
    ],
    ['model M { input ‸', { first: ['32x32x3'] }],
    ['model M { input 8x8x3 classes ‸', { first: ['10', '100', '1000'] }],
    ['model M { input 8x8x3 classes 10 constraint ‸', { first: ['params', 'flops', 'macs', 'layers'] }],
    [`${head}  relu : ‸`, { first: ['8x8x16'] }],
  ],
  'values of the place': [
    [`${head}  let n = ‸`, { has: ['width', 'channels', 'round8', 'min'], lacks: ['n', 'let'] }],
    [`${head}  for (c, s) in [(1, 2)] {\n    conv(‸`, { has: ['c', 's'] }],
    [`${head}  repeat 3 as i { bn }\n  conv(‸`, { lacks: ['i'] }],
    [`${head}  repeat 3 as i {\n conv(8 * ‸`, { has: ['i', 'width'], lacks: ['out = '] }],
    ['let ops = [‸]', { has: ['none', 'skip_connect', 'nor_conv_3x3'] }],
  ],
  'cells and genotypes': [
    ['cell C {\n  ‸', { first: ['0 -> 1: '] }],
    ['cell C {\n  0 -> 1: relu  ‸', { first: ['0 -> 2: ', '1 -> 2: '] }],
    ['cell C {\n  0 -> 1: ‸', { has: ['relu', 'nor_conv_3x3'] }],
    ['cell C {\n  0 -> ‸', { first: ['1'] }],
    [
      'cell C = "|nor‸"',
      { first: ['nor_conv_1x1', 'nor_conv_3x3'], accept: ['nor_conv_3x3', 'cell C = "|nor_conv_3x3~0|"'] },
    ],
    ['cell C = "|none~0|+|none~0|none~‸|"', { first: ['1'] }],
    ['cell C = "‸"', { has: [expect.stringMatching(/^\|nor_conv_3x3~0\|\+/) as string] }],
  ],
  imports: [
    [
      'import { A } from "‸"',
      { first: ['./library.arch'], accept: ['./library.arch', 'import { A } from "./library.arch"'] },
    ],
    ['import { A } from "./lib‸"', { accept: ['./library.arch', 'import { A } from "./library.arch"'] }],
    ['import { ‸ } from "./library.arch"', { first: ['ConvBnAct', 'widths', 'Edges'], lacks: ['Hidden'] }],
    ['import { Edges, ‸ } from "./library.arch"', { first: ['ConvBnAct', 'widths'], lacks: ['Edges'] }],
  ],
  'names of other files, with the import': [
    [
      'model M { input 8x8x3 classes 10 ConvB‸ }',
      {
        accept: [
          'ConvBnAct',
          'import { ConvBnAct } from "./library.arch"\n\nmodel M { input 8x8x3 classes 10 ConvBnAct(16) }',
        ],
      },
    ],
    [
      'import { Edges } from "./library.arch"\nmodel M { input 8x8x3 classes 10 ConvB‸ }',
      {
        accept: [
          'ConvBnAct',
          'import { Edges, ConvBnAct } from "./library.arch"\nmodel M { input 8x8x3 classes 10 ConvBnAct(16) }',
        ],
      },
    ],
    [
      '// Mine.\nmodel M { input 8x8x3 classes 10 repeat wid‸',
      {
        accept: [
          'widths',
          '// Mine.\nimport { widths } from "./library.arch"\n\nmodel M { input 8x8x3 classes 10 repeat widths',
        ],
      },
    ],
    [
      'import { ConvBnAct } from "./library.arch"\nmodel M { input 8x8x3 classes 10 ConvB‸',
      {
        accept: [
          'ConvBnAct',
          'import { ConvBnAct } from "./library.arch"\nmodel M { input 8x8x3 classes 10 ConvBnAct(16)',
        ],
      },
    ],
  ],
  'in broken files': [
    [`block Broken(x { conv(\n${head}  conv(width, ‸`, { first: ['3x3'] }],
    [`${head}  residual { conv(8 -> \n\nmodel N {\n  ‸`, { first: ['input'] }],
    [`)))\n}}\n${head}  ->-> ‸`, { has: ['relu'] }],
    [`${head}  conv(8, 3x3) -> ‸\n  repeat 2 {\n  relu -> \n`, { first: ['gap -> dense'] }],
  ],
  nowhere: [
    ['// mod‸', { lacks: ['model'] }],
    ['/// conv‸', { lacks: ['conv'] }],
    [`${head}  let ‸`, { lacks: ['conv', 'let'] }],
    [`${head}  conv(8 ‸`, { lacks: ['conv', 'stride = '] }],
    ['block B(‸', { lacks: ['conv', 'channels'] }],
  ],
};

describe.each(Object.entries(cases))('%s', (_, rows) => {
  test.each(rows.map(([source, expected]) => [source.replaceAll('\n', '⏎'), source, expected] as const))(
    '%s',
    async (_title, source, expected) => {
      await expectCompletion(client, source, expected);
    },
  );
});

test('every op is offered, with its signature and its documentation on demand', async () => {
  const items = await expectCompletion(client, `${head}  ‸`, {});
  for (const op of opRegistry.values()) {
    const item = items.find(({ label, kind }) => label === op.name && kind === 3);
    expect(item?.labelDetails?.description, op.name).toBeDefined();
    expect(await documentationOf(client, item!)).toContain(op.summary);
  }
});

test('a block is offered with its documentation, also from another file', async () => {
  const [item] = await expectCompletion(client, `${head}  ConvB‸`, { first: ['ConvBnAct'] });
  expect(item?.labelDetails).toEqual({
    detail: '(out, kernel = 3x3, act = relu)',
    description: './library.arch',
  });
  expect(await documentationOf(client, item!)).toContain('Convolution, norm, activation.');
});

test('a file is not offered where importing it would be a circle', async () => {
  await client.write('circle.arch', 'import { widths } from "./middle.arch"\nblock Circle() { bn }\n');
  await client.write('middle.arch', 'import { Own } from "./own.arch"\nlet widths = [1]\n');
  const items = await expectCompletion(
    client,
    'block Own() { bn }\nmodel M { input 8x8x3 classes 10 ‸',
    { has: ['ConvBnAct'], lacks: ['Circle'] },
    'own.arch',
  );
  expect(items.length).toBeGreaterThan(20);
  await client.remove('circle.arch');
  await client.remove('middle.arch');
});

test('a path is written so that it is read again, whatever stands in it', async () => {
  const text = 'block Quoted() { bn }\n';
  await client.write('a "b" \\c.arch', text);
  const placed = await openAt(client, 'model M { input 8x8x3 classes 10 Quot‸ }', 'own.arch');
  const item = await client.until('the name', async () =>
    (await complete(placed)).find(({ label }) => label === 'Quoted'),
  );
  const written = 'import { Quoted } from "./a \\"b\\" \\\\c.arch"';
  expect(accepted(placed.document, item)).toContain(written);
  await placed.document.close();
  await expectCompletion(client, 'import { A } from "./a‸"', {
    accept: ['./a "b" \\c.arch', written.replace('Quoted', 'A')],
  });
  await client.remove('a "b" \\c.arch');
});

test('a typed character opens a list only where it helps', async () => {
  const opens = async (source: string, trigger: string): Promise<boolean> => {
    const placed = await openAt(client, source);
    const items = await complete(placed, trigger);
    await placed.document.close();
    return items.length > 0;
  };
  expect(await opens(`${head}  bn -> ‸`, ' ')).toBe(true);
  expect(await opens(`${head}  conv(8, 3x3, padding = ‸`, ' ')).toBe(true);
  expect(await opens(`${head}  ‸`, ' ')).toBe(false);
  expect(await opens(`${head}  conv(8, ‸`, ' ')).toBe(false);
  expect(await opens(`${head}  conv(‸`, '(')).toBe(true);
  expect(await opens(`${head}  if (‸`, '(')).toBe(false);
  expect(await opens('let x = 1 /‸', '/')).toBe(false);
  expect(await opens('import { A } from "‸"', '"')).toBe(true);
});

test('a client without snippets gets plain text', async () => {
  await using plain = await TestClient.start({ settings: { score: { onType: false } }, capabilities: {} });
  const placed = await openAt(plain, `${head}  dwc‸`);
  const item = (await complete(placed)).find(({ label }) => label === 'dwconv');
  expect(item?.textEdit).toMatchObject({ newText: 'dwconv(3x3)' });
  expect(item?.insertTextFormat).toBeUndefined();
});
