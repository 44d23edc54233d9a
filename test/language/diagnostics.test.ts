import { describe, expect, test } from 'vitest';
import { check } from './support/cases.ts';
import { analyse, expectDiagnostics, expectMessages, model, network } from './support/helpers.ts';

describe('names', () => {
  check([
    ['an op that does not exist', network('⟦unknown-name|convv⟧(8, 3x3)'), 'Did you mean `conv`?'],
    [
      'a block that does not exist',
      network('Blok', 'block Block() { relu }').replace('Blok', '⟦unknown-name|Blok⟧'),
      'Did you mean `Block`?',
    ],
    [
      'a value that does not exist',
      network('conv(⟦unknown-name|widht⟧, 3x3)', 'let width = 8'),
      'Did you mean `width`?',
    ],
    ['nothing similar', network('conv(⟦unknown-name|zzzzzz⟧, 3x3)'), /^There is no `zzzzzz` here\.$/],
    ['two of a name in a file', 'let a = 1\nblock ⟦duplicate-name|a⟧() { relu }', 'a let `a` already'],
    ['two of a name in a body', network('let a = 1\nlet ⟦duplicate-name|a⟧ = 2'), 'a let of this body'],
    ['two parameters of a name', 'block B(a, ⟦duplicate-name|a⟧) { relu }', 'a parameter of this body'],
    ['a tensor used as a value', network('x = relu\nconv(⟦not-a-value|x⟧, 3x3)'), 'add(x)'],
    ['a value used as a tensor', network('let x = 1\nrelu -> add(⟦not-a-tensor|x⟧)'), 'name one before'],
    ['a value used as an op', network('let x = 1\n⟦not-callable|x⟧'), '`x` is the number 1, not an op'],
    ['a tensor inside a flow', network('x = relu\nrelu -> ⟦tensor-in-flow|x⟧'), 'can only start a flow'],
    [
      'a model inside a model',
      `${model('gap -> dense(10)')}\n${model('⟦not-callable|M⟧').replace('model M', 'model N')}`,
      'is a model',
    ],
    [
      'a tensor of another body',
      network('residual { x = relu }\nadd(⟦not-a-tensor|x⟧)'),
      'no tensor named `x`',
    ],
    [
      'names of the caller in a block',
      network('let w = 8\nB', 'block B() { conv(⟦unknown-name|w⟧, 3x3) }'),
      'no `w`',
    ],
    ['a parameter used before its declaration', 'block B(a = ⟦unknown-name|b⟧, b = 1) { relu }', 'no `b`'],
    ['a total outside a constraint', network('conv(⟦no-context|params⟧, 3x3)'), 'use it in a `constraint`'],
    [
      'the height of a vector',
      model('gap -> dense(⟦no-context|height⟧) -> dense(classes)'),
      'where it is an image',
    ],
    ['channels at file level', 'let w = ⟦no-context|channels⟧', 'no'],
    ['a function without arguments', network('conv(⟦not-a-value|round8⟧, 3x3)'), 'round8(x)'],
  ]);

  test('an op whose name is a word of an argument is that word', () => {
    const [gate] = analyse(network('se(gate = sigmoid)')).models;
    expect(gate!.partial[1]!.args).toMatchObject({ gate: 'sigmoid' });
    expectDiagnostics(network('se(gate = ⟦argument-type|relu⟧)'));
  });

  test('a second declaration points at the first', () => {
    const [diagnostic] = expectDiagnostics('let a = 1\nlet ⟦duplicate-name|a⟧ = 2');
    expect(diagnostic?.related[0]?.location.span).toEqual({ start: 4, end: 5 });
  });

  test('lets of inner bodies shadow', () => {
    expectDiagnostics(
      network('let w = 8\nrepeat 1 { let w = 4\nconv(w, 3x3) : 8x8x4 }\nconv(w, 3x3) : 8x8x8'),
    );
  });
});

