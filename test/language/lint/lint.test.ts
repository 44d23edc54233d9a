import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { diagnosticCodes } from '../../../server/language/check/codes.ts';
import { lintRules } from '../../../server/language/lint/index.ts';
import { chosen } from '../../../server/language/check/severities.ts';
import { diskProject, example, mainUri, model, network, projectOf, unmark } from '../support/helpers.ts';
import { exampleNames, mutatedExample, program } from '../support/random.ts';
import { cases } from '../../support/property-runs.ts';

const library = {
  'lib.arch':
    'block ConvAct(out, act = relu) { conv(out, 3x3) -> act }\nblock NormFirst() { bn -> relu }\nblock Other() { relu }\nlet width = 8\n',
};

/** Checks that exactly the marked diagnostics appear. */
function expectLint(marked: string, others: Readonly<Record<string, string>> = library): readonly string[] {
  const { text, expected } = unmark(marked);
  const project = projectOf({ ...others, 'main.arch': text });
  for (const name of Object.keys(others)) project.analyse(`file:///work/${name}`);
  const found = project.lint(mainUri);
  const places = found.map(
    ({ code, location: { span } }) =>
      `${code} "${text.slice(span.start, span.end)}" in line ${text.slice(0, span.start).split('\n').length}`,
  );
  expect(places, found.map(({ message }) => message).join('\n')).toEqual(expected);
  return found.map(({ message }) => message);
}

type Snippets = readonly (readonly [what: string, marked: string])[];

