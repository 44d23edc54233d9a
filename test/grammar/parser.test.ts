import { describe, expect, test } from 'vitest';
import { parse } from '../../grammar/parser.ts';
import type { BlockDecl, Expr, FlowStatement, LetDecl, ModelDecl, Statement } from '../../grammar/syntax.ts';
import { shape } from './helpers.ts';
import { SAMPLE } from './sample.ts';

function expression(text: string): Expr {
  const { file, problems } = parse(`let x = ${text}`);
  expect(problems).toEqual([]);
  return (file.items[0] as LetDecl).value;
}

/** Fully bracketed, to see how operators bind. */
function bracketed(expr: Expr): string {
  switch (expr.kind) {
    case 'number':
      return String(expr.value);
    case 'name':
      return expr.name;
    case 'unary':
      return `(${expr.operator}${bracketed(expr.operand)})`;
    case 'binary':
      return `(${bracketed(expr.left)} ${expr.operator} ${bracketed(expr.right)})`;
    case 'conditional':
      return `(${[expr.condition, expr.whenTrue, expr.whenFalse].map(bracketed).join(' ? ')})`;
    case 'index':
      return `${bracketed(expr.list)}[${bracketed(expr.index)}]`;
    case 'boolean':
    case 'call':
    case 'dims':
    case 'list':
    case 'missing':
    case 'string':
    case 'tuple':
      return expr.kind;
  }
}

function statements(body: string): readonly Statement[] {
  const { file, problems } = parse(`model M {\n${body}\n}`);
  expect(problems).toEqual([]);
  return (file.items[0] as ModelDecl).body.statements;
}

describe('declarations', () => {
  const { file, problems } = parse(SAMPLE);

  test('the sample of every construct has no problems', () => {
    expect(problems).toEqual([]);
    expect(file.items.map((item) => item.kind)).toEqual(
      ['import', 'let', 'let', 'block', 'model', 'cell', 'cell', 'cell', 'cell', 'block', 'space', 'model', 'instance', 'instance'], // prettier-ignore
    );
  });

  test('imports hold names and a path', () => {
    expect(shape(file.items[0])).toEqual({
      kind: 'import',
      names: [
        { kind: 'identifier', name: 'ConvBnAct' },
        { kind: 'identifier', name: 'Other' },
      ],
      path: { kind: 'string', value: './blocks.arch' },
    });
  });

  test('documentation loses its markers and its common indent; plain comments are none', () => {
    expect(file.items.map((item) => ('doc' in item ? item.doc.text : undefined))).toEqual([
      undefined,
      'Options of an edge.',
      undefined,
      'Two convolutions\n  and a way around them.',
      ...Array.from({ length: 7 }, () => undefined),
      'Of any depth.',
      'The published one.',
      undefined,
    ]);
  });

  test('a model may have parameters, and be made of another', () => {
    const [template, made] = file.items.slice(-3);
    expect(shape((template as ModelDecl).params.slice(1))).toEqual([
      { name: { kind: 'identifier', name: 'Unit' }, defaultValue: { kind: 'name', name: 'BasicBlock' } },
      { name: { kind: 'identifier', name: 'width' }, defaultValue: { kind: 'number', value: 16 } },
    ]);
    expect(shape(made)).toMatchObject({
      kind: 'instance',
      name: { name: 'Plain20' },
      of: { kind: 'op-call', callee: { name: 'Plain' }, called: true, args: [{ value: { kind: 'list' } }] },
    });
    expect(shape(parse('model A = B').file.items[0])).toMatchObject({ of: { called: false, args: [] } });
  });

  test('parameters may have defaults and be called like soft keywords', () => {
    const block = file.items[3] as BlockDecl;
    expect(shape(block.params)).toEqual([
      { name: { kind: 'identifier', name: 'out' } },
      { name: { kind: 'identifier', name: 'stride' }, defaultValue: { kind: 'number', value: 1 } },
      { name: { kind: 'identifier', name: 'in' }, defaultValue: { kind: 'number', value: 3 } },
    ]);
  });

  test('cells are edges or a genotype', () => {
    expect(shape(parse('cell C { 0 -> 1: relu 1 -> 2: choice(a) }').file.items[0])).toMatchObject({
      definition: {
        kind: 'edges',
        edges: [
          { from: { value: 0 }, to: { value: 1 }, flow: { elements: [{ kind: 'op-call' }] } },
          { from: { value: 1 }, to: { value: 2 }, flow: { elements: [{ kind: 'choice-element' }] } },
        ],
      },
    });
    expect(shape(parse('cell C = "|none~0|"').file.items[0])).toMatchObject({
      definition: { kind: 'string', value: '|none~0|' },
    });
  });

  test('documentation belongs to a let in a body, too', () => {
    const [statement] = statements('/// Width.\nlet w = 3');
    expect((statement as LetDecl).doc?.text).toBe('Width.');
  });
});

