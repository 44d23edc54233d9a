import { describe, expect, test } from 'vitest';
import { parse } from '../../../grammar/parser.ts';
import type { FlowStatement, ModelDecl } from '../../../grammar/syntax.ts';
import { fixed, parseMarked, problemsOf, shape } from '../helpers.ts';

/**
 * One mistake, one problem: at the marked place, with this message. Every text ends in the sound model `Rest`,
 * which must come out whole.
 */
const MISTAKES: Readonly<Record<string, readonly (readonly [text: string, message: string])[]>> = {
  'unclosed brackets': [
    ['model A {\n  conv(16, «3x3» -> bn\n  gap\n}', 'Expected `)` to close the arguments of `conv`.'],
    ['model A {\n  conv(16, «3x3»\n  gap -> dense(10)\n}', 'Expected `)` to close the arguments of `conv`.'],
    ['model A {\n  conv(16«,»\n}', 'Expected `)` to close the arguments of `conv`.'],
    ['model A {\n  if (a != «1» { conv }\n}', 'Expected `)` to close the condition of `if`.'],
    ['model A {\n  for (a, «b» in [1] { conv }\n}', 'Expected `)` to close the names after `for`.'],
    ['block B(a, b = «3» {\n  conv\n}', 'Expected `)` to close the parameters of block `B`.'],
    ['let x = [1, «2»', 'Expected `]` to close the list.'],
    ['let x = (1, [2, «3»)', 'Expected `]` to close the list.'],
    ['import { A, B«,» from "./a.arch"', 'Expected `}` to close the imported names.'],
    ['model A {\n  «conv»\n', 'Expected `}` to close the body of model `A`.'],
    ['model A {\n  repeat 3 {\n    conv(16«)»\n  gap\n}', 'Expected `}` to close the body of `repeat`.'],
    ['model A {\n  repeat 3 «{»\n  gap\n}', 'Expected `}` to close the body of `repeat`.'],
    [
      'model A {\n  if (a) {\n    «conv»\n  else {\n    relu\n  }\n}',
      'Expected `}` to close the body of `if`.',
    ],
    [
      'model A {\n  residual {\n    conv\n  } shortcut {\n    «conv»\n  relu\n}',
      'Expected `}` to close the body of `shortcut`.',
    ],
  ],
  'unopened and wrong brackets': [
    ['model A { conv }\n«}»', 'This `}` closes nothing: remove it, or open a `{` before it.'],
    [
      'model A {\n repeat 3 {\n  conv }\n «}»\n gap\n}',
      'This `}` closes nothing: remove it, or open a `{` before it.',
    ],
    ['model A { conv(3)«)» }', 'This `)` closes nothing: remove it, or open a `(` before it.'],
    ['let x = [1, 2«)»', 'Expected `]` to close the list, not `)`.'],
    [
      'model A {\n  if «stride» != 1) { conv }\n}',
      'Expected `(` and a condition, as in: if (stride != 1) { … }.',
    ],
    ['model A {\n  if «stride» { conv }\n}', 'Expected `(` and a condition, as in: if (stride != 1) { … }.'],
    ['model «A»\n  conv\n}', 'Expected `{` to start the body of model `A`.'],
    ['model «A»', 'Expected `{` to start the body of model `A`.'],
    ['model A {\n  repeat «3»\n  gap\n}', 'Expected `{` to start the body of `repeat`.'],
    ['model A {\n  repeat «3»\n    gap\n  }\n}', 'Expected `{` to start the body of `repeat`.'],
    ['model A {\n  «residual»\n  gap\n}', 'Expected `{` to start the body of `residual`.'],
    [
      'model A {\n  «{» conv }\n}',
      'These braces belong to nothing: put `residual`, `repeat` … before them, or remove them.',
    ],
  ],
  'misspelt keywords': [
    ['«modle» A { conv }', 'Unknown word `modle`: did you mean `model`?'],
    ['«Model» A { conv }', 'Unknown word `Model`: did you mean `model`?'],
    ['«blok» A(x) { conv }', 'Unknown word `blok`: did you mean `block`?'],
    ['«spaec» A { conv }', 'Unknown word `spaec`: did you mean `space`?'],
    ['«improt» { A } from "a"', 'Unknown word `improt`: did you mean `import`?'],
    ['import { A } «form» "a"', '`form` is no keyword here: did you mean `from`?'],
    ['«lte» x = 3', 'Unknown word `lte`: did you mean `let`?'],
    ['model A {\n  «repeet» 3 as i { conv }\n}', 'Unknown word `repeet`: did you mean `repeat`?'],
    ['model A {\n  «repeet» n { conv }\n}', 'Unknown word `repeet`: did you mean `repeat`?'],
    ['model A {\n  «fro» (c, s) in [1] { conv }\n}', 'Unknown word `fro`: did you mean `for`?'],
    ['model A {\n  «fro» c in [1] { conv }\n}', 'Unknown word `fro`: did you mean `for`?'],
    ['model A {\n  for c «inn» [1] { conv }\n}', '`inn` is no keyword here: did you mean `in`?'],
    ['model A {\n  «iff» (a) { conv }\n}', 'Unknown word `iff`: did you mean `if`?'],
    ['model A {\n  if (a) { conv } «esle» { conv }\n}', 'Unknown word `esle`: did you mean `else`?'],
    ['model A {\n  conv -> «residul» { conv }\n}', 'Unknown word `residul`: did you mean `residual`?'],
    [
      'model A {\n  residual { conv } «shortcutt» { conv }\n}',
      'Unknown word `shortcutt`: did you mean `shortcut`?',
    ],
    ['model A {\n  «paralel» add { branch { } }\n}', 'Unknown word `paralel`: did you mean `parallel`?'],
    ['model A {\n  parallel «conact» { branch { } }\n}', 'Unknown word `conact`: did you mean `concat`?'],
    ['model A {\n  parallel add { «brnch» { } }\n}', 'Unknown word `brnch`: did you mean `branch`?'],
    ['model A {\n  «clases» 10\n}', 'Unknown word `clases`: did you mean `classes`?'],
    ['model A {\n  «inptu» 32x32x3\n}', 'Unknown word `inptu`: did you mean `input`?'],
    ['model A {\n  «constrant» flops <= 3\n}', 'Unknown word `constrant`: did you mean `constraint`?'],
  ],
  'missing parts': [
    ['model «{» conv }', 'Expected a name after `model`.'],
    ['«model»', 'Expected a name after `model`.'],
    ['block «(»x) { conv }', 'Expected a name after `block`.'],
    ['let «=» 3', 'Expected a name after `let`.'],
    ['let x «3»', 'Expected `=` and a value, as in: let width = 16.'],
    ['let x «:» 3', 'Expected `=` and a value, as in: let width = 16.'],
    ['let x «=»', 'Expected a value after `=`.'],
    ['model A {\n  let x «=»\n  classes 10\n}', 'Expected a value after `=`.'],
    ['model A { conv «->»\n}', 'Expected an op, a block, or a tensor after `->`.'],
    ['model A { conv -> «->» bn }', 'Expected an op, a block, or a tensor after `->`.'],
    ['model A {\n  «->» bn\n}', 'Expected an op, a block or a tensor before `->`.'],
    ['model A { conv(16, stride = «)» }', 'Expected a value after `=`.'],
    ['model A { conv(16 + «)» }', 'Expected a value after `+`.'],
    ['model A { conv(16, «,» 3x3) }', 'Expected an argument between the commas.'],
    ['model A { conv(«,» 3x3) }', 'Expected an argument before `,`.'],
    ['model A { conv(16 «3x3») }', 'Expected `,` before the size 3x3.'],
    ['block B(a «b») { conv }', 'Expected `,` before `b`.'],
    ['block B(a, b = «,» c) { conv }', 'Expected a value after `=`.'],
    [
      'model A { conv(a ? 1«)» }',
      'Expected `:` and the value if the condition does not hold, as in: i == 0 ? 2 : 1.',
    ],
    ['model A {\n  «constraint»\n}', 'Expected a value after `constraint`.'],
    ['model A {\n  for c in «{» conv }\n}', 'Expected a value after `in`.'],
    ['model A {\n  for c «[»1] { conv }\n}', 'Expected `in` and a list, as in: for c in [16, 32].'],
    ['model A {\n  parallel «{» branch { conv } }\n}', 'Expected `add`, `concat` or `mul` after `parallel`.'],
    ['cell C { 0 -> 1 «relu» }', 'Expected `:` and the op on the edge, as in: 0 -> 1: relu.'],
    ['cell C { 0 «1»: relu }', 'Expected `->` and the node the edge leads to, as in: 0 -> 1: relu.'],
    ['cell C { 0 -> «:» relu }', 'Expected the number of the node the edge leads to, as in: 0 -> 1: relu.'],
    ['cell C {\n  0 -> 1«:»\n  0 -> 2: relu\n}', 'Expected an op, a block, or a tensor after `:`.'],
    [
      'cell C {\n  0 «->»\n  0 -> 2: relu\n}',
      'Expected the number of the node the edge leads to, as in: 0 -> 1: relu.',
    ],
    [
      'cell C = «foo»',
      'Expected the genotype, in double quotes or as a list, as in: cell C = "|nor_conv_3x3~0|".',
    ],
    ['cell «C»', 'Expected `{` with edges or `=` with a genotype, as in: cell C { 0 -> 1: relu }.'],
    ['import «"a"»', 'Expected `{` and the names to import, as in: import { A, B } from "./blocks.arch".'],
    [
      'import «A» from "a"',
      'Expected `{` and the names to import, as in: import { A, B } from "./blocks.arch".',
    ],
    [
      'import { A } «"a"»',
      'Expected `from` and the path of the file, as in: import { A, B } from "./blocks.arch".',
    ],
    [
      'import { A } «from»',
      'Expected the path of the file in double quotes, as in: import { A, B } from "./blocks.arch".',
    ],
  ],
  'what stands in the wrong place': [
    [
      '«mod»',
      'Expected a declaration (import, let, block, model, space, cell), not `mod`. Did you mean `model`?',
    ],
    ['«def» f(x): return x', 'Expected a declaration (import, let, block, model, space, cell), not `def`.'],
    [
      '«conv»(16) -> bn',
      'Statements stand inside a model, block or space: start one, as in `model Name { … }`.',
    ],
    [
      'model A {\n  «model» B { conv }\n}',
      'A declaration cannot stand inside another: move this model out of the braces.',
    ],
    [
      'model A {\n  «foo» { conv }\n}'.replace('«foo» {', 'foo «{»'),
      '`foo` takes no body: remove the braces, or put `residual`, `repeat` … before them.',
    ],
    [
      'model A {\n  conv -> «repeat» 3 { conv }\n}',
      '`repeat` is a statement: end the flow before it; its output flows on by itself.',
    ],
    [
      'model A {\n  «shortcut» { conv }\n}',
      '`shortcut` belongs right after a residual: residual { … } shortcut { … }.',
    ],
    [
      'model A {\n  «else» { conv }\n}',
      '`else` belongs right after the body of an `if`: if (c) { … } else { … }.',
    ],
    [
      'model A {\n  «branch» { conv }\n}',
      '`branch` belongs into a parallel: parallel add { branch { … } branch { … } }.',
    ],
    ['model A {\n  parallel add { «relu» }\n}', 'Expected `branch { … }` inside `parallel`.'],
    [
      'model A {\n  x = «3»\n}',
      'Expected a flow after `=`. Values are named with `let`, as in: let width = 16.',
    ],
    [
      'model A {\n  let y = 3 «->» conv\n}',
      'Expected an op, a block or a tensor before `->`, not the number 3.',
    ],
    [
      'model A {\n  «3» -> conv\n}',
      'The number 3 cannot start a statement: flows consist of ops, values stand in arguments or after `let name =`.',
    ],
    [
      'model A { choice(conv(3) «->» bn, relu) }',
      'A flow cannot be an argument: declare it as a block and write the name of the block here.',
    ],
    [
      'model A {\n  choice(\n    conv(3) «->» bn,\n    relu\n  )\n}',
      'A flow cannot be an argument: declare it as a block and write the name of the block here.',
    ],
    ['cell C {\n  «a» -> b: relu\n}', 'Expected an edge between two numbered nodes, as in: 0 -> 1: relu.'],
    ['model A { x «==» conv }', '`==` cannot stand here: expected a statement or `}`.'],
  ],
  'characters and literals': [
    ['model A { conv(16«;» 3x3) }', 'Statements need no `;` between them: remove it.'],
    ['model A {\n  conv(«"abc»\n  gap\n}', 'This string is never closed: end it with `"`.'],
    ["import { A } from «'a'»", 'Strings stand in double quotes: "a".'],
    ['import { A } from «“a”»', 'Strings stand in double quotes: "a".'],
    ['model A { «/*» conv\n  relu\n}\n', 'This comment is never closed: end it with `*/`.'],
    ['«# ResNet»\nmodel A { conv }', 'Comments start with `//`, not `#`.'],
    ['model A { conv(«3x») }', 'The size `3x` ends early: write a number after `x`, as in 3x3.'],
    ['model A { conv(«3X3») }', 'Write a size as one word with a small `x`: 3x3.'],
    ['model A { conv(«3×3») }', 'Write a size as one word with a small `x`: 3x3.'],
    ['model A {\n  input «32 x 32 x 3»\n}', 'Write a size as one word with a small `x`: 32x32x3.'],
    ['let x = «.5»', 'Write a digit before the point: 0.5.'],
    ['let x = «5.»', 'Write a digit after the point: 5.0.'],
    ['let x = «450m»', 'Suffixes are capital letters (K, M, G): 450M.'],
    ['let x = «12ab»', '`12ab` is neither a number (12, 0.5, 1e-5, 450M) nor a size (3x3, 32x32x3).'],
    ['model A { conv «→» bn }', 'Write `->` instead of `→`.'],
    ['model A {\n  constraint flops «≤» 3M\n}', 'Write `<=` instead of `≤`.'],
    ['model «Größe» { conv }', 'Names consist of the letters a to z, digits and `_`: rename `Größe`.'],
    ['model A { conv «@»bn }', '`@` has no meaning here: remove it.'],
    ['model A { if (a «&» b) { conv } }', 'Write `&&` instead of `&`.'],
    ['model A { conv «☃☃☃» }', '`☃☃☃` has no meaning here: remove it.'],
    ['model A { conv «\u0000» }', 'A control character has no meaning here: remove it.'],
  ],
};