/** Snippets by code: those where it is reported, and those that come close. */
const snippets: Readonly<Record<string, { readonly reported: Snippets; readonly silent: Snippets }>> = {
  'unused-block': {
    reported: [
      ['a block', network('relu', 'block ⟦unused-block|B⟧() { relu }')],
      ['a cell', network('relu', 'cell ⟦unused-block|C⟧ { 0 -> 1: relu }')],
      ['beside a space', network('relu', 'block ⟦unused-block|B⟧() { relu }').replace('model M', 'space S')],
      [
        'a template of models',
        network('relu', 'model ⟦unused-block|T⟧(n) { input 8x8x3 classes 10 gap -> dense(n) }'),
      ],
      ['only its user uses it', network('relu', 'block A() { relu }\nblock ⟦unused-block|B⟧() { A }')],
    ],
    silent: [
      ['in a file of blocks', 'block B() { relu }\ncell C { 0 -> 1: relu }'],
      ['passed as a value', network('A(B)', 'block A(op) { op }\nblock B() { relu }')],
      ['in a list', network('for op in ops { op }', 'block B() { relu }\nlet ops = [B, bn]')],
      ['said to be unused', network('relu', 'block _B() { relu }')],
      [
        'its use is cut off',
        `${network('relu', 'block B() { relu }')}model N { input 8x8x4\nclasses 10\nB(⟦missing-closer|⟧`.replace(
          '⟦missing-closer|⟧',
          '',
        ),
      ],
    ],
  },
  'unused-parameter': {
    reported: [
      ['a parameter', network('B(1)', 'block B(⟦unused-parameter|n⟧) { relu }')],
      ['of a model', 'model T(⟦unused-parameter|n⟧ = 1) { input 8x8x3 classes 10 gap -> dense(classes) }'],
      ['given by name', network('B(n = 1)', 'block B(⟦unused-parameter|n⟧) { relu }')],
      ['in a file of blocks', 'block B(⟦unused-parameter|n⟧ = 1) { relu }'],
    ],
    silent: [
      ['in the default of another', 'block B(n, m = n) { conv(m, 1x1) }'],
      ['in a nested body', 'block B(n) { residual { repeat 2 { conv(n, 1x1) } } }'],
      ['said to be unused', 'block B(_n = 1) { relu }'],
    ],
  },
  'unused-import': {
    reported: [
      ['a name', network('ConvAct(4)', 'import { ConvAct, ⟦unused-import|Other⟧ } from "./lib.arch"')],
      ['a value', network('relu', 'import { ⟦unused-import|width⟧ } from "./lib.arch"')],
    ],
    silent: [
      ['used in a block', 'import { Other } from "./lib.arch"\nblock B() { Other }'],
      ['used in a value', 'import { width } from "./lib.arch"\nlet w = width * 2'],
    ],
  },
  'unused-name': {
    reported: [
      ['a value of the file', network('relu', 'let ⟦unused-name|w⟧ = 3')],
      ['a value of a body', network('let ⟦unused-name|w⟧ = 3\nrelu')],
      ['a loop variable', network('repeat 2 as ⟦unused-name|i⟧ { relu }')],
      ['one of a pattern', network('for (c, ⟦unused-name|s⟧) in [(4, 1)] { conv(c, 3x3) }')],
      ['a tensor', network('⟦unused-name|x⟧ = relu')],
      [
        'hidden before it is read',
        network('let ⟦unused-name|w⟧ = 3\nrepeat 2 { let ⟦shadowed-name|w⟧ = 4\nconv(w, 1x1) }'),
      ],
    ],
    silent: [
      ['a value of a file of blocks', 'let w = 3'],
      ['a tensor read inside a body', network('x = relu\nresidual { conv(4, 1x1) -> add(x) }')],
      ['said to be unused', network('for (c, _s) in [(4, 1)] { conv(c, 3x3) }')],
      ['used in a constraint', model('let most = 1M\nconstraint params < most\ngap -> dense(classes)')],
    ],
  },
  'shadowed-name': {
    reported: [
      [
        'a value of the file',
        network('let ⟦shadowed-name|w⟧ = 2\nconv(w, 1x1) -> conv(B, 1x1)', 'let w = 3\nlet B = w'),
      ],
      ['a parameter', 'block B(n) { repeat n as ⟦shadowed-name|n⟧ { conv(n + 1, 1x1) } }'],
      [
        'a loop variable',
        network('repeat 2 as i { for ⟦shadowed-name|i⟧ in [4] { conv(i, 1x1) } }').replace(
          'as i {',
          'as i { conv(i + 1, 1x1)\n',
        ),
      ],
      ['an op', 'block B(⟦shadowed-name|gap⟧) { conv(gap, 1x1) }'],
      ['the block that declares it', 'let ⟦shadowed-name|relu⟧ = 3'],
      [
        'an import',
        'import { width } from "./lib.arch"\nblock B(⟦shadowed-name|width⟧) { conv(width, 1x1) }\nlet w = width',
      ],
      ['the width here', 'block B(⟦shadowed-name|channels⟧) { conv(channels, 1x1) }'],
    ],
    silent: [
      [
        'a name that everybody gives to values',
        network('let width = 4\nlet height = 1\nconv(width, height)'),
      ],
      [
        'one body after another',
        network('repeat 2 { let w = 4\nconv(w, 1x1) }\nrepeat 2 { let w = 4\nconv(w, 1x1) }'),
      ],
      ['before it is declared', network('repeat 2 { let w = 4\nconv(w, 1x1) }\nlet w = 8\nconv(w, 1x1)')],
      ['a second one, which is an error', 'block B(n) { let ⟦duplicate-name|n⟧ = 2\nconv(n, 1x1) }'],
      ['the name of an argument', 'block B(out, stride = 1) { conv(out, 3x3, stride = stride) }'],
    ],
  },
  'unreachable-branch': {
    reported: [
      ['a condition that never holds', network('if (1 > 2) ⟦unreachable-branch|{ bn }⟧ else { relu }')],
      [
        'a condition that always holds',
        network('if (w == 3) { bn } else ⟦unreachable-branch|{ relu }⟧', 'let w = 3'),
      ],
      [
        'in no round of a loop',
        network('for c in [4, 8] { if (c > 8) ⟦unreachable-branch|{ bn }⟧ else { conv(c, 1x1) } }'),
      ],
      ['in no round of a repeat', network('repeat 3 as i { if (i == 3) ⟦unreachable-branch|{ bn }⟧ }')],
      ['whatever a caller gives', 'block B(n) { if (false && n > 3) ⟦unreachable-branch|{ relu }⟧ }'],
      ['inside a flow', network('residual { if (false) ⟦unreachable-branch|{ relu }⟧ }')],
      ['a loop without rounds', network('⟦unreachable-branch|repeat 0 { relu }⟧')],
      ['an empty list', network('⟦unreachable-branch|for c in [] { conv(c, 1x1) }⟧')],
    ],
    silent: [
      ['depends on a caller', network('B(4)', 'block B(n) { if (n > 5) { relu } else { bn } }')],
      ['depends on the tensor', network('if (channels > 100) { relu }')],
      ['is decided', network('if (choice(true, false)) { relu }').replace('model M', 'space S')],
      ['in one round only', network('repeat 3 as i { if (i == 2) { relu } else { bn } }')],
      ['depends on a value of the body that depends', 'block B(n) { let m = n + 1\nif (m > 3) { relu } }'],
    ],
  },
  'bias-before-norm': {
    reported: [
      ['a convolution', network('⟦bias-before-norm|conv(4, 3x3, bias = true)⟧ -> bn')],
      ['over a line break', network('⟦bias-before-norm|dwconv(3x3, bias = true)⟧\nbn')],
      ['a computed bias', network('⟦bias-before-norm|conv(4, 3x3, bias = w > 2)⟧ -> bn', 'let w = 3')],
      [
        'before a block',
        network(
          '⟦bias-before-norm|conv(4, 3x3, bias = true)⟧ -> NormFirst',
          'import { NormFirst } from "./lib.arch"',
        ),
      ],
      [
        'in a block nobody uses here',
        'block B(out) { ⟦bias-before-norm|conv(out, 3x3, bias = true)⟧ -> bn }',
      ],
    ],
    silent: [
      ['without a bias', network('conv(4, 3x3) -> bn')],
      ['before a layer norm', network('conv(4, 3x3, bias = true) -> layernorm')],
      ['read by others too', network('x = conv(4, 3x3, bias = true)\nbn -> add(x)')],
      ['in some rounds', network('for b in [true, false] { conv(4, 3x3, bias = b) -> bn }')],
    ],
  },
  'two-activations': {
    reported: [
      ['in a flow', network('relu -> ⟦two-activations|gelu⟧')],
      ['over a line break', network('relu\n⟦two-activations|relu⟧')],
      [
        'behind a block',
        network('ConvAct(4) -> ⟦two-activations|silu⟧', 'import { ConvAct } from "./lib.arch"'),
      ],
      [
        'two blocks',
        network('ConvAct(4) -> ⟦two-activations|Other⟧', 'import { ConvAct, Other } from "./lib.arch"'),
      ],
      ['in a block nobody uses here', 'block B() { relu -> ⟦two-activations|tanh⟧ }'],
    ],
    silent: [
      ['with a norm between', network('relu -> bn -> relu')],
      ['that is read otherwise too', network('x = relu\nsigmoid -> mul(x)')],
      ['before a softmax', network('relu -> softmax')],
      [
        'with some arguments only',
        network(
          'for act in [relu, identity] { ConvAct(4, act = act) -> tanh }',
          'import { ConvAct } from "./lib.arch"',
        ),
      ],
    ],
  },
  'stride-exceeds-kernel': {
    reported: [
      ['a convolution', network('⟦stride-exceeds-kernel|conv(4, 2x2, stride = 3)⟧')],
      ['a pooling', network('⟦stride-exceeds-kernel|maxpool(2x2, stride = 4)⟧')],
      ['in a block', network('B(3)', 'block B(s) { ⟦stride-exceeds-kernel|dwconv(2x2, stride = s)⟧ }')],
    ],
    silent: [
      ['a projection', network('conv(8, 1x1, stride = 2)')],
      ['patches', network('conv(8, 4x4, stride = 4, padding = valid)')],
      ['a dilated kernel that reaches', network('conv(8, 3x3, stride = 4, dilation = 2)')],
      ['one position only', network('avgpool(8x8, stride = 9)')],
    ],
  },
  'stride-by-position': {
    reported: [
      ['of a convolution', network('conv(4, 3x3, ⟦stride-by-position|2⟧)')],
      ['of a depthwise one that seems to have a width', network('dwconv(4, ⟦stride-by-position|3x3⟧)')],
      ['in a block', network('B', 'block B() { conv(4, 3x3, ⟦stride-by-position|2⟧) }')],
    ],
    silent: [
      ['with its name', network('conv(4, 3x3, stride = 2)')],
      ['of one', network('conv(4, 3x3, 1)')],
      ['of a pooling', network('maxpool(2x2, 2)')],
    ],
  },
  'kernel-exceeds-image': {
    reported: [
      ['a convolution', network('⟦kernel-exceeds-image|conv(4, 9x9)⟧')],
      ['in one direction', network('⟦kernel-exceeds-image|conv(4, 1x9)⟧')],
      ['with its dilation', network('⟦kernel-exceeds-image|dwconv(3x3, dilation = 4)⟧')],
    ],
    silent: [
      ['one of its size', network('conv(4, 8x8)')],
      ['only sometimes', network('B\nmaxpool(4x4)\nB', 'block B() { conv(4, 3x3) }')],
    ],
  },
  'softmax-output': {
    reported: [
      ['behind the last layer', model('gap -> dense(classes) -> ⟦softmax-output|softmax⟧')],
      ['in a block', `block Head() { gap -> dense(10) -> ⟦softmax-output|softmax⟧ }\n${model('Head')}`],
    ],
    silent: [
      ['a gate', network('x = identity\nsoftmax -> mul(x)')],
      ['none', model('gap -> dense(classes)')],
    ],
  },
  'channels-first': {
    reported: [
      ['an image', model('gap -> dense(classes)').replace('8x8x4', '⟦channels-first|3x32x32⟧')],
      ['a grey one', model('gap -> dense(classes)').replace('8x8x4', '⟦channels-first|1x28x28⟧')],
    ],
    silent: [
      ['channels last', model('gap -> dense(classes)')],
      ['a map of features', model('gap -> dense(classes)').replace('8x8x4', '7x7x512')],
      ['rows of a signal', model('gap -> dense(classes)').replace('8x8x4', '1x128x2')],
    ],
  },
  'dead-edge': {
    reported: [
      [
        'out of a node of zeros',
        network('C', 'cell C { 0 -> 1: none\n0 -> 2: relu\n1 -> 2: ⟦dead-edge|nor_conv_3x3⟧ }'),
      ],
      [
        'into a node that only none leaves',
        network('C', 'cell C { 0 -> 1: ⟦dead-edge|relu⟧\n0 -> 2: relu\n1 -> 2: none }'),
      ],
      ['of a genotype', network('C', 'cell C = "|none~0|+|skip_connect~0|⟦dead-edge|nor_conv_1x1⟧~1|"')],
    ],
    silent: [
      [
        'before an edge that is told of, or a node that is',
        network(
          'C',
          'cell C { 0 -> 1: relu\n1 -> ⟦cell-node-unused|2⟧: bn\n0 -> 3: relu\n3 -> 4: ⟦dead-edge|bn⟧\n4 -> 5: none\n0 -> 5: relu }',
        ),
      ],
      ['none itself', network('C', 'cell C { 0 -> 1: bn\n0 -> 2: none\n1 -> 2: relu }')],
      [
        'into a node nobody reads, which is told',
        network('C', 'cell C { 0 -> ⟦cell-node-unused|1⟧: relu\n0 -> 2: relu }'),
      ],
      ['that may be decided otherwise', 'cell C { 0 -> 1: choice(none, relu)\n0 -> 2: relu\n1 -> 2: relu }'],
    ],
  },
};

