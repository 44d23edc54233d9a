// Every code a diagnostic may have: a text that has it, and its repaired neighbour, which has not.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { diagnosticCodes } from '../../server/language/check/codes.ts';
import { instantiateSpace } from '../../server/language/analysis.ts';
import { problemTexts } from '../grammar/problem-texts.ts';
import { repairs } from './fix/repairs.ts';
import { findingsOf, model, network, onlySpace } from './support/helpers.ts';

/** A text with a diagnostic, and one without. */
type Pair = readonly [wrong: string, right: string];

/** What the texts import. */
const library = {
  'lib.arch': 'block A(n) { conv(n, 3x3) }\nblock B(n) { conv(n, 1x1) }\nlet width = 8\n',
  'a.arch': 'block A() { relu }\n',
  'broken.arch': 'block A() { nonsense }\nblock B() { relu }\n',
  'binary.arch': { unreadable: 'it is not UTF-8: byte 6 is 0xE9 (line 1). Save it as UTF-8' },
  'circle.arch': 'import { A } from "./main.arch"\nblock C() { A }\n',
};

const space = (body: string): string => network(body).replace('model M', 'space S');
const body = (wrong: string, right: string): Pair => [network(wrong), network(right)];
const deep = (open: string, close: string, count: number): string =>
  `conv(${open.repeat(count)}8${close.repeat(count)}, 3x3)`;
const chain = (length: number): string =>
  network(
    'B0',
    Array.from({ length }, (_, i) => `block B${i}() { ${i + 1 < length ? `B${i + 1}` : 'relu'} }`).join('\n'),
  );

/** What the fixes of the linter repair is written there. */
const repaired: Readonly<Record<string, Pair>> = Object.fromEntries(
  repairs.map(([code, , before, after]) => [code, [before, after]] as const),
);

