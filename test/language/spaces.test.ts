import { describe, expect, test } from 'vitest';
import { type Genotype, instantiateSpace } from '../../server/language/analysis.ts';
import { analyse, expectMessages, onlySpace, opsOf, space } from './support/helpers.ts';

function paths(text: string): string[] {
  return onlySpace(text).decisions.map(({ path }) => path);
}

describe('names of decisions', () => {
  test.each([
    ['an argument', 'conv(choice(8, 16), 3x3)', ['conv.out']],
    ['a named argument', 'conv(8, kernel = choice(3x3, 5x5))', ['conv.kernel']],
    ['two ops of a kind', 'conv(choice(8, 16), 3x3) -> conv(choice(8, 16), 3x3)', ['conv.out', 'conv#2.out']],
    ['ops without choices do not count', 'conv(8, 3x3) -> conv(choice(8, 16), 3x3)', ['conv.out']],
    ['a let', 'let w = choice(8, 16)\nconv(w, 3x3) -> conv(w, 3x3)', ['w']],
    ['two choices in a let', 'let w = choice(1, 2) * choice(8, 16)\nconv(w, 3x3)', ['w', 'w#2']],
    ['an op', 'choice(relu, gelu)\nchoice(relu, gelu)', ['choice', 'choice#2']],
    ['an op with a choice', 'choice(conv(choice(4, 8), 3x3), relu)', ['choice', 'choice.conv.out']],
    [
      'for, by the value that tells iterations apart',
      'for (k, c) in [(3, 8), (3, 16)] { conv(c, choice(k, 1)) }',
      ['for[c=8].conv.kernel', 'for[c=16].conv.kernel'],
    ],
    [
      'for, by all values otherwise',
      'for (k, c) in [(3, 8), (5, 8), (3, 16)] { conv(c, choice(k, 1)) }',
      ['for[k=3,c=8].conv.kernel', 'for[k=5,c=8].conv.kernel', 'for[k=3,c=16].conv.kernel'],
    ],
    [
      'for, numbered where they repeat',
      'for c in [8, 8] { conv(c, choice(3, 1)) }',
      ['for[c=8].conv.kernel', 'for[c=8#2].conv.kernel'],
    ],
    [
      'repeat',
      'repeat choice(1, 2) as i { conv(choice(8, 16), 3x3) }',
      ['repeat', 'repeat[i=0].conv.out', 'repeat[i=1].conv.out'],
    ],
    [
      'residual, shortcut, branches',
      'residual { conv(4, choice(3, 5)) } shortcut { conv(4, choice(1, 3)) }\nparallel add { branch { relu } branch { conv(4, choice(1, 3)) } }',
      ['residual.conv.kernel', 'residual.shortcut.conv.kernel', 'parallel.branch[1].conv.kernel'],
    ],
    [
      'if and else',
      'if (choice(true, false)) { conv(8, choice(1, 3)) } else { conv(8, choice(5, 7)) }',
      ['if', 'if.conv.kernel', 'if.else.conv.kernel'],
    ],
    ['input', '', ['input']],
  ])('%s', (what, body, expected) => {
    const text = space(body);
    expect(paths(what === 'input' ? text.replace('8x8x4', 'choice(8x8x4, 4x4x4)') : text)).toEqual(expected);
  });

  test('inside blocks and cells', () => {
    const text = space(
      'repeat 2 { Unit(choice(8, 16)) -> C -> D }',
      `block Unit(out, k = choice(3, 5)) { let e = choice(1, 2)\nconv(out * e, k) -> op }\nlet op = relu
cell C { 0 -> 1: choice(relu, gelu)\n 0 -> 2: conv(channels, choice(1, 3))\n 1 -> 2: choice(relu, gelu) -> choice(bn, tanh) }
block D() { C }`,
    );
    expect(paths(text)).toEqual([
      ...[0, 1].flatMap((index) => [
        `repeat[${index}].Unit.out`,
        `repeat[${index}].Unit.k`,
        `repeat[${index}].Unit.e`,
        ...(index === 0 ? ['C.0->1', 'C.0->2.conv.kernel', 'C.1->2', 'C.1->2.choice#2'] : []),
      ]),
    ]);
  });

  test('stay when statements without choices come and go', () => {
    const before = space(
      'conv(choice(8, 16), 3x3)\nfor c in [8, 16] { Unit(c) }',
      'block Unit(c) { conv(c, choice(1, 3)) }',
    );
    const after = before
      .replace('conv(choice', 'relu -> conv(4, 1x1) -> residual { relu }\nlet q = 3\nconv(choice')
      .replace('[8, 16]', '[8, 12, 16]');
    const kept = paths(after).filter((path) => !path.includes('c=12'));
    expect(kept).toEqual(paths(before));
  });
});