describe('arguments', () => {
  check([
    ['out of range', network('conv(⟦argument-range|0⟧, 3x3)'), 'from 1 to'],
    [
      'not a whole number',
      network('conv(⟦argument-type|channels / 3⟧, 3x3)'),
      'is 1.33333 here. Round it: `floor(channels / 3)`',
    ],
    ['wrong type', network('conv(⟦argument-type|true⟧, 3x3)'), 'must be a whole number'],
    ['a list', network('conv(⟦argument-type|[1, 2]⟧, 3x3)'), 'must be a whole number'],
    ['unknown name', network('conv(8, 3x3, ⟦unknown-argument|strid⟧ = 2)'), 'Did you mean `stride`?'],
    ['too many', network('relu(⟦too-many-arguments|3⟧)'), 'takes no arguments'],
    ['missing', network('⟦missing-argument|conv⟧(8)'), '`conv` needs `kernel`'],
    ['twice', network('conv(8, 3x3, ⟦duplicate-argument|out = 4⟧)'), '`out` twice'],
    [
      'a block: unknown name',
      network('B(⟦unknown-argument|widht⟧ = 8, width = 8)', 'block B(width) { relu }'),
      'Did you mean `width`?',
    ],
    [
      'a block: too many',
      network('B(8, ⟦too-many-arguments|9⟧)', 'block B(width) { relu }'),
      'Write `B(width)`',
    ],
    [
      'a block: missing',
      network('⟦missing-argument|B⟧(1)', 'block B(width, depth, act = relu) { relu }'),
      'needs `depth`. Write `B(width, depth, act = relu)`',
    ],
    [
      'a block: twice',
      network('B(1, ⟦duplicate-argument|width = 2⟧)', 'block B(width) { relu }'),
      '`width` twice',
    ],
    ['a cell', network('C(⟦too-many-arguments|1⟧)', 'cell C { 0 -> 1: relu }'), 'takes no arguments'],
    [
      'a tensor for a block',
      network('x = relu\nB(⟦tensor-argument|x⟧)', 'block B(width) { relu }'),
      'not tensors',
    ],
    ['add without a tensor', network('⟦missing-argument|add⟧'), 'needs another tensor'],
    ['add of a number', network('add(⟦not-a-tensor|3⟧)'), 'names of tensors'],
    [
      'also in blocks nobody calls',
      'block B() { conv(⟦argument-range|-1⟧, 3x3) -> relu(⟦too-many-arguments|1⟧) }',
      'from 1',
      'no arguments',
    ],
    [
      'padding words need no quotes',
      network('conv(8, 3x3, padding = valid) -> conv(8, 3x3, padding = ⟦argument-type|vald⟧)').replace(
        'vald',
        '"vald"',
      ),
      'Did you mean `valid`?',
    ],
  ]);
});

/** 4 · 2⁴⁰ channels. */
const doubled = 'repeat 40 { parallel concat { branch { } branch { } } }';