const REST = '\nmodel Rest {\n  conv(16, 3x3) -> bn\n}\n';

for (const [group, mistakes] of Object.entries(MISTAKES))
  describe(group, () => {
    test.each(mistakes)('%j', (marked, message) => {
      const { result, text, span } = parseMarked(marked + REST);
      expect(problemsOf(text).map((problem) => problem.replace(/^\S+ /, ''))).toEqual([message]);
      expect(result.problems[0]!.span).toEqual(span);
      const rest = result.file.items.at(-1);
      expect(shape(rest)).toEqual(shape(parse(REST).file.items[0]));
    });

    test.each(mistakes)('%j alone at the end of a file', (marked, message) => {
      const { text, span } = parseMarked(marked);
      // Without what follows, the very last token may be asked for in another way.
      const [problem, ...others] = parse(text).problems;
      expect(others).toEqual([]);
      expect(problem?.span).toEqual(span);
      expect(problem?.message).toBe(message);
    });
  });

describe('several mistakes', () => {
  test('each line has its own problem', () => {
    expect(
      problemsOf(
        'model A {\n  conv(16 3x3)\n  relu\n  conv(, 3)\n  gap ->\n}\nlet x =\nmodel B {\n  repeet 3 { relu }\n}\ncell C',
      ),
    ).toEqual([
      '2:11 Expected `,` before the size 3x3.',
      '4:8 Expected an argument before `,`.',
      '5:7 Expected an op, a block, or a tensor after `->`.',
      '7:7 Expected a value after `=`.',
      '9:3 Unknown word `repeet`: did you mean `repeat`?',
      '11:6 Expected `{` with edges or `=` with a genotype, as in: cell C { 0 -> 1: relu }.',
    ]);
  });

  test('at most 200 are reported', () => {
    expect(parse(`model A {\n${'relu )\n'.repeat(500)}}`).problems).toHaveLength(200);
  });
});