describe('members', () => {
  const text = space(
    'let w = choice(8, 16)\nrepeat choice(1, 2) { conv(w, choice(3x3, 5x5)) }\nchoice(relu, conv(8, 1x1))',
  );

  test('a genotype gives its network', () => {
    const { instantiate } = onlySpace(text);
    const member = instantiate({
      w: 16,
      repeat: 2,
      'repeat[0].conv.kernel': '5x5',
      'repeat[1].conv.kernel': '3x3',
      choice: 'conv(8, 1x1)',
    });
    expect(member.diagnostics).toEqual([]);
    expect(opsOf({ partial: member.network!.nodes })).toBe('conv conv conv gap dense');
    expect(member.network?.nodes.map(({ args }) => args['kernel'])).toEqual([
      undefined,
      [5, 5],
      [3, 3],
      [1, 1],
      undefined,
      undefined,
    ]);
    expect(member.genotype).toEqual({
      w: 16,
      repeat: 2,
      'repeat[0].conv.kernel': '5x5',
      'repeat[1].conv.kernel': '3x3',
      choice: 'conv(8, 1x1)',
    });
  });

  test.each([
    [{}, ['genotype-missing', 'genotype-missing', 'genotype-missing', 'genotype-missing'], true],
    [{ w: 9, repeat: 1, 'repeat[0].conv.kernel': '3x3', choice: 'relu' }, ['genotype-option'], false],
    [{ w: 8, repeat: 1, 'repeat[0].conv.kernel': '3x3', choice: 'relu', v: 1 }, ['genotype-unknown'], false],
    [
      { w: 8, repeat: 1, 'repeat[0].conv.kernel': '3x3', 'repeat[1].conv.kernel': '3x3', choice: 'relu' },
      [],
      true,
    ],
    [{ w: '8', repeat: 1, 'repeat[0].conv.kernel': '3x3', choice: 'relu' }, ['genotype-option'], false],
    [
      JSON.parse(
        '{ "__proto__": 1, "w": 8, "repeat": 1, "repeat[0].conv.kernel": "3x3", "choice": "relu" }',
      ) as Genotype,
      ['genotype-unknown'],
      false,
    ],
  ])('%j', (genotype, codes, fits) => {
    const member = onlySpace(text).instantiate(genotype);
    expect(member.diagnostics.map(({ code }) => code)).toEqual(codes);
    expect(member.network !== undefined).toBe(fits);
  });

  test('genotypes from outside may be anything', () => {
    const found = onlySpace(text);
    for (const genotype of [null, undefined, 3, 'w', ['w']]) {
      const member = instantiateSpace(found, genotype);
      expect(member.network).toBeUndefined();
      expect(member.diagnostics.map(({ code, location }) => [code, location.span])).toEqual([
        ['genotype-type', found.nameSpan],
      ]);
    }
    expect(instantiateSpace(found, { w: {} }).diagnostics[0]?.code).toBe('genotype-option');
    expect(instantiateSpace(found, found.instantiate({}).genotype).network).toBeDefined();
  });

  test('constraints are checked against members', () => {
    const { instantiate } = onlySpace(
      space('constraint params <= 200 && layers < 4\nconv(choice(8, 64), 1x1)'),
    );
    expect(instantiate({ 'conv.out': 8 }).network).toBeDefined();
    const large = instantiate({ 'conv.out': 64 });
    expect(large.network).toBeUndefined();
    expect(large.diagnostics.map(({ code, message }) => [code, message])).toEqual([
      ['constraint-violated', '`S` does not keep to this: it has 906 params and 2 layers.'],
    ]);
  });
});