for (const [code, { reported, silent }] of Object.entries(snippets)) {
  describe(code, () => {
    test.each(reported)('%s', (_, marked) => {
      expect(marked).toContain(`⟦${code}|`);
      for (const message of expectLint(marked)) expect(message).toMatch(/^[^]{20,}\.$/);
    });
    test.each(silent)('not: %s', (what, marked) => {
      if (what === 'its use is cut off') {
        const codes = projectOf({ 'main.arch': marked })
          .lint(mainUri)
          .map((diagnostic) => diagnostic.code);
        expect(codes.length).toBeGreaterThan(0);
        expect(codes).not.toContain(code);
      } else {
        expectLint(marked);
      }
    });
    test('is turned off by a comment', () => {
      const { text } = unmark(reported[0]![1]);
      const commented = `${text}\n// archlens: ignore-file ${code}`;
      const project = projectOf({ ...library, 'main.arch': commented });
      const left = chosen(project.lint(mainUri), project.analyse(mainUri));
      expect(left.map((diagnostic) => diagnostic.code)).not.toContain(code);
    });
  });
}

test('every rule has snippets', () => {
  expect(Object.keys(snippets)).toEqual(lintRules.map(({ code }) => code));
});

test('what another file imports is used', () => {
  const text = network('relu', 'block B() { relu }\nlet w = 3');
  const importing = { 'other.arch': 'import { B, w } from "./main.arch"\nblock C() { B -> conv(w, 1x1) }' };
  expectLint(text, importing);
  expectLint(text.replace('block B', 'block ⟦unused-block|B⟧').replace('let w', 'let ⟦unused-name|w⟧'), {
    'other.arch': 'block C() { relu }',
  });
});

