import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalNetwork } from '../../../server/network/canonical.ts';
import { refactorings } from '../../../server/language/refactor/index.ts';
import type { Refactoring } from '../../../server/language/refactor/index.ts';
import { nodesOf, type SyntaxNode } from '../../../grammar/walk.ts';
import { marked } from '../../lsp/support/marked.ts';
import { applied, contextOf, structures } from '../support/edits.ts';
import { analyse, example, network } from '../support/helpers.ts';
import { plausibleProgram } from '../support/random.ts';

const blocks = { 'blocks.arch': example('blocks.arch').text };

/** The refactorings of a kind for the text between `«` and `»`. */
function offered(source: string, kind: Refactoring['kind']): { text: string; found: readonly Refactoring[] } {
  const { text, spans } = marked(source);
  const found = refactorings(spans[0]!, contextOf(text, blocks));
  return { text, found: found.filter((each) => each.kind === kind) };
}

/** Applies the only refactoring of a kind; the networks stay what they are. */
function refactored(source: string, kind: Refactoring['kind']): string {
  const { text, found } = offered(source, kind);
  expect(found).toHaveLength(1);
  const result = applied(text, found[0]!.changes);
  const errors = analyse(result, blocks).diagnostics.filter(({ severity }) => severity === 'error');
  expect(errors.map(({ message }) => message)).toEqual([]);
  expect(structures(result, blocks)).toEqual(structures(text, blocks));
  return result;
}

describe('extract to a block', () => {
  test.each([
    [
      'a statement',
      network('  «conv(8, 3x3) -> bn»\n  relu'),
      'block Extracted() {\n  conv(8, 3x3) -> bn\n}\n\nmodel',
      '  Extracted\n  relu',
    ],
    [
      'statements',
      network('  «conv(8, 3x3)\n  bn»\n  relu'),
      'block Extracted() {\n  conv(8, 3x3)\n  bn\n}\n\nmodel',
      '  Extracted\n  relu',
    ],
    [
      'part of a flow',
      network('  conv(8, 3x3) -> «bn -> relu» -> bn'),
      'block Extracted() {\n  bn -> relu\n}\n',
      'conv(8, 3x3) -> Extracted -> bn',
    ],
    [
      'what uses a loop variable',
      network('  for (c, s) in [(8, 1), (16, 2)] { «conv(c, 3x3, stride = s)» }'),
      'block Extracted(c, s) {\n  conv(c, 3x3, stride = s)\n}\n',
      '{ Extracted(c, s) }',
    ],
    [
      'what uses values of the file and the tensor',
      network('  let n = 2\n«  conv(channels * n + w, 3x3) -> bn\n»  relu', 'let w = 3'),
      'block Extracted(n) {\n  conv(channels * n + w, 3x3) -> bn\n}\n',
      '  Extracted(n)\n  relu',
    ],
    [
      'a tensor of its own',
      network('  «x = conv(8, 3x3)\n  bn -> add(x)»'),
      'block Extracted() {\n  x = conv(8, 3x3)\n  bn -> add(x)\n}\n',
      '  Extracted\n',
    ],
    [
      'from a block, with a comment',
      `/// Doc.\nblock B(out) {\n  residual {\n    «conv(out, 3x3) // why\n    bn»\n  }\n}\n${network('B(4)')}`,
      'block Extracted(out) {\n  conv(out, 3x3) // why\n  bn\n}\n\n/// Doc.\nblock B',
      '    Extracted(out)\n  }',
    ],
    [
      'an imported block',
      network('  «ConvBnAct(8)» -> bn', 'import { ConvBnAct } from "./blocks.arch"'),
      'block Extracted() {\n  ConvBnAct(8)\n}\n',
      '  Extracted -> bn',
    ],
    [
      'from a declaration that begins in the last line of another one',
      `block B(out) {\n  conv(out, 3x3)\n}  ${network('B(4) -> «bn»').trimStart()}`,
      '  conv(out, 3x3)\n}\n\nblock Extracted() {\n  bn\n}\n\nmodel',
      'B(4) -> Extracted',
    ],
    [
      'from a declaration behind a comment of several lines',
      `/* one\n two */ ${network('  «bn»').trimStart()}`,
      '/* one\n two */\n\nblock Extracted() {\n  bn\n}\n\nmodel',
      'Extracted',
    ],
    [
      'in a space',
      network('  «conv(choice(4, 8), 3x3)» -> bn').replace('model M', 'space S'),
      'block Extracted() {\n  conv(choice(4, 8), 3x3)\n}\n',
      '  Extracted -> bn',
    ],
  ])('%s', (_, source, block, call) => {
    const result = refactored(source, 'extract');
    expect(result).toContain(block);
    expect(result).toContain(call);
  });

  test.each([
    ['a tensor from outside', network('x = relu\n«bn -> add(x)»')],
    ['a name that is used behind it', network('«x = bn»\nrelu -> add(x)')],
    ['half of a call', network('«conv(8»')],
    ['half of a body', network('«residual { bn» }')],
    ['the header', 'model M {\n«input 8x8x3»\nclasses 10\ngap -> dense(classes)\n}'],
    ['nothing', network('« »relu')],
    ['what does not parse', 'model M { input 8x8x3\n«relu» conv( }'],
  ])('not %s', (_, source) => {
    expect(offered(source, 'extract').found).toEqual([]);
  });
});