describe('errors', () => {
  test('at the option that causes them', () => {
    expectMessages(
      space('conv(choice(8, ⟦argument-range|0⟧), choice(3x3, ⟦size-vanishes|9x9⟧), padding = valid)'),
      ['With `conv.out = 0`', 'With `conv.kernel = 9x9`: `conv`: a kernel of 9x9 does not fit'],
    );
  });

  test('also when it is the first option', () => {
    expectMessages(space('conv(8, choice(⟦size-vanishes|9x9⟧, 3x3), padding = valid)'), [
      'With `conv.kernel = 9x9`',
    ]);
  });

  test('once for a choice in a loop', () => {
    expectMessages(space('repeat 3 { conv(choice(4, ⟦argument-range|0⟧), 3x3) }'), [
      'With `repeat[0].conv.out = 0`',
    ]);
  });

  test('of all members, where they are', () => {
    expectMessages(space('conv(choice(4, 8), 3x3) -> ⟦shape-mismatch|dense(5)⟧'), ['`dense`']);
  });

  test('of options of conditional decisions', () => {
    expectMessages(
      space('if (choice(false, true)) { conv(8, choice(3x3, ⟦size-vanishes|9x9⟧), padding = valid) }'),
      ['With `if.conv.kernel = 9x9`'],
    );
  });

  test('of options that come from a list', () => {
    expectMessages(
      space('choice(ops)', 'let ops = [relu, dense(8)]').replace(
        'choice(ops)',
        '⟦shape-mismatch|choice(ops)⟧',
      ),
      ['With `choice = dense(8)`'],
    );
  });

  test('quotes the option, whatever words it is made of', () => {
    const { diagnostics } = analyse(
      'let ops[relu conv(undefined\nblock Other(){repeat 1{for(c,k)in[(4,3)]{choice(ops)}}}space M{Other}',
    );
    for (const { message } of diagnostics)
      expect(message.replaceAll(/`[^`]*`/g, '')).not.toContain('undefined');
    expect(diagnostics.some(({ message }) => message.startsWith('With `'))).toBe(true);
  });

  test.each([
    ['the same option twice', 'conv(choice(8, ⟦duplicate-option|8⟧), 3x3)', 'twice'],
    ['no options', 'conv(⟦empty-choice|choice([])⟧, 3x3)', 'at least one option'],
    ['an option that is no op', '⟦not-callable|choice⟧(8)', 'not an op'],
    ['a constraint that is no condition', 'constraint ⟦type-mismatch|flops⟧\nrelu', 'true or false'],
    ['a constraint with a mistake', 'constraint ⟦type-mismatch|"a"⟧ < flops\nrelu', 'numbers'],
    [
      'a constraint with an unknown total',
      'constraint ⟦unknown-name|flop⟧ < 3\nrelu',
      'Did you mean `flops`?',
    ],
  ])('%s', (_, body, message) => {
    expectMessages(space(body), [message]);
  });
});

test('the members of a random space are found by the names its analysis lists', () => {
  const { decisions } = onlySpace(
    space('if (choice(true, false)) { repeat choice(1, 2) { conv(4, choice(1, 3)) } }'),
  );
  expect(decisions.map(({ path, condition }) => [path, condition])).toEqual([
    ['if', {}],
    ['if.repeat', {}],
    ['if.repeat[0].conv.kernel', {}],
    ['if.repeat[1].conv.kernel', { 'if.repeat': 2 }],
  ]);
});

test('a space too large to expand every option of is counted all the same', () => {
  const text = space('repeat 200 { conv(choice(4, 8, 12, 16), 1x1) }').replace(
    'space S',
    'space ⟦space-partly-checked|S⟧',
  );
  const [diagnostic] = expectMessages(text, ['were not expanded']);
  expect(diagnostic?.severity).toBe('info');
  expect(analyse(text.replace(/⟦.*\|S⟧/, 'S')).spaces[0]?.size).toBe(4n ** 200n);
});

test('a space that is broken has neither size nor members', () => {
  const [broken] = analyse(space('conv(choice(8, 16), 3x3) -> nonsense')).spaces;
  expect(broken?.size).toBeUndefined();
  expect(broken?.instantiate({ 'conv.out': 8 }).network).toBeUndefined();
});