const pairs: Readonly<Record<string, Pair>> = {
  ...problemTexts,
  ...repaired,
  'no-signal': body(
    'x = conv(4, 3x3)\ngate = none\nx -> conv(4, 1x1) -> mul(gate) -> add(x)',
    'x = conv(4, 3x3)\ngate = sigmoid\nx -> conv(4, 1x1) -> mul(gate) -> add(x)',
  ),
  'shape-assertion': body('conv(8, 3x3) : 8x8x4', 'conv(8, 3x3) : 8x8x8'),
  'shape-range': [network('relu').replace('8x8x4', '0x8x4'), network('relu')],
  'output-shape': [model('gap -> dense(7)'), model('gap -> dense(classes)')],
  'constraint-violated': body('constraint params <= 10', 'constraint params <= 100'),
  'kernel-exceeds-image': body('conv(4, 9x9)', 'conv(4, 7x7)'),
  'other-framework': body('nn.ReLU()', 'relu'),
  'duplicate-name': ['let a = 1\nlet a = 2', 'let a = 1\nlet b = 2'],
  'not-callable': body('let x = 1\nx\nconv(x, 1x1)', 'let x = 1\nrelu\nconv(x, 1x1)'),
  'not-a-value': body('x = relu\nconv(x, 3x3)', 'x = relu\nconv(4, 3x3) -> add(x)'),
  'not-a-tensor': body('relu -> add(3)', 'x = relu\nbn -> add(x)'),
  'tensor-argument': [
    network('x = relu\nB(x)', 'block B(n) { conv(n, 1x1) }'),
    network('relu\nB(4)', 'block B(n) { conv(n, 1x1) }'),
  ],
  'tensor-in-flow': body('x = relu\nbn -> x', 'x = relu\nbn -> add(x)'),
  'no-context': ['let w = channels', 'let w = 4'],
  recursion: ['block A() { relu -> A }', 'block A() { relu }'],
  'import-path': ['import { A } from "a"\nblock B() { A }', 'import { A } from "./a.arch"\nblock B() { A }'],
  'import-not-found': [
    'import { A } from "./none.arch"\nblock B() { A }',
    'import { A } from "./a.arch"\nblock B() { A }',
  ],
  'import-unreadable': [
    'import { A } from "./binary.arch"\nblock B() { A }',
    'import { A } from "./a.arch"\nblock B() { A }',
  ],
  'import-cycle': [
    'import { C } from "./circle.arch"\nblock A() { C }',
    'import { A } from "./a.arch"\nblock B() { A }',
  ],
  'import-has-errors': [
    'import { A } from "./broken.arch"\nblock C() { A }',
    'import { A } from "./a.arch"\nblock C() { A }',
  ],
  'unknown-export': [
    'import { X } from "./lib.arch"\nblock C() { X(4) }',
    'import { A } from "./lib.arch"\nblock C() { A(4) }',
  ],
  'missing-argument': body('conv(8)', 'conv(8, 3x3)'),
  'unknown-argument': body('conv(8, 3x3, strid = 2)', 'conv(8, 3x3, stride = 2)'),
  'duplicate-argument': body('conv(8, 3x3, out = 4)', 'conv(out = 4, kernel = 3x3)'),
  'too-many-arguments': body('relu(3)', 'relu'),
  'argument-type': body('conv(true, 3x3)', 'conv(8, 3x3)'),
  'argument-range': body('conv(0, 3x3)', 'conv(1, 3x3)'),
  'function-argument': body('conv(max(), 3x3)', 'conv(max(1, 2), 3x3)'),
  'type-mismatch': body('if (channels) { relu }', 'if (channels != 0) { relu }'),
  'division-by-zero': body('conv(8 / (channels - 4), 3x3)', 'conv(8 / (channels - 3), 3x3)'),
  'number-range': body('conv(min(8, 1e300 * 1e300), 3x3)', 'conv(min(8, 1e300), 3x3)'),
  'list-too-large': [
    Array.from({ length: 20 }, (_, i) => `let a${i} = ${i === 0 ? 1 : `[a${i - 1}, a${i - 1}]`}`).join('\n'),
    Array.from({ length: 5 }, (_, i) => `let a${i} = ${i === 0 ? 1 : `[a${i - 1}, a${i - 1}]`}`).join('\n'),
  ],
  'list-index': body('let w = [4, 8]\nconv(w[2], 3x3)', 'let w = [4, 8]\nconv(w[1], 3x3)'),
  'missing-input': [
    'model M { classes 10\ngap -> dense(10) }',
    'model M { input 8x8x3\nclasses 10\ngap -> dense(10) }',
  ],
  'missing-classes': [
    'model M { input 8x8x3\ngap -> dense(10) }',
    'model M { input 8x8x3\nclasses 10\ngap -> dense(10) }',
  ],
  'input-not-first': [
    'model M { classes 10\nrelu\ninput 8x8x3\ngap -> dense(10) }',
    'model M { classes 10\ninput 8x8x3\nrelu\ngap -> dense(10) }',
  ],
  'classes-range': [
    'model M { input 8x8x3\nclasses 1\ngap -> dense(classes) }',
    'model M { input 8x8x3\nclasses 2\ngap -> dense(classes) }',
  ],
  'duplicate-statement': [model('classes 10\ngap -> dense(classes)'), model('gap -> dense(classes)')],
  'misplaced-statement': ['block B() { classes 10\nrelu }', 'block B() { relu }'],
  'empty-parallel': body('parallel add {}', 'parallel add { branch { relu } branch { bn } }'),
  'repeat-count': body('repeat 1.5 { relu -> bn }', 'repeat 2 { relu -> bn }'),
  'empty-cell': ['cell C { }', 'cell C { 0 -> 1: relu }'],
  'cell-label': ['cell C { 0 -> 1.5: relu }', 'cell C { 0 -> 1: relu }'],
  'cell-edge-order': ['cell C { 0 -> 1: relu\n2 -> 1: relu }', 'cell C { 0 -> 1: relu\n1 -> 2: relu }'],
  'cell-node-without-input': [
    'cell C { 0 -> 1: relu\n2 -> 3: relu\n1 -> 3: relu }',
    'cell C { 0 -> 1: relu\n0 -> 2: relu\n2 -> 3: relu\n1 -> 3: relu }',
  ],
  'tensor-count': [
    network('x = relu\n[x, x] -> relu'),
    network('x = relu\n[x, x] -> B', 'block B[a, b]() { a -> add(b) }'),
  ],
  'duplicate-edge': ['cell C = "|relu~0|bn~0|"', 'cell C { 0 -> 1: relu\n0 -> 1: bn }'],
  'genotype-syntax': ['cell C = "relu~0"', 'cell C = "|relu~0|"'],
  'choice-outside-space': [network('conv(choice(8, 16), 3x3)'), space('conv(choice(8, 16), 3x3)')],
  'nested-choice': [space('conv(choice(8, choice(16, 24)), 3x3)'), space('conv(choice(8, 16, 24), 3x3)')],
  'empty-choice': [space('conv(choice([]), 3x3)'), space('conv(choice([4, 8]), 3x3)')],
  'duplicate-option': [space('conv(choice(8, 8), 3x3)'), space('conv(choice(8, 4), 3x3)')],
  'space-empty': [
    space('let a = choice(1, 2)\nconstraint a > 2\nconv(a, 1x1)'),
    space('let a = choice(1, 2)\nconstraint a > 1\nconv(a, 1x1)'),
  ],
  'space-not-countable': [
    space(
      `${decided(20)}\n${Array.from({ length: 20 }, (_, i) => `repeat a${i} { conv(4, choice(1, 3)) }`).join('\n')}`,
    ),
    space(
      `${decided(2)}\n${Array.from({ length: 2 }, (_, i) => `repeat a${i} { conv(4, choice(1, 3)) }`).join('\n')}`,
    ),
  ],
  'space-partly-checked': [
    space('repeat 200 { conv(choice(4, 8, 12, 16), 1x1) }'),
    space('repeat 2 { conv(choice(4, 8, 12, 16), 1x1) }'),
  ],
  'too-many-ops': body('repeat 1000000 { relu -> bn }', 'repeat 10 { relu -> bn }'),
  'too-many-steps': body('repeat 1000000000 { }', 'repeat 10 { }'),
  'nesting-too-deep': [chain(3000), chain(3)],
  'too-large': body(`relu // ${'x'.repeat(1_000_000)}`, `relu // ${'x'.repeat(100)}`),
  'too-deep': body(deep('(', ')', 10_000), deep('(', ')', 10)),
};