describe('expressions', () => {
  check([
    [
      'adding a string',
      network('conv(⟦type-mismatch|"a"⟧ + 1, 3x3)'),
      '`+` needs numbers, not the string "a"',
    ],
    ['a number as a condition', network('if (⟦type-mismatch|channels⟧) { relu }'), '`channels != 0`'],
    [
      'dividing by zero',
      network('conv(8 / ⟦division-by-zero|(channels - 4)⟧, 3x3)').replace(
        '⟦division-by-zero|(channels - 4)⟧',
        '(⟦division-by-zero|channels - 4⟧)',
      ),
      'is 0 here',
    ],
    ['negating a list', network('conv(-⟦type-mismatch|[1]⟧, 3x3)'), 'a number'],
    ['and of numbers', network('if (⟦type-mismatch|1⟧ && true) { relu }'), 'true or false'],
    ['a function of a string', network('conv(⟦function-argument|max("a", 1)⟧, 3x3)'), 'takes numbers'],
    [
      'a function without arguments',
      network('conv(⟦function-argument|max()⟧, 3x3)'),
      'at least one argument',
    ],
    ['overflow', network('conv(⟦number-range|1e300 * 1e300⟧, 3x3)'), 'too large'],
    ['a quotient that overflows', network('conv(⟦number-range|1e300 / 1e-300⟧, 3x3)'), 'too large'],
    ['a sum that overflows', network('conv(floor(⟦number-range|1.7e308 + 1.7e308⟧), 3x3)'), 'too large'],
    ['a function that overflows', network('conv(⟦number-range|round8(1.7e308) * 2⟧, 3x3)'), 'too large'],
    ['nothing by nothing', network('conv(0 / ⟦division-by-zero|0⟧, 3x3)'), 'is 0 here'],
    ['underflow', network('if (⟦number-range|1e-300 * 1e-300⟧ == 0) { relu }'), 'told from 0'],
    [
      'a quotient that underflows',
      network('if (⟦number-range|1e-300 / 1e300⟧ == 0) { relu }'),
      'told from 0',
    ],
    [
      'whole numbers beyond exactness',
      network('if (⟦number-range|9007199254740991 + 1⟧ > 1) { relu }'),
      'too large to be exact',
    ],
    [
      'channels beyond exactness',
      network('repeat 67 { ⟦number-range|parallel⟧ concat { branch { } branch { } } }'),
      'values here, too many to be counted exactly',
    ],
    [
      'parameters beyond exactness',
      network(`${doubled}\n⟦number-range|conv(65536, 3x3)⟧`),
      'parameters here, too many',
    ],
    [
      'multiply-accumulates beyond exactness',
      network(`${doubled}\n⟦number-range|conv(64, 3x3)⟧`),
      'multiply-accumulates here, too many',
    ],
    ['a product of whole numbers', network('repeat ⟦number-range|450M * 450M⟧ { }'), 'too large to be exact'],
    ['a literal that overflows', network('conv(⟦bad-number|1e309⟧, 3x3)'), 'too large'],
    ['a literal that overflows by its suffix', network('conv(⟦bad-number|1e300G⟧, 3x3)'), 'too large'],
    ['a literal in a block nobody uses', 'block B(out = ⟦bad-number|1e309⟧) { }', 'too large'],
    ['a literal that underflows', 'let a = ⟦bad-number|1e-400⟧', 'told from 0'],
    ['a literal beyond exactness', 'let a = ⟦bad-number|9007199254740992⟧', 'exact up to'],
    ['a suffix beyond exactness', 'let a = ⟦bad-number|10000000G⟧', 'exact up to'],
    ['a size beyond exactness', 'let a = ⟦bad-number|8x9007199254740992⟧', 'exact up to'],
    ['an edge to a node out of range', 'cell C { 0 -> ⟦bad-number|9007199254740993⟧: relu }', 'exact up to'],
    ['repeat of a fraction', network('repeat ⟦repeat-count|1.5⟧ { relu }'), 'floor'],
    ['repeat of a negative number', network('repeat ⟦repeat-count|-1⟧ { relu }'), '0 or more'],
    ['repeat of a list', network('repeat ⟦type-mismatch|[1]⟧ { relu }'), 'a whole number of times'],
    ['for over a number', network('for x in ⟦type-mismatch|3⟧ { relu }'), 'a list'],
    [
      'for with the wrong tuples',
      network('for (a, b) in [(1, 2), ⟦type-mismatch|3⟧] { relu }'),
      'tuples of 2 values',
    ],
    [
      'a let that is wrong says so once',
      network('let w = ⟦type-mismatch|"a"⟧ * 2\nrepeat 3 { conv(w, 3x3) -> conv(w + 1, 3x3) }'),
      'needs numbers',
    ],
    ['a let at file level', 'let w = ⟦type-mismatch|true⟧ + 1\nblock B() { conv(w, 3x3) }', 'needs numbers'],
  ]);
});