describe('statements', () => {
  test('several on a line, without separators', () => {
    expect(
      statements(
        'residual { relu } residual { tanh } conv(3) -> bn conv(4) x = relu : 3 repeat 2 { bn }',
      ).map((statement) =>
        statement.kind === 'flow-statement' ? statement.flow.elements.length : statement.kind,
      ),
    ).toEqual([1, 1, 2, 1, 1, 'repeat']);
  });

  test('a flow goes on over lines as long as arrows connect it', () => {
    expect(statements('conv(3)\n  -> bn ->\n  relu\nconv(4)')).toHaveLength(2);
  });

  test('a flow may be named and state its shape', () => {
    expect(shape(statements('x = conv(3) : 32x32x3')[0])).toEqual({
      kind: 'flow-statement',
      name: { kind: 'identifier', name: 'x' },
      flow: {
        elements: [
          {
            kind: 'op-call',
            callee: { kind: 'identifier', name: 'conv' },
            called: true,
            args: [{ value: { kind: 'number', value: 3 } }],
          },
        ],
      },
      assertion: { kind: 'dims', values: [32, 32, 3] },
    });
  });

  test('an op without parentheses is told from one with none inside', () => {
    const calls = statements('relu relu()').map((each) => (each as FlowStatement).flow.elements[0]);
    expect(calls).toMatchObject([{ called: false }, { called: true, args: [] }]);
  });

  test('`else if` is an `if` in the other body, which starts at its own keyword', () => {
    const text = 'if (a) { relu } else if (b) { tanh } else { gelu }';
    const [statement] = statements(text);
    expect(shape(statement)).toMatchObject({
      kind: 'if',
      condition: { name: 'a' },
      otherwise: {
        statements: [
          { kind: 'if', condition: { name: 'b' }, otherwise: { statements: [{ kind: 'flow-statement' }] } },
        ],
      },
    });
  });

  test('loops name their variables', () => {
    expect(
      shape(statements('for (a, b) in l { relu } for c in l { relu } repeat n as i { relu }')),
    ).toMatchObject([
      { destructures: true, pattern: [{ name: 'a' }, { name: 'b' }] },
      { destructures: false, pattern: [{ name: 'c' }] },
      { count: { name: 'n' }, variable: { name: 'i' } },
    ]);
  });

  test('residual with and without shortcut, parallel add and concat', () => {
    const elements = statements(
      'residual { relu } shortcut { } parallel add { branch { relu } branch { } } parallel concat { }',
    ).map((each) => (each as FlowStatement).flow.elements[0]);
    expect(shape(elements)).toMatchObject([
      { kind: 'residual', shortcut: { statements: [] } },
      { kind: 'parallel', merge: 'add', branches: [{}, { statements: [] }] },
      { kind: 'parallel', merge: 'concat', branches: [] },
    ]);
  });

  test('keywords are names where nothing else fits', () => {
    expect(
      shape(
        statements('conv(in = 3, for = 2, model = in, choice = classes) -> add(input, as) -> concat(x)')[0],
      ),
    ).toMatchObject({
      flow: {
        elements: [
          {
            args: [
              { name: { name: 'in' } },
              { name: { name: 'for' } },
              { name: { name: 'model' }, value: { kind: 'name', name: 'in' } },
              { name: { name: 'choice' }, value: { kind: 'name', name: 'classes' } },
            ],
          },
          { callee: { name: 'add' }, args: [{ value: { name: 'input' } }, { value: { name: 'as' } }] },
          { callee: { name: 'concat' } },
        ],
      },
    });
  });

  test('trailing commas are allowed in every list', () => {
    expect(
      parse('import { A, } from "a"\nblock B(a, b,) { conv(1, 2,) for (x, y,) in [1, (2,),] { relu } }')
        .problems,
    ).toEqual([]);
  });
});

