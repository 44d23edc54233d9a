import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Genotype, instantiateSpace, type SpaceAnalysis } from '../../server/language/analysis.ts';
import { propertyFactor } from './support/random.ts';
import { analyse, expectMessages, onlySpace, opsOf } from './support/helpers.ts';

/** A space around a body that ends before the head. */
function space(body: string, before = ''): string {
  return `${before}\nspace S {\n  input 8x8x4\n  classes 10\n${body}\n  gap -> dense(classes)\n}\n`;
}

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
      ['With `conv.out` = 0', 'With `conv.kernel` = 9x9: `conv`: a kernel of 9x9 does not fit'],
    );
  });

  test('also when it is the first option', () => {
    expectMessages(space('conv(8, choice(⟦size-vanishes|9x9⟧, 3x3), padding = valid)'), [
      'With `conv.kernel` = 9x9',
    ]);
  });

  test('once for a choice in a loop', () => {
    expectMessages(space('repeat 3 { conv(choice(4, ⟦argument-range|0⟧), 3x3) }'), [
      'With `repeat[0].conv.out` = 0',
    ]);
  });

  test('of all members, where they are', () => {
    expectMessages(space('conv(choice(4, 8), 3x3) -> ⟦shape-mismatch|dense(5)⟧'), ['`dense`']);
  });

  test('of options of conditional decisions', () => {
    expectMessages(
      space('if (choice(false, true)) { conv(8, choice(3x3, ⟦size-vanishes|9x9⟧), padding = valid) }'),
      ['With `if.conv.kernel` = 9x9'],
    );
  });

  test('of options that come from a list', () => {
    expectMessages(
      space('choice(ops)', 'let ops = [relu, dense(8)]').replace(
        'choice(ops)',
        '⟦shape-mismatch|choice(ops)⟧',
      ),
      ['With `choice` = dense(8)'],
    );
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

describe('size', () => {
  test.each([
    ['no choice', 'relu', 1n],
    ['independent choices', 'conv(choice(4, 8), choice(1, 3, 5)) -> choice(relu, gelu)', 12n],
    ['a let is decided once', 'let k = choice(1, 3)\nconv(4, k) -> conv(4, k)', 2n],
    ['an iteration is decided each', 'repeat 3 { conv(4, choice(1, 3)) }', 8n],
    ['conditional repeats', 'repeat choice(1, 2, 3, 4) { conv(4, choice(1, 3)) }', 30n],
    [
      'conditional on a let',
      'let n = choice(1, 2)\nrepeat n { conv(4, choice(1, 3)) }\nrepeat n { conv(4, choice(1, 3, 5)) }',
      6n + 36n,
    ],
    ['by the iteration', 'repeat 4 as i { if (i % 2 == 0) { conv(4, choice(1, 3)) } }', 4n],
    ['if', 'if (choice(true, false)) { conv(4, choice(1, 3)) } else { conv(4, choice(1, 3, 5)) }', 5n],
    ['a conditional expression', 'conv(4, choice(true, false) ? choice(1, 3) : 5)', 3n],
    [
      'a conditional on a let',
      'let b = choice(true, false)\nconv(4, b ? choice(1, 3) : choice(1, 3, 5))',
      5n,
    ],
    [
      'lets computed from lets',
      'let a = choice(1, 2)\nlet b = a * 2\nrepeat b { conv(4, choice(1, 3)) }',
      4n + 16n,
    ],
    [
      'values with the same effect are different members',
      'let a = choice(1, -1)\nlet b = a * a\nrepeat b { relu }',
      2n,
    ],
    ['options from lists', 'for l in [[1, 3], [1, 3, 5]] { conv(4, choice(l)) }', 6n],
    ['a list that is chosen', 'let l = choice(true, false) ? [1, 3] : [1, 3, 5]\nconv(4, choice(l))', 5n],
    ['an op with choices', 'choice(conv(choice(4, 8), choice(1, 3)), relu)', 5n],
    ['the input', 'conv(4, choice(1, 3))', 4n],
    ['choices of channels', 'conv(choice(channels, channels * 2), 1x1)', 2n],
    ['a condition on the shape', 'conv(choice(4, 8), 1x1)\nif (channels == 8) { conv(4, choice(1, 3)) }', 3n],
    [
      'shapes through bodies, branches and named tensors',
      `x = conv(choice(4, 8), 1x1)
residual { relu } -> parallel concat { branch { conv(4, 1x1) } branch { conv(choice(4, 8), choice(1, 3)) } }
if (channels == 12) { conv(4, choice(1, 3, 5)) }
x -> relu
if (channels == 8) { conv(4, choice(1, 3)) }`,
      3n * (2n + 2n * 3n),
    ],
    [
      'repeats by the shape',
      'conv(choice(4, 8), 1x1)\nrepeat channels / 4 { conv(channels, choice(1, 3)) }',
      2n + 4n,
    ],
    ['options by the shape', 'let l = channels == 4 ? [1, 3] : [1, 3, 5]\nconv(4, choice(l))', 2n],
    [
      'many lets that matter for nothing',
      `${Array.from({ length: 40 }, (_, i) => `let a${i} = choice(4, 8, 12)`).join('\n')}\n${Array.from({ length: 40 }, (_, i) => `conv(a${i}, 1x1)`).join('\n')}`,
      3n ** 40n,
    ],
    [
      'many lets that matter one after another',
      Array.from(
        { length: 40 },
        (_, i) => `let a${i} = choice(0, 1)\nrepeat a${i} { conv(4, choice(1, 3)) }`,
      ).join('\n'),
      3n ** 40n,
    ],
  ])('%s', (what, body, size) => {
    const text = space(body);
    expect(onlySpace(what === 'the input' ? text.replace('8x8x4', 'choice(8x8x4, 9x9x4)') : text).size).toBe(
      size,
    );
  });

  test.each([
    ['a block', 'Unit(4) -> Unit(8)', 'block Unit(out) { conv(out, choice(1, 3)) }', 4n],
    ['a default', 'Unit -> Unit(3)', 'block Unit(k = choice(1, 3)) { conv(4, k) }', 2n],
    [
      'an argument that decides',
      'Unit(choice(1, 2))',
      'block Unit(n) { repeat n { conv(4, choice(1, 3)) } }',
      6n,
    ],
    [
      'an argument passed on that decides',
      'Outer(choice(1, 2))',
      'block Outer(m) { Unit(m) }\nblock Unit(n) { repeat n { conv(4, choice(1, 3)) } }',
      6n,
    ],
    [
      'an argument that does not decide',
      'Unit(choice(1, 3))',
      'block Unit(k) { conv(4, k) -> conv(4, choice(1, 3)) }',
      4n,
    ],
    ['a cell is decided once', 'repeat 5 { C }', 'cell C { 0 -> 1: choice(relu, gelu, bn) }', 3n],
    [
      'a cell that may be unused',
      'if (choice(true, false)) { C }',
      'cell C { 0 -> 1: choice(relu, gelu, bn) }',
      4n,
    ],
    [
      'a cell that may be unused, and is used',
      'if (choice(true, false)) { C }\nC',
      'cell C { 0 -> 1: choice(relu, gelu, bn) }',
      6n,
    ],
    [
      'cells in cells',
      'C -> D',
      'cell C { 0 -> 1: choice(relu, gelu, bn) }\ncell D { 0 -> 1: C\n 0 -> 2: choice(relu, bn)\n 1 -> 2: C }',
      6n,
    ],
    [
      'one of two cells',
      'choice(C, D)',
      'cell C { 0 -> 1: choice(relu, gelu, bn) }\ncell D { 0 -> 1: choice(relu, bn) }',
      5n,
    ],
    [
      'a cell as an argument',
      'Skeleton(C)',
      'block Skeleton(op) { op -> op }\ncell C { 0 -> 1: choice(relu, gelu, bn) }',
      3n,
    ],
    [
      'a block as an argument',
      'Skeleton(B)',
      'block Skeleton(op) { op -> op }\nblock B() { choice(relu, gelu, bn) }',
      9n,
    ],
    [
      'an op with choices as an argument',
      'Skeleton(conv(4, choice(1, 3)))',
      'block Skeleton(op) { op -> op }',
      4n,
    ],
    [
      'a chosen block as an argument',
      'Skeleton(choice(B, relu))',
      'block Skeleton(op) { op -> op }\nblock B() { choice(relu, gelu, bn) }',
      10n,
    ],
    [
      'a block that looks at the shape',
      'conv(choice(4, 8), 1x1) -> Unit(4) -> Unit(8)',
      'block Unit(out) { if (channels == out) { residual { conv(out, choice(1, 3)) } } else { conv(out, 1x1) } }',
      3n,
    ],
    [
      'a cell among blocks that look at the shape',
      'conv(choice(4, 8), 1x1) -> C -> Unit(4) -> C',
      'block Unit(out) { if (channels == out) { residual { conv(out, choice(1, 3)) } } else { conv(out, 1x1) } }\ncell C { 0 -> 1: choice(relu, gelu)\n 0 -> 2: relu\n 1 -> 2: bn }',
      6n,
    ],
    [
      'arguments in vain',
      'Skeleton(relu) -> Skeleton(B)',
      'block Skeleton(op) { if (channels == 4) { op } }\nblock B() { conv(4, 1x1) }',
      1n,
    ],
  ])('%s', (_, body, before, size) => {
    expect(onlySpace(space(body, before)).size).toBe(size);
  });

  test.each([
    [
      'a shape that depends on a shared cell',
      'C\nif (channels == 8) { conv(4, choice(1, 3)) }',
      'depends on its decisions',
    ],
    ['a cell with other decisions elsewhere', 'D -> conv(8, 1x1) -> D', 'has other decisions'],
    [
      'too many values at once',
      `${Array.from({ length: 20 }, (_, i) => `let a${i} = choice(0, 1)`).join('\n')}\n${Array.from({ length: 20 }, (_, i) => `repeat a${i} { conv(4, choice(1, 3)) }`).join('\n')}`,
      'too many values',
    ],
  ])('not exact: %s', (_, body, message) => {
    const cells = `cell C { 0 -> 1: conv(choice(4, 8), 1x1) }
cell D { 0 -> 1: E }\nblock E() { if (channels == 4) { conv(4, choice(1, 3)) } }`;
    expectMessages(space(body, cells).replace('space S', 'space ⟦space-not-countable|S⟧'), [message]);
  });

  test('is the number of genotypes, for random spaces', () => {
    fc.assert(
      fc.property(randomBody(3), (body) => {
        const analysed = onlySpace(space(body, randomDeclarations));
        expect(analysed.size).toBe(BigInt(enumerate(analysed, 3000)));
      }),
      { numRuns: 40 * propertyFactor },
    );
  });
});

const randomDeclarations = `block Wide(out) { if (channels == out) { conv(out, choice(1, 3)) } else { conv(out, 1x1) } }
block Unit(n) { repeat n { conv(4, choice(1, 3)) } }
cell C { 0 -> 1: choice(relu, gelu)  0 -> 2: relu  1 -> 2: choice(bn, gelu) }`;

/** Bodies whose spaces are small and whose members are all well-formed. */
function randomBody(depth: number): fc.Arbitrary<string> {
  const leaf = fc.constantFrom(
    'relu',
    'conv(4, choice(1, 3))',
    'C',
    'Unit(choice(1, 2))',
    'Unit(1)',
    'choice(relu, C, Unit(1))',
    'conv(4, choice(true, false) ? choice(1, 3) : 5)',
    'Wide(choice(4, 8)) -> Wide(4)',
    'conv(choice(4, 8), 1x1)\nif (channels == 8) { conv(8, choice(1, 3)) }\nconv(4, 1x1)',
  );
  if (depth === 0) return leaf;
  const inner = randomBody(depth - 1);
  const compound = fc.oneof(
    inner.map((body) => `repeat choice(1, 2) { ${body} }`),
    inner.map((body) => `residual { ${body} }`),
    fc.tuple(inner, inner).map(([a, b]) => `if (choice(true, false)) { ${a} } else { ${b} }`),
    fc.tuple(inner, inner).map(([a, b]) => `parallel add { branch { ${a} } branch { ${b} } }`),
    fc
      .tuple(fc.constantFrom('x', 'y'), inner)
      .map(([x, body]) => `if (true) { let ${x} = choice(1, 2)\nrepeat ${x} { ${body} } }`),
  );
  return fc.array(fc.oneof(leaf, compound), { minLength: 1, maxLength: 2 }).map((parts) => parts.join('\n'));
}

/** Counts members by walking through all genotypes, whichever decisions each of them meets; skips spaces beyond `limit`. */
function enumerate({ instantiate, size, decisions }: SpaceAnalysis, limit: number): number {
  fc.pre(size !== undefined && size <= BigInt(limit));
  const options = new Map(decisions.map((decision) => [decision.path, decision.options]));
  let members = 0;
  const pending: { readonly genotype: Readonly<Record<string, unknown>> }[] = [{ genotype: {} }];
  for (let item = pending.pop(); item !== undefined; item = pending.pop()) {
    const { genotype } = item;
    const met = instantiate(genotype as Record<string, string>).genotype;
    const open = Object.keys(met).find((path) => !Object.hasOwn(genotype, path));
    if (open === undefined) members += 1;
    else for (const option of options.get(open)!) pending.push({ genotype: { ...genotype, [open]: option } });
  }
  return members;
}

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