describe('what remains in the tree', () => {
  const flow = (body: string) =>
    ((parse(`model A {\n${body}\n}`).file.items[0] as ModelDecl).body.statements[0] as FlowStatement).flow;

  test('a call keeps the arguments it has', () => {
    expect(shape(flow('conv(16, stride = -> bn').elements)).toMatchObject([
      {
        kind: 'op-call',
        called: true,
        args: [{ value: { value: 16 } }, { name: { name: 'stride' }, value: { kind: 'missing' } }],
      },
      { callee: { name: 'bn' } },
    ]);
  });

  test('holes stand between arrows', () => {
    expect(flow('conv -> -> bn ->').elements.map((element) => element.kind)).toEqual(
      ['op-call', 'missing', 'op-call', 'missing'], // prettier-ignore
    );
  });

  test('a model without a name has an empty one', () => {
    expect(shape(parse('model { relu }').file.items[0])).toMatchObject({
      kind: 'model',
      name: { kind: 'identifier', name: '' },
      body: { statements: [{ kind: 'flow-statement' }] },
    });
  });

  test('a model that is made of nothing is made of what has no name, where it is missing', () => {
    const [made] = parse('model w= (').file.items;
    expect(made).toMatchObject({
      kind: 'instance',
      span: { start: 0, end: 10 },
      of: { callee: { name: '', span: { start: 8, end: 8 } }, span: { start: 8, end: 10 }, called: true },
    });
  });

  test('an edge that leads nowhere is left out, the others stay', () => {
    expect(shape(parse('cell C {\n0 ->\n0 -> 2: relu\n}').file.items[0])).toMatchObject({
      definition: { edges: [{ to: { value: 2 } }] },
    });
  });

  test('what is misspelt is what was meant', () => {
    expect(shape(parse('modle A { repeet 3 { relu } }').file.items)).toEqual(
      shape(parse('model A { repeat 3 { relu } }').file.items),
    );
  });

  test('an unclosed comment ends at the next declaration', () => {
    expect(parse('/* text\nmore\n/// Doc.\nmodel A { relu }').file.items).toMatchObject([
      { kind: 'model', doc: { text: 'Doc.' } },
    ]);
  });
});