describe('expressions', () => {
  test.each([
    ['1 + 2 * 3', '(1 + (2 * 3))'],
    ['1 * 2 + 3', '((1 * 2) + 3)'],
    ['1 - 2 - 3', '((1 - 2) - 3)'],
    ['a || b && c == d', '(a || (b && (c == d)))'],
    ['a < b + 1 && c', '((a < (b + 1)) && c)'],
    ['(1 + 2) * 3', '((1 + 2) * 3)'],
    ['- - 1 * !a', '((-(-1)) * (!a))'],
    ['a % 2 == 0 ? b : c ? d : e', '(((a % 2) == 0) ? b ? (c ? d ? e))'],
    ['a == b ? c > d ? 1 : 2 : 3', '((a == b) ? ((c > d) ? 1 ? 2) ? 3)'],
    ['-a[0] * b[i + 1][2]', '((-a[0]) * b[(i + 1)][2])'],
  ])('%s', (text, expected) => {
    expect(bracketed(expression(text))).toBe(expected);
  });

  test.each([
    ['12', 12],
    ['0.5', 0.5],
    ['450M', 450e6],
    ['1.5K', 1500],
    ['2G', 2e9],
    ['1e-5', 1e-5],
    ['2E3K', 2e6],
  ])('number %s', (text, value) => {
    expect(shape(expression(text))).toEqual({ kind: 'number', value });
  });

  test('sizes, strings, booleans, lists, tuples', () => {
    expect(
      shape(expression('[3x3, 32x32x3, "a\\"b\\n\\\\c", true, false, (1, 2), (1,), (1), []]')),
    ).toMatchObject({
      elements: [
        { kind: 'dims', values: [3, 3] },
        { kind: 'dims', values: [32, 32, 3] },
        { kind: 'string', value: 'a"b\n\\c' },
        { kind: 'boolean', value: true },
        { kind: 'boolean', value: false },
        { kind: 'tuple', elements: [{ value: 1 }, { value: 2 }] },
        { kind: 'tuple', elements: [{ value: 1 }] },
        { kind: 'number', value: 1 },
        { kind: 'list', elements: [] },
      ],
    });
  });

  test('calls, choices, named arguments', () => {
    expect(shape(expression('choice(conv(16, stride = 2), round8(3))'))).toMatchObject({
      kind: 'call',
      callee: { name: 'choice' },
      args: [
        { value: { kind: 'call', args: [{}, { name: { name: 'stride' } }] } },
        { value: { kind: 'call', callee: { name: 'round8' } } },
      ],
    });
  });

  test('an operation covers the parentheses of its operands', () => {
    const text = 'let x = (a + b) * (c)';
    const { span } = (parse(text).file.items[0] as LetDecl).value;
    expect(text.slice(span.start, span.end)).toBe('(a + b) * (c)');
  });
});

describe('comments and tokens', () => {
  test('all comments are kept, in order', () => {
    const text = '// a\n/// b\nlet x = /* c */ 1 // d\n//// e';
    expect(parse(text).comments.map(({ kind, span }) => [kind, text.slice(span.start, span.end)])).toEqual([
      ['line', '// a'],
      ['doc', '/// b'],
      ['block', '/* c */'],
      ['line', '// d'],
      ['line', '//// e'],
    ]);
  });

  test('tokens are what is written; keywords used as names are names', () => {
    const text = 'let in = conv(for = 3x3, "s") - 1 ? in : @';
    expect(parse(text).tokens.map(({ kind, span }) => [text.slice(span.start, span.end), kind])).toEqual([
      ['let', 'keyword'],
      ['in', 'name'],
      ['=', 'operator'],
      ['conv', 'name'],
      ['(', 'punctuation'],
      ['for', 'name'],
      ['=', 'operator'],
      ['3x3', 'dims'],
      [',', 'punctuation'],
      ['"s"', 'string'],
      [')', 'punctuation'],
      ['-', 'operator'],
      ['1', 'number'],
      ['?', 'operator'],
      ['in', 'name'],
      [':', 'punctuation'],
      ['@', 'unknown'],
    ]);
  });

  test('documentation needs to be right above', () => {
    const doc = (text: string) => {
      const item = parse(text).file.items[0];
      return item && 'doc' in item ? item.doc.text : undefined;
    };
    expect(doc('/// a\n\n\nlet x = 1')).toBe('a');
    expect(doc('/// a\n// b\nlet x = 1')).toBeUndefined();
    expect(doc('/// a\n// b\n///   c\n/// d\nlet x = 1')).toBe('  c\nd');
    expect(doc('///\nlet x = 1')).toBe('');
  });

  test('line ends of all systems and a byte order mark are white space', () => {
    expect(parse(`\uFEFF${SAMPLE.replaceAll('\n', '\r\n')}`).problems).toEqual([]);
    expect(parse(SAMPLE.replaceAll('\n', '\r')).problems).toEqual([]);
    expect(parse(SAMPLE.replaceAll(' ', '\u00a0')).problems).toEqual([]);
  });
});
