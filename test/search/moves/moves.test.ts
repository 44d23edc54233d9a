// Neighbours of what stands at a place, as edits.
import { describe, expect, test } from 'vitest';
import { applied } from '../../../grammar/format/format.ts';
import { movesAt, movesWithin } from '../../../server/search/moves/moves.ts';
import { neighbouringWidths } from '../../../server/search/moves/numbers.ts';
import { modelsUsing } from '../../../server/search/users.ts';
import { Workbench } from '../../../server/search/variants.ts';

const uri = 'file:///work/main.arch';

/** The place is marked by `‸`. */
function workbenchOf(
  marked: string,
  others: Readonly<Record<string, string>> = {},
): { workbench: Workbench; offset: number; text: string } {
  const offset = marked.indexOf('‸');
  const text = marked.replace('‸', '');
  const workbench = new Workbench(uri, text, (other) => others[other.replace('file:///work/', '')]);
  return { workbench, offset, text };
}

/** Checks the alternatives at the mark that fit, and gives how many are left out. */
async function expectAlternatives(
  marked: string,
  titles: readonly string[],
  others: Readonly<Record<string, string>> = {},
): Promise<number> {
  const { workbench, offset } = workbenchOf(marked, others);
  const [place] = modelsUsing(
    workbench.module,
    offset,
    Object.keys(others).map((name) => workbench.moduleOf(`file:///work/${name}`)),
  );
  const moves = movesAt(workbench.module, offset)?.moves ?? [];
  const { variants, leftOut } = await workbench.variants(place!, moves);
  expect(variants.map(({ move }) => move.title)).toEqual(titles);
  return leftOut;
}

const around = (body: string): string => `model M {
  input 8x8x4
  classes 10
  ${body}
  gap -> dense(classes)
}
`;

const activations = [
  ...['relu6', 'leaky_relu', 'prelu', 'elu', 'gelu', 'silu', 'hardswish', 'mish', 'softplus'],
  ...['sigmoid', 'hardsigmoid', 'tanh'],
];

