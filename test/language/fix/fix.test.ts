import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from '../../../grammar/parser.ts';
import { diagnosticCodes } from '../../../server/language/codes.ts';
import { fixAll, fixesOf } from '../../../server/language/fix/index.ts';
import type { Fix } from '../../../server/language/fix/index.ts';
import { applied, contextOf, structures } from '../edits.ts';
import { mainUri, model, network, projectOf } from '../helpers.ts';
import { plausibleProgram, mutatedExample } from '../random.ts';

const library = { 'lib.arch': 'block A(n) { conv(n, 3x3) }\nblock B(n) { conv(n, 1x1) }' };

/** The fixes of the first diagnostic of a code. */
function fixes(
  code: string,
  text: string,
  others: Readonly<Record<string, string>> = library,
): readonly Fix[] {
  const context = contextOf(text, others);
  const project = projectOf({ ...others, 'main.arch': text });
  for (const name of Object.keys(others)) project.analyse(`file:///work/${name}`);
  const diagnostic = project.lint(mainUri).find((each) => each.code === code);
  expect(diagnostic, `${code} in ${text}`).toBeDefined();
  return fixesOf(diagnostic!, context);
}

const body = (before: string, after: string): readonly [string, string] => [network(before), network(after)];

/** By code: text before and after the first fix, and its title. */
const repairs: readonly (readonly [code: string, title: string, before: string, after: string])[] = [
  [
    'unused-import',
    'Remove `A` from the import',
    'import { A, B } from "./lib.arch"\nblock C() { B(4) }\n',
    'import { B } from "./lib.arch"\nblock C() { B(4) }\n',
  ],
  [
    'unused-import',
    'Remove `B` from the import',
    'import { A, B, } from "./lib.arch"\nblock C() { A(4) }\n',
    'import { A, } from "./lib.arch"\nblock C() { A(4) }\n',
  ],
  [
    'unused-import',
    'Remove `A` from the import',
    '// head\n\nimport { A } from "./lib.arch"\n\nblock C() { relu }\n',
    '// head\n\nblock C() { relu }\n',
  ],
  [
    'unused-block',
    'Remove the unused block `X`',
    `/// Doc.\nblock X() {\n  relu\n}\n\n${network('bn')}`,
    network('bn'),
  ],
  ['unused-name', 'Remove the unused value `w`', ...body('let w = 3 // why\nbn', '// why\nbn')],
  ['unused-name', 'Remove the unused value `w`', ...body('  let w = 3\n  bn', '  bn')],
  ['unused-name', 'Remove `as i`', ...body('repeat (1 + 1) as i { bn }', 'repeat (1 + 1) { bn }')],
  [
    'unused-name',
    'Rename to `_s`',
    ...body('for (c, s) in [(4, 1)] { conv(c, 3x3) }', 'for (c, _s) in [(4, 1)] { conv(c, 3x3) }'),
  ],
  ['unused-name', 'Remove the name `x`', ...body('x = bn -> relu', 'bn -> relu')],
  [
    'unused-parameter',
    'Remove the parameter `b`',
    `block X(a, b = 2) { conv(a, 1x1) }\n${network('X(4, 3) -> X(b = 1, a = 4) -> X(4)')}`,
    `block X(a) { conv(a, 1x1) }\n${network('X(4) -> X(a = 4) -> X(4)')}`,
  ],
  [
    'unused-parameter',
    'Remove the parameter `a`',
    `block X(a) { bn }\n${network('X(4)')}`,
    `block X() { bn }\n${network('X')}`,
  ],
  [
    'shadowed-name',
    'Rename to `w2`',
    ...body(
      'let w = 4\nrepeat 2 { let w = 8\nconv(w, 1x1) }\nconv(w, 1x1)',
      'let w = 4\nrepeat 2 { let w2 = 8\nconv(w2, 1x1) }\nconv(w, 1x1)',
    ),
  ],
  ['unreachable-branch', 'Remove the branch', ...body('bn\nif (1 > 2) { relu }\nbn', 'bn\nbn')],
  [
    'unreachable-branch',
    'Remove the branch',
    ...body('if (1 < 2) { relu } else { bn }', 'if (1 < 2) { relu }'),
  ],
  [
    'unreachable-branch',
    'Remove the branch',
    ...body('if (1 > 2) { relu } else if (channels > 2) { bn }', 'if (channels > 2) { bn }'),
  ],
  [
    'unreachable-branch',
    'Keep only what is used',
    ...body('if (1 > 2) { relu } else { bn -> relu }', 'bn -> relu'),
  ],
  ['unreachable-branch', 'Remove the loop', ...body('repeat 0 {\n  relu\n}\nbn', 'bn')],
  [
    'bias-before-norm',
    'Leave the bias out',
    ...body('conv(4, 3x3, bias = true, stride = 2) -> bn', 'conv(4, 3x3, stride = 2) -> bn'),
  ],
  ['two-activations', 'Remove the second activation, `relu`', ...body('bn -> relu -> relu', 'bn -> relu')],
  ['two-activations', 'Remove the second activation, `gelu`', ...body('relu\ngelu\nbn', 'relu\nbn')],
  [
    'stride-exceeds-kernel',
    'Use `stride = 2x2`',
    ...body('conv(4, 2x2, stride = 3)', 'conv(4, 2x2, stride = 2x2)'),
  ],
  [
    'dead-edge',
    'Make the edge `none`',
    `cell C { 0 -> 1: none\n0 -> 2: relu\n1 -> 2: nor_conv_3x3 }\n${network('C')}`,
    `cell C { 0 -> 1: none\n0 -> 2: relu\n1 -> 2: none }\n${network('C')}`,
  ],
  [
    'dead-edge',
    'Make the edge `none`',
    `cell C = "|none~0|+|skip_connect~0|nor_conv_1x1~1|"\n${network('C')}`,
    `cell C = "|none~0|+|skip_connect~0|none~1|"\n${network('C')}`,
  ],
  ['groups-mismatch', 'Use `groups = 2`', ...body('conv(6, 3x3, groups = 3)', 'conv(6, 3x3, groups = 2)')],
  [
    'size-vanishes',
    'Use `padding = same`',
    ...body('conv(4, 9x9, padding = valid)', 'conv(4, 9x9, padding = same)'),
  ],
  [
    'shape-mismatch',
    'Insert `gap` before it',
    model('conv(8, 3x3) -> dense(classes)'),
    model('conv(8, 3x3) -> gap -> dense(classes)'),
  ],
  [
    'shape-mismatch',
    'Insert `tokens` before it',
    model('attention(2) -> mean_tokens -> dense(classes)'),
    model('tokens -> attention(2) -> mean_tokens -> dense(classes)'),
  ],
  [
    'residual-mismatch',
    'Add a projection shortcut',
    ...body(
      'residual { conv(8, 3x3, stride = 2) -> bn }',
      'residual { conv(8, 3x3, stride = 2) -> bn } shortcut { conv(8, 1x1, stride = 2) -> bn }',
    ),
  ],
  [
    'residual-mismatch',
    'Make the shortcut a projection',
    ...body(
      'residual { conv(8, 3x3) } shortcut { bn }',
      'residual { conv(8, 3x3) } shortcut { conv(8, 1x1) -> bn }',
    ),
  ],
  [
    'residual-mismatch',
    'Add a projection shortcut',
    `block X(out, s) { residual {\n conv(out, 3x3, stride = s) -> bn -> relu\nconv(out, 3x3) } }\n${network('X(8, 2)')}`,
    `block X(out, s) { residual {\n conv(out, 3x3, stride = s) -> bn -> relu\nconv(out, 3x3) } shortcut { conv(out, 1x1, stride = s) -> bn } }\n${network('X(8, 2)')}`,
  ],
  ['unknown-name', 'Change to `relu`', ...body('bn -> rellu', 'bn -> relu')],
  ['semicolon', 'Remove it', ...body('bn; relu', 'bn relu')],
];