describe('shapes', () => {
  check([
    ['an op on a vector', network('gap -> ⟦shape-mismatch|conv(8, 3x3)⟧'), 'needs an image'],
    ['a kernel that does not fit', network('⟦size-vanishes|conv(8, 9x9, padding = valid)⟧'), 'does not fit'],
    ['a pooling too many', network('repeat 4 { ⟦size-vanishes|maxpool(2x2)⟧ }'), 'does not fit'],
    ['groups that do not divide', network('⟦groups-mismatch|conv(8, 3x3, groups = 3)⟧'), '3 groups'],
    ['groups of a norm that do not divide', network('⟦groups-mismatch|groupnorm(3)⟧'), '3 groups'],
    [
      'a wrong assertion',
      network('conv(8, 3x3, stride = 2) : ⟦shape-assertion|8x8x8⟧'),
      'This is an image of 4x4x8, not 8x8x8',
    ],
    ['an assertion that is no shape', network('relu : ⟦type-mismatch|true⟧'), 'A shape is written'],
    [
      'a residual that changes channels',
      network('⟦residual-mismatch|residual⟧ { conv(8, 3x3) }'),
      'Add `shortcut { conv(8, 1x1) -> bn }`',
    ],
    [
      'a residual that changes size',
      network('⟦residual-mismatch|residual⟧ { conv(8, 3x3, stride = 2) }'),
      'conv(8, 1x1, stride = 2) -> bn',
    ],
    [
      'a shortcut that does not match',
      network('⟦residual-mismatch|residual⟧ { conv(8, 3x3) } shortcut { conv(16, 1x1) }'),
      'its shortcut gives an image of 8x8x16',
    ],
    [
      'branches that cannot be added',
      network('⟦shape-mismatch|parallel⟧ add { branch { conv(8, 1x1) } branch { conv(16, 1x1) } }'),
      '8x8x16',
    ],
    [
      'branches that cannot be put side by side',
      network('⟦shape-mismatch|parallel⟧ concat { branch { relu } branch { maxpool(2x2) } }'),
      '4x4x4',
    ],
    ['the output is an image', model('⟦output-shape|relu⟧'), 'End with `gap -> dense(classes)`'],
    ['the output has the wrong length', model('gap -> ⟦output-shape|dense(7)⟧'), 'End with `dense(classes)`'],
    ['nothing but an input', 'model ⟦output-shape|M⟧ { input 8x8x3\nclasses 10 }', 'ends in an image'],
    [
      'an input that is no shape',
      'model M { input ⟦type-mismatch|"a"⟧\nclasses 10\nrelu }',
      'A shape is written',
    ],
    ['an input without extent', 'model M { input ⟦shape-range|0x8x3⟧\nclasses 10\nrelu }', 'from 1'],
  ]);

  test('once, though met in every iteration and call', () => {
    const [diagnostic] = expectMessages(
      network(
        'repeat 3 as i { repeat 2 { B(8, stride = i) } }',
        'block B(out, stride = 1) { gap -> ⟦shape-mismatch|conv(out, 3x3)⟧ }',
      ),
      ['needs an image'],
    );
    expect(diagnostic?.related.map(({ message }) => message)).toEqual([
      'called here with out = 8, stride = 0',
      'in repeat #1',
      'in repeat #1, with i = 0',
    ]);
  });

  test('in a block of another file it appears at the call', () => {
    const [diagnostic] = expectMessages(
      `import { B } from "./b.arch"\n${network('repeat 2 { ⟦shape-mismatch|B(8)⟧ }')}`,
      ['In B(8): `conv` needs an image'],
      { 'b.arch': 'block B(out) { Inner(out) }\nblock Inner(out) { gap -> conv(out, 3x3) }' },
    );
    expect(diagnostic?.related.map(({ location }) => location.uri)).toEqual([
      'file:///work/b.arch',
      'file:///work/b.arch',
      'file:///work/main.arch',
    ]);
  });

  test('what follows is still checked for mistakes of its own', () => {
    expectDiagnostics(network('gap -> ⟦shape-mismatch|conv(8, 3x3)⟧ -> conv(⟦argument-range|0⟧, 3x3) -> bn'));
  });
});

describe('models', () => {
  check([
    ['no input', 'model ⟦missing-input|M⟧ { classes 10\ngap -> dense(10) }', 'input 32x32x3'],
    ['no classes', 'model ⟦missing-classes|M⟧ { input 8x8x3\ngap -> dense(10) }', 'classes 10'],
    [
      'input too late',
      'model M { classes 10\nrelu\n⟦input-not-first|input 8x8x3⟧\ngap -> dense(10) }',
      'first op',
    ],
    [
      'two inputs',
      'model M { input 8x8x3\n⟦duplicate-statement|input 8x8x3⟧\nclasses 10\ngap -> dense(10) }',
      'already',
    ],
    ['one class', 'model M { input 8x8x3\nclasses ⟦classes-range|1⟧\ngap -> dense(1) }', 'from 2'],
    [
      'classes of a list',
      'model M { input 8x8x3\nclasses ⟦type-mismatch|[1]⟧\ngap -> dense(1) }',
      'whole number',
    ],
    ['an input inside a loop', network('repeat 1 { ⟦misplaced-statement|input 8x8x3⟧ }'), 'top of its body'],
    ['classes in a block', 'block B() { ⟦misplaced-statement|classes 10⟧ }', 'top of its body'],
    [
      'a violated constraint',
      network('⟦constraint-violated|constraint⟧').replace(
        '⟦constraint-violated|constraint⟧',
        'constraint ⟦constraint-violated|params <= 10⟧',
      ),
      'it has 50 params',
    ],
    ['a constraint that is no condition', network('constraint ⟦type-mismatch|params⟧'), 'true or false'],
    ['no branches', network('⟦empty-parallel|parallel add {}⟧'), 'branch'],
  ]);
});