function decided(count: number): string {
  return Array.from({ length: count }, (_, i) => `let a${i} = choice(0, 1)`).join('\n');
}

/** Genotypes of a space that decides `w`. */
const genotypes: Readonly<Record<string, readonly [wrong: unknown, right: unknown]>> = {
  'genotype-type': ['w', { w: 4 }],
  'genotype-missing': [{}, { w: 4 }],
  'genotype-option': [{ w: 5 }, { w: 4 }],
  'genotype-unknown': [{ w: 4, v: 4 }, { w: 4 }],
};

/** What only a score tells, or a server: tested with one. */
const measured: Readonly<Record<string, string>> = {
  'left-alone': '../lsp/left-alone.test.ts',
  'saturated-softmax': '../lsp/features/insight/insight.test.ts',
  'exploding-logits': '../lsp/features/insight/insight.test.ts',
};

test('every code is here', () => {
  const here = [pairs, genotypes, measured].flatMap((table) => Object.keys(table));
  expect(here.toSorted()).toEqual(Object.values(diagnosticCodes).flat().toSorted());
});

test.each(Object.entries(pairs))('%s', (code, [wrong, right]) => {
  const before = findingsOf(wrong, library).map((each) => each.code);
  const after = findingsOf(right, library);
  const left = new Set(after.map((each) => each.code));
  expect(new Set(before.filter((each) => !left.has(each)))).toEqual(new Set([code]));
  expect(after.filter(({ severity }) => severity === 'error')).toEqual([]);
});

test.each(Object.entries(genotypes))('%s', (code, [wrong, right]) => {
  const decidesWidth = onlySpace(space('let w = choice(4, 8)\nconv(w, 3x3)'));
  expect(instantiateSpace(decidesWidth, wrong).diagnostics.map((each) => each.code)).toEqual([code]);
  expect(instantiateSpace(decidesWidth, right).diagnostics).toEqual([]);
});

test.each(Object.entries(measured))('%s is tested with a score', (code, file) => {
  const text = readFileSync(new URL(file, import.meta.url), 'utf8');
  expect(text).toMatch(new RegExp(`'${code}', [1-9]\\d*\\)`));
  expect(text).toMatch(new RegExp(`'${code}', 0\\)`));
});