describe('the first fix', () => {
  test.each(repairs)('of %s: %s', (code, title, before, after) => {
    const [first] = fixes(code, before);
    expect(first?.title).toBe(title);
    const result = applied(before, first!.changes);
    expect(result).toBe(after);
    // It is repaired, and nothing else broke.
    const context = projectOf({ ...library, 'main.arch': result });
    expect(context.lint(mainUri).map((each) => each.code)).not.toContain(code);
    expect(context.analyse(mainUri).diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
    if (first!.safe && code !== 'semicolon' && code !== 'dead-edge' && !(code === 'two-activations'))
      expect(structures(result, library)).toEqual(structures(before, library));
  });
});

test('other fixes are offered behind it', () => {
  expect(fixes('shape-mismatch', model('dense(classes)')).map(({ title }) => title)).toEqual([
    'Insert `gap` before it',
    'Insert `flatten` before it',
  ]);
  expect(fixes('two-activations', network('relu -> gelu')).map(({ title }) => title)).toEqual([
    'Remove the second activation, `gelu`',
    'Remove the first activation, `relu`',
  ]);
  expect(fixes('unused-parameter', `block X(a) { bn }\n${network('X(4)')}`)).toHaveLength(2);
});

test('nothing is taken from those who import it', () => {
  const text = 'block X(a) { bn }';
  const importing = { 'other.arch': `import { X } from "./main.arch"\n${network('X(4)')}` };
  expect(fixes('unused-parameter', text, importing)).toEqual([]);
});

test('a parameter whose argument decides something is not removed', () => {
  const text = `block X(a) { bn }\n${network('X(choice(1, 2))').replace('model M', 'space S')}`;
  expect(fixes('unused-parameter', text).map(({ title }) => title)).toEqual(['Rename to `_a`']);
});

test('of a part that can be read, in a file that does not parse', () => {
  const broken = 'model N { input 8x8x4\nconv(3 \n}';
  const text = `${network('relu -> relu')}\n${broken}`;
  const [fix] = fixes('two-activations', text);
  expect(applied(text, fix!.changes)).toBe(`${network('relu')}\n${broken}`);
});

describe('all safe fixes at once', () => {
  test('leave a file without what they fix, and with its networks', () => {
    const text = `import { A, B } from "./lib.arch"
block X(a, b) { conv(a, 1x1) -> bn -> relu -> relu }
block Y() { bn }
${network('let w = 3\nx = X(4, 5)\nA(4)\nif (1 > 2) { bn }\nrepeat 2 as i { bn }')}`;
    const project = projectOf({ ...library, 'main.arch': text });
    const result = applied(text, fixAll(project.lint(mainUri), contextOf(text, library)));
    expect(projectOf({ ...library, 'main.arch': result }).lint(mainUri)).toEqual([]);
    const ops = (content: string): unknown =>
      projectOf({ ...library, 'main.arch': content })
        .analyse(mainUri)
        .models[0]?.network?.nodes.map(({ op }) => op);
    expect(ops(result)).toEqual(
      (ops(text) as string[]).filter((op, at, all) => op !== 'relu' || all[at - 1] !== 'relu'),
    );
  });

  test('of any text are changes in order, and make no new syntax error', () => {
    fc.assert(
      fc.property(fc.oneof(plausibleProgram, mutatedExample), (text) => {
        const project = projectOf({ 'main.arch': text });
        const context = contextOf(text);
        const diagnostics = project.lint(mainUri);
        const problems = parse(text).problems.length;
        applied(text, fixAll(diagnostics, context));
        for (const diagnostic of diagnostics) {
          for (const { changes, title } of fixesOf(diagnostic, context)) {
            const result = applied(text, changes);
            expect(title).toMatch(/^[A-Z][^]*[^.]$/);
            if ((diagnosticCodes.lint as readonly string[]).includes(diagnostic.code))
              expect(parse(result).problems.length).toBeLessThanOrEqual(problems);
          }
        }
      }),
      { numRuns: 25 },
    );
  });
});
