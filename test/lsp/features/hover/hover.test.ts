import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectHover, TestClient } from '../../support/client.ts';
import type { OpenDocument } from '../../support/client.ts';
import { residual } from '../../support/texts.ts';

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

  test('on a model with parameters and on one made of it: signature, totals, how it is made', async () => {
    const document = await open(
      `model Of(n, width = 8) { input 8x8x3 classes 10 repeat n { conv(width, 3x3) } gap -> dense(classes) }
/// The deep one.
model Deep = Of(3)
model Broad = Of(1, width = 16)`,
    );
    await expectHover(
      document,
      'Of',
      ['model Of(n, width = 8)', /A template/, 'Made with: `Of(3)`, `Of(1, width = 16)`'],
      'Deep = ',
    );
    await expectHover(document, 'Deep', ['model Deep = Of(3)', 'The deep one.', '| 8x8x3 | 10 |'], 'model ');
    await expectHover(document, 'width', [/Parameter of model `Of`/], 'conv(');
    await expectHover(document, 'conv', [/3x|places/, '8x8x3 → 8x8x16'], 'repeat n { ');
    expect(await document.hints()).toContain('model Broad = Of( ⟹ n:');
    const lenses = await document.lenses();
    expect(lenses.map(({ range }) => range.start.line)).toEqual([2, 3]);
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