describe('alternatives', () => {
  test('to a kernel keep its notation', async () => {
    await expectAlternatives(around('conv(16, ‸3x3) -> bn'), ['3x3 → 1x1', '3x3 → 5x5', '3x3 → 7x7']);
    await expectAlternatives(around('conv(16, kernel = ‸3)'), ['3 → 1', '3 → 5', '3 → 7']);
  });

  test('to a residual are its body, and to a repeated flow its sum with its input, where they fit', async () => {
    await expectAlternatives(around('‸residual { conv(4, 3x3) -> bn }'), ['without the residual']);
    await expectAlternatives(around('‸repeat 2 { conv(4, 3x3) -> bn }'), [
      'repeat 2 → 1',
      'repeat 2 → 3',
      'residual { conv(4, 3x3) -> bn }',
    ]);
    expect(await expectAlternatives(around('‸repeat 1 { conv(8, 3x3) }'), ['repeat 1 → 2'])).toBe(1);
  });

  test('to a width are a quarter away and stay legal for its groups', async () => {
    await expectAlternatives(around('conv(‸16, 3x3)'), ['16 → 12', '16 → 20']);
    await expectAlternatives(around('conv(12, 3x3) -> conv(‸24, 3x3, groups = 12)'), ['24 → 12', '24 → 36']);
    expect(neighbouringWidths(64)).toEqual([48, 80]);
    expect(neighbouringWidths(3)).toEqual([2, 4]);
    expect(neighbouringWidths(10, 4)).toEqual([8, 12]);
  });

  test('to a computed width scale it', async () => {
    await expectAlternatives(around('conv(‸channels * 8, 1x1)'), [
      'channels * 8 → round8((channels * 8) * 0.75)',
      'channels * 8 → round8((channels * 8) * 1.25)',
    ]);
  });

  test('to the number of classes there are none', () => {
    const { workbench, offset } = workbenchOf(around('relu').replace('dense(classes)', 'dense(‸classes)'));
    expect(movesAt(workbench.module, offset)).toBeUndefined();
  });

  test('to an op that does not exist, and to what it is given, there are none', () => {
    for (const body of ['convv(‸16, 3x3)', '‸convv(16, 3x3)', 'repeat 2 { convv(‸16, 3x3) }']) {
      const { workbench, offset } = workbenchOf(around(body));
      expect(movesAt(workbench.module, offset), body).toBeUndefined();
    }
  });

  test('to an activation are the other activations', async () => {
    await expectAlternatives(
      around('conv(8, 3x3) -> re‸lu'),
      activations.map((name) => `relu → ${name}`),
    );
  });

  test('to a norm that would not fit are left out and counted', async () => {
    expect(
      await expectAlternatives(around('conv(8, 3x3) -> b‸n -> relu'), ['bn → layernorm', 'bn → rmsnorm']),
    ).toBe(1);
    await expectAlternatives(around('conv(32, 3x3) -> b‸n'), [
      'bn → layernorm',
      'bn → groupnorm',
      'bn → rmsnorm',
    ]);
  });

  test('to a convolution are depthwise and grouped ones too', async () => {
    const leftOut = await expectAlternatives(around('co‸nv(4, 3x3) -> bn'), [
      'conv(4, 3x3) → dwconv(3x3)',
      'groups = 2',
      'groups = 4',
      '4 → 3',
      '4 → 5',
      '3x3 → 1x1',
      '3x3 → 5x5',
      '3x3 → 7x7',
    ]);
    expect(leftOut).toBe(1);
    await expectAlternatives(around('dw‸conv(3x3)'), [
      'dwconv(3x3) → conv(channels, 3x3)',
      '3x3 → 1x1',
      '3x3 → 5x5',
      '3x3 → 7x7',
    ]);
  });

  test('to a depth are one less and one more', async () => {
    await expectAlternatives(around('rep‸eat 3 { conv(8, 3x3) -> bn }'), ['repeat 3 → 2', 'repeat 3 → 4']);
    await expectAlternatives(around('for (c, n) in [(8, 2)] { repeat ‸n { conv(c, 3x3) } }'), [
      'repeat n → n - 1',
      'repeat n → n + 1',
    ]);
    await expectAlternatives(around('for (c, n) in [(8, ‸2)] { repeat n { conv(c, 3x3) } }'), [
      '2 → 1',
      '2 → 3',
    ]);
  });

  test('to heads divide the width', async () => {
    await expectAlternatives(
      around('tokens -> dense(24) -> attention(‸4) -> mean_tokens').replace('gap -> ', ''),
      ['4 → 2', '4 → 8'],
    );
    await expectAlternatives(around('conv(48, 1x1) -> attend(‸4, window = 2)'), ['4 → 2', '4 → 8']);
  });

  test('to an edge of a cell are the other ops; to a cell those of all edges', async () => {
    const cell = (body: string): string => `${body}\n${around('C')}`;
    const ops = ['none', 'skip_connect', 'nor_conv_1x1', 'avg_pool_3x3'];
    await expectAlternatives(
      cell('cell C { 0 -> 1: nor_‸conv_3x3 }'),
      ops.map((op) => `nor_conv_3x3 → ${op}`),
    );
    const { workbench, offset } = workbenchOf(
      cell(
        'cell C‸ = "|nor_conv_3x3~0|+|nor_conv_3x3~0|nor_conv_3x3~1|+|skip_connect~0|nor_conv_1x1~1|nor_conv_3x3~2|"',
      ),
    );
    const moves = movesAt(workbench.module, offset)!.moves;
    expect((await workbench.variants({ uri, name: 'M' }, moves)).variants).toHaveLength(24);
    expect(moves[0]?.title).toBe('0 -> 1: nor_conv_3x3 → none');
  });

  test('to an op that is an argument, and to the default of a parameter', async () => {
    const block = 'block B(c, act = relu) { conv(c, 3x3) -> act }\n';
    await expectAlternatives(
      block + around('B(8, act = re‸lu)'),
      activations.map((name) => `relu → ${name}`),
    );
    await expectAlternatives(
      block.replace('= relu', '= re‸lu') + around('B(8)'),
      activations.map((name) => `relu → ${name}`),
    );
  });

  test('are there in a broken file, for a model that is whole', async () => {
    await expectAlternatives(`let x = unknown_name\n${around('conv(16, ‸3x3)')}`, [
      '3x3 → 1x1',
      '3x3 → 5x5',
      '3x3 → 7x7',
    ]);
    const { workbench, offset } = workbenchOf('model M {\n  conv(16, ‸3x3\n');
    expect(movesAt(workbench.module, offset)?.moves).toHaveLength(3);
  });

  test('to a block that only another file uses are scored there', async () => {
    const others = { 'user.arch': `import { B } from "./main.arch"\n${around('B(16)')}` };
    const place = workbenchOf('block B(c) {\n  conv(c, ‸3x3)\n}\n', others);
    expect(
      modelsUsing(place.workbench.module, place.offset, [place.workbench.moduleOf('file:///work/user.arch')]),
    ).toEqual([{ uri: 'file:///work/user.arch', name: 'M' }]);
    await expectAlternatives(
      'block B(c) {\n  conv(c, ‸3x3)\n}\n',
      ['3x3 → 1x1', '3x3 → 5x5', '3x3 → 7x7'],
      others,
    );
  });

  test('change nothing but what they say', async () => {
    const source = around('conv( 16,  ‸3x3 ) /* stem */ -> bn // norm');
    const { workbench, offset, text } = workbenchOf(source);
    const [first] = movesAt(workbench.module, offset)!.moves;
    expect(applied(text, first!.changes)).toBe(text.replace('3x3', '1x1'));
    await workbench.variants({ uri, name: 'M' }, movesAt(workbench.module, offset)!.moves);
    expect(workbench.text).toBe(text);
  });
});