test('a broken declaration is left alone, and the others are linted', () => {
  const project = projectOf({
    'main.arch': `model N { input 8x8x4\nlet w = \nrelu -> relu\n}\n${network('relu -> relu')}`,
  });
  const found = project.lint(mainUri).filter(({ code }) => code === 'two-activations');
  expect(found).toHaveLength(1);
});

test.each(exampleNames)('nothing in %s', (name) => {
  const project = diskProject();
  const { uri } = example(name);
  expect(project.lint(uri).map(({ code, message }) => `${code}: ${message}`)).toEqual([]);
});

test('any text is linted without an exception, in order, inside the text', () => {
  fc.assert(
    fc.property(fc.oneof(program, mutatedExample), (text) => {
      const found = projectOf({ 'main.arch': text }).lint(mainUri);
      let before = 0;
      for (const {
        location: { uri, span },
        code,
      } of found) {
        expect(span.start).toBeGreaterThanOrEqual(before);
        before = span.start;
        expect(span.end).toBeLessThanOrEqual(text.length);
        expect(uri).toBe(mainUri);
        expect(Object.values(diagnosticCodes).flat()).toContain(code);
      }
    }),
    cases(150),
  );
});

describe('the documentation', () => {
  const page = readFileSync(new URL('../../../docs/diagnostics.md', import.meta.url), 'utf8');

  test('has an entry for every code, in order', () => {
    const headings = [...page.matchAll(/^### (.*)$/gm)].map(([, heading]) => heading);
    expect(headings).toEqual(Object.values(diagnosticCodes).flat());
  });

  test('says of every code what it means and how severe it is', () => {
    for (const entry of page.split(/^### /m).slice(1))
      expect(entry).toMatch(/^[a-z0-9-]+\n\n\*(Error|Warning|Information|Hint)\.\* [A-Z`][^]{12,}\.\n/);
  });

  test('knows the settings of the editor', () => {
    const manifest = readFileSync(new URL('../../../package.json', import.meta.url), 'utf8');
    for (const code of diagnosticCodes.lint) expect(manifest).toContain(`"${code}": {`);
  });
});