describe('cells', () => {
  check([
    [
      'a node without input',
      'cell C { 0 -> 1: relu\n⟦cell-node-without-input|2⟧ -> 3: relu\n1 -> 3: relu }',
      '0 -> 2',
    ],
    ['backwards', 'cell C { 0 -> 1: relu\n⟦cell-edge-order|2 -> 1⟧: relu }', 'lower node'],
    ['twice in a genotype', 'cell C = "|relu~0|⟦duplicate-edge|bn~0⟧|"', 'already'],
    [
      'a node nobody reads',
      'cell C { 0 -> ⟦cell-node-unused|1⟧: relu\n0 -> 2: relu }',
      'Nothing reads node 1',
    ],
    ['no edges', 'cell ⟦empty-cell|C⟧ { }', 'at least one edge'],
    ['a label that is none', 'cell C { 0 -> ⟦cell-label|1.5⟧: relu }', 'numbered'],
    [
      'an op that does not exist, in a genotype',
      'cell C = "|nor_conv_3x3~0|+|⟦unknown-name|nor_conv_3x4⟧~0|skip_connect~1|"',
      'nor_conv_3x3',
    ],
    ['a genotype without bars', 'cell C = "⟦genotype-syntax|relu~0⟧"', 'between bars'],
    ['a genotype entry without source', 'cell C = "|⟦genotype-syntax|relu⟧|"', 'is no edge'],
    ['a genotype that reads itself', 'cell C = "|relu~⟦cell-edge-order|1⟧|"', 'from 1 to 1'],
    ['a genotype op that needs arguments', 'cell C = "|⟦missing-argument|conv⟧~0|"', 'needs `out`'],
  ]);
});

describe('choices', () => {
  check([
    ['in a model', network('conv(⟦choice-outside-space|choice(8, 16)⟧, 3x3)'), 'make the model a `space`'],
    [
      'in a block of a model',
      network('B', 'block B() { conv(⟦choice-outside-space|choice(8, 16)⟧, 3x3) }'),
      'make the model',
    ],
    ['at file level', 'let k = ⟦choice-outside-space|choice(1, 2)⟧', 'into the space'],
    [
      'inside a choice',
      'block B() { conv(choice(8, ⟦nested-choice|choice(16, 24)⟧), 3x3) }',
      'list all options',
    ],
  ]);

  test('in a cell used by a model', () => {
    const [diagnostic] = expectMessages(
      network('repeat 2 { C }', 'cell C { 0 -> 1: ⟦choice-outside-space|choice(relu, bn)⟧ }'),
      ['make the model a `space`'],
    );
    expect(diagnostic?.related[0]?.message).toBe('used here');
  });
});

describe('one mistake, one message', () => {
  test.each([
    ['a missing parenthesis', network('conv(8, 3x3 -> relu\nbn')],
    ['a missing brace', 'block A() { relu\n\nblock B() { relu }\n'],
    ['an unfinished flow', network('residual { conv(8, 3x3) -> }')],
    ['a missing value', network('let a = \nconv(a, 3x3)')],
    ['a misspelt keyword', `blok A() { relu }\n${network('A')}`],
    ['an unfinished import', `import { A } frm "./b.arch"\n${network('A')}`],
  ])('%s', (_, text) => {
    const { diagnostics } = analyse(text, { 'b.arch': 'block A() { relu }' });
    expect(diagnostics.map(({ code, message }) => `${code}: ${message}`)).toHaveLength(1);
  });
});