describe('inline a block', () => {
  test.each([
    [
      'a plain one',
      network('  «B»(8)\n  relu', 'block B(out) { conv(out, 3x3) -> bn }'),
      '  conv(8, 3x3) -> bn\n  relu',
    ],
    [
      'inside a flow',
      network('  relu -> «B»(8) -> bn : 8x8x8', 'block B(out) { conv(out, 3x3)\nresidual { relu } }'),
      '  relu\n  conv(8, 3x3)\n  residual { relu }\n  bn   : 8x8x8',
    ],
    [
      'with a name',
      network('  x = «B»(8)\n  bn -> add(x)', 'block B(out) { conv(out, 3x3) }'),
      '  x = conv(8, 3x3)\n  bn -> add(x)',
    ],
    [
      'with defaults and names',
      network(
        '  «B»(stride = 2, out = 8)',
        'block B(out, stride = 1, k = 3x3, mid = out * 2) { conv(mid, 1x1) -> conv(out, k, stride = stride) }',
      ),
      '  let mid = 8 * 2\n  conv(mid, 1x1) -> conv(8, 3x3, stride = 2)',
    ],
    [
      'with what means something else inside',
      network('  «B»(channels * 2)', 'block B(out) { conv(8, 1x1) -> conv(out, 1x1) }'),
      '  let out = channels * 2\n  conv(8, 1x1) -> conv(out, 1x1)',
    ],
    [
      'with an op',
      network('  «B»(act = gelu)', 'block B(act = relu) { conv(8, 1x1) -> act }'),
      '  conv(8, 1x1) -> gelu',
    ],
    [
      'with names that are taken',
      network('  let w = 3\n  «B»(w)\n  conv(w, 1x1)', 'block B(n) { let w = n * 2\nconv(w, 1x1) }'),
      '  let w = 3\n  let w2 = w * 2\n  conv(w2, 1x1)\n  conv(w, 1x1)',
    ],
    [
      'in a nested body',
      network('  repeat 2 {\n    «B»(8)\n  }', 'block B(out) { conv(out, 3x3)\nbn }'),
      '  repeat 2 {\n    conv(8, 3x3)\n    bn\n  }',
    ],
    ['without a body', network('  relu -> «B» -> bn', 'block B() { }'), '  relu\n  bn'],
  ])('%s', (_, source, expected) => {
    expect(refactored(source, 'inline')).toContain(expected);
  });

  test.each([
    ['an op', network('«relu»')],
    ['a block of another file', network('«ConvBnAct»(8)', 'import { ConvBnAct } from "./blocks.arch"')],
    ['comments', network('«B»', 'block B() { relu // why\n }')],
    ['a shape that its last statement cannot take', network('«B» : 8x8x4', 'block B() { repeat 2 { bn } }')],
    ['what does not parse', `block B() { relu \nmodel M { input 8x8x3\n«B» }`],
  ])('not %s', (_, source) => {
    expect(offered(source, 'inline').found).toEqual([]);
  });
});