test('neighbours of a model are in what it uses, each once', () => {
  const { workbench } = workbenchOf(
    `block Used(c) { conv(c, 3x3) -> relu }\nblock Unused() { conv(8, 5x5) }\n${around('Used(8)\nUsed(8)')}`,
  );
  const declaration = workbench.declaration({ uri, name: 'M' })!;
  const titles = movesWithin(workbench.module, declaration).map(({ title }) => title);
  expect(titles).toContain('relu → gelu');
  expect(titles.filter((title) => title === '3x3 → 5x5')).toHaveLength(1);
  expect(titles.some((title) => title.startsWith('5x5'))).toBe(false);
});

test('of an instance whose model others are made of, too, the arguments alone are varied; alone, its model as well', () => {
  const text = `model T(n, width = 16) { input 8x8x3 classes 10 repeat n { conv(width, 3x3) } gap -> dense(classes) }
model A = T(3)
`;
  const titles = (source: string): readonly string[] => {
    const { workbench } = workbenchOf(source);
    return movesWithin(workbench.module, workbench.declaration({ uri, name: 'A' })!).map(
      ({ title }) => title,
    );
  };
  expect(titles(text)).toContain('3x3 → 5x5');
  expect(titles(`${text}model B = T(2)`)).toEqual(['3 → 2', '3 → 4']);
  const unit = 'block Unit() { conv(8, 1x1) }\n';
  expect(titles(`${unit}${text.replace('T(3)', 'T(3, Unit)')}model B = T(2)`)).toContain('1x1 → 3x3');
});

test('arguments of a block that is given to a model are varied, all of them or the one at the cursor', async () => {
  const text = `block Deep(n, width = 16) { repeat n { conv(width, 3x3) } }
model T(Net) { input 8x8x3 classes 10 Net -> gap -> dense(classes) }
`;
  const source = `${text}model A = T(Deep(2, width = 16))\nmodel B = T(relu)`;
  const { workbench } = workbenchOf(source);
  const titles = movesWithin(workbench.module, workbench.declaration({ uri, name: 'A' })!).map(
    ({ title }) => title,
  );
  expect(titles).toEqual(expect.arrayContaining(['2 → 1', '2 → 3', '3x3 → 5x5']));
  await expectAlternatives(source.replace('Deep(2', 'Deep(‸2'), ['2 → 1', '2 → 3']);
});

test('an edit of a model with parameters changes all that are made of it', () => {
  const { workbench, offset } = workbenchOf(
    'model T(n) { input 8x8x3 classes 10 conv(n, ‸3x3) -> gap -> dense(classes) } model A = T(3) model B = T(2)',
  );
  expect(modelsUsing(workbench.module, offset, []).map(({ name }) => name)).toEqual(['A', 'B']);
});