describe('fixes', () => {
  test.each([
    ['modle A { relu }', 'model A { relu }'],
    ['model A { conv(16, 3x3 -> bn }', 'model A { conv(16, 3x3) -> bn }'],
    ['model A { conv(3)) }', 'model A { conv(3) }'],
    ['let x = [1, 2)', 'let x = [1, 2]'],
    ['model A { relu; }', 'model A { relu }'],
    ['# x\nmodel A { relu }', '// x\nmodel A { relu }'],
    ["import { A } from 'a'", 'import { A } from "a"'],
    ['model A { input 32 X 32 }', 'model A { input 32x32 }'],
    ['let x = 5m', 'let x = 5M'],
    ['model A { conv → bn }', 'model A { conv -> bn }'],
    ['model A\n', 'model A { }\n'],
  ])('%j', (text, expected) => {
    let repaired = text;
    for (let rounds = 0; rounds < 3; rounds++) {
      const [problem] = parse(repaired).problems;
      if (!problem) break;
      repaired = fixed(repaired, problem);
    }
    expect(repaired).toBe(expected);
    expect(parse(repaired).problems).toEqual([]);
  });

  test('an unclosed bracket says where it is', () => {
    const text = 'model A {\n  conv(16\n  bn\n}';
    expect(parse(text).problems[0]?.related).toEqual({
      message: 'This `(` is not closed.',
      span: { start: text.indexOf('('), end: text.indexOf('(') + 1 },
    });
  });
});