describe('turn into repeat', () => {
  test.each([
    [
      'statements',
      network('  bn\n  «»conv(8,3x3)\n  conv(8, 3x3)\n  conv(8, 3x3)\n  relu'),
      '  bn\n  repeat 3 { conv(8,3x3) }\n  relu'.replace('8,3', '8, 3'),
    ],
    [
      'by turns',
      network('  conv(8, 3x3)\n  «»relu\n  conv(8, 3x3)\n  relu\n  gelu'),
      '  repeat 2 {\n    conv(8, 3x3)\n    relu\n  }\n  gelu',
    ],
    [
      'bodies',
      network('  residual { bn }\n  «»residual { bn }\n  residual { bn }'),
      '  repeat 3 { residual { bn } }',
    ],
    ['elements of a flow', network('  «»bn -> relu -> bn -> relu'), '  repeat 2 { bn -> relu }'],
    [
      'in a loop',
      network('  for c in [4, 8] {\n    conv(c, 3x3)\n    «»conv(c, 3x3)\n  }'),
      '    repeat 2 { conv(c, 3x3) }\n  }',
    ],
  ])('%s', (_, source, expected) => {
    expect(refactored(source, 'rewrite')).toContain(expected);
  });

  test.each([
    ['two different ones', network('«»conv(8, 3x3)\nconv(8, 1x1)')],
    ['names', network('«»x = bn\ny = bn\nrelu -> add(x, y)')],
    ['comments', network('«»bn // one\nbn')],
    ['part of a flow', network('«»bn -> bn -> relu')],
  ])('not %s', (_, source) => {
    expect(offered(source, 'rewrite').found).toEqual([]);
  });
});

describe('a cell', () => {
  const edges = 'cell C {\n  0 -> 1: nor_conv_3x3\n  0 -> 2: skip_connect   1 -> 2: nor_conv_1x1\n}';
  const genotype = 'cell C = "|nor_conv_3x3~0|+|skip_connect~0|nor_conv_1x1~1|"';

  test('becomes its genotype, and comes back, tensor by tensor', () => {
    const after = network('C');
    expect(refactored(`«»${edges}\n${after}`, 'rewrite')).toBe(`${genotype}\n${after}`);
    expect(refactored(`«»${genotype}\n${after}`, 'rewrite')).toBe(`${edges}\n${after}`);
    const canonical = (text: string): unknown => canonicalNetwork(analyse(text).models[0]!.network!);
    expect(canonical(`${genotype}\n${after}`)).toEqual(canonical(`${edges}\n${after}`));
  });

  test.each([
    ['a choice', 'cell C { «»0 -> 1: choice(relu, bn) }'],
    ['arguments', 'cell C { «»0 -> 1: conv(8, 3x3) }'],
    ['several ops', 'cell C { «»0 -> 1: relu -> bn }'],
    ['a comment', 'cell C { «»0 -> 1: relu // why\n }'],
    ['an error', 'cell C { «»1 -> 0: relu }'],
  ])('does not with %s', (_, source) => {
    expect(offered(source, 'rewrite').found).toEqual([]);
  });
});

test.each([
  ['a cell without an end', 'cell C { «»0 -> 1: relu\n1 -> D { 0 -> 1: bn }', 'rewrite'],
  ['statements in a block with an error', 'block B() { «bn -> relu»\n  conv(8, \n}', 'extract'],
  [
    'a cell, by whose line it is known what belongs to a broken one',
    'cell\t  C«»2   =   "|nor_conv_3x3~0|+|none~0|skip_connect~1|" cell c { 0 ->\n  space//\n S  {/* */ input\n   8x8x3\n     classes\n 10\n choice  (  relu  ,  bn\n ) // c\n gap//\n ->  dense (\n     classes  )\t } // c\n',
    'rewrite',
  ],
  ['repeated lines in a block with an error', 'block B() {\n«»relu\nrelu\nconv(8, \n}', 'rewrite'],
] as const)('%s stay as they are', (_, source, kind) => {
  expect(offered(source, kind).found).toEqual([]);
});

/** What is mostly selected: ops, statements, cells. */
function isStep(node: SyntaxNode): node is SyntaxNode {
  return ['op-call', 'flow-statement', 'repeat', 'for', 'cell', 'residual'].includes(node.kind ?? '');
}

test('anything offered for any selection keeps the networks', () => {
  let count = 0;
  fc.assert(
    fc.property(plausibleProgram, fc.nat(), fc.nat(), (text, a, b) => {
      const context = contextOf(text);
      const nodes = nodesOf(context.parse.file, isStep);
      const [one, other] = [nodes[a % nodes.length]!.span, nodes[b % nodes.length]!.span];
      const start = Math.min(one.start, other.start);
      const end = b % 3 === 0 ? one.end : Math.max(one.end, other.end);
      const before = structures(text);
      for (const { changes } of refactorings({ start, end: Math.max(start, end) }, context)) {
        count++;
        expect(structures(applied(text, changes))).toEqual(before);
      }
    }),
    { numRuns: 150 },
  );
  expect(count).toBeGreaterThan(10);
});
