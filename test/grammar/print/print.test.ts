// Text of trees: parsed again it is the tree, and formatting leaves it as it is.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { format } from '../../../grammar/format/format.ts';
import { parse } from '../../../grammar/parser.ts';
import { expressionText } from '../../../grammar/print/expression.ts';
import { numberText, stringText } from '../../../grammar/print/literals.ts';
import { printItem, printItems } from '../../../grammar/print/print.ts';
import type { Unplaced } from '../../../grammar/print/unplaced.ts';
import type { BinaryOperator, Expr, Item } from '../../../grammar/syntax.ts';
import { precedenceOf } from '../../../grammar/operators.ts';
import { derivation } from '../../fuzz/input/derivation.ts';
import { Random } from '../../support/random.ts';
import { example } from '../../language/support/helpers.ts';
import { exampleNames, plausibleProgram, program } from '../../language/support/random.ts';
import { shape } from '../helpers.ts';
import { SAMPLE } from '../sample.ts';
import { cases } from '../../support/property-runs.ts';

function expectReturn(items: readonly Unplaced<Item>[]): void {
  const text = printItems(items);
  const { file, problems } = parse(text);
  expect(problems, text).toEqual([]);
  expect(shape(file.items), text).toEqual(shape(items));
  expect(format(text)).toBe(text);
}

/** @returns whether the text is right, so that its tree has a text. */
function expectRoundTrip(text: string): boolean {
  const { file, problems } = parse(text);
  if (problems.length > 0) return false;
  expectReturn(file.items);
  return true;
}

describe('the tree of a text', () => {
  test.each([
    ['the sample', SAMPLE] as const,
    ...exampleNames.map((name) => [name, example(name).text] as const),
  ])('of %s', (_, text) => {
    expect(expectRoundTrip(text)).toBe(true);
  });

  test.each([
    ['random programs', program],
    ['programs that make sense', plausibleProgram],
  ])('of %s', (_, texts) => {
    let right = 0;
    const runs = cases(300);
    fc.assert(
      fc.property(texts, (text) => {
        if (expectRoundTrip(text)) right += 1;
      }),
      runs,
    );
    expect(right).toBeGreaterThan(runs.numRuns / 10);
  });

  test('of words that the rules of the grammar derive', () => {
    const random = new Random(1);
    let right = 0;
    for (let round = 0; round < 400; round++)
      if (expectRoundTrip(derivation(random, 'file', 60).join(' '))) right += 1;
    expect(right).toBeGreaterThan(30);
  });
});

const operators = Object.keys(precedenceOf) as BinaryOperator[];

/** Trees that nobody has written. */
const expressions: fc.Arbitrary<Unplaced<Expr>> = fc.letrec<{ expr: Unplaced<Expr> }>((tie) => {
  const argument = fc
    .tuple(fc.option(fc.constantFrom('out', 'stride', 'in'), { nil: undefined }), tie('expr'))
    .map(([name, value]) => ({
      ...(name === undefined ? {} : { name: { kind: 'identifier' as const, name } }),
      value,
    }));
  return {
    expr: fc.oneof(
      { maxDepth: 5, withCrossShrink: true },
      fc.constantFrom('x', 'channels', 'input').map((name) => ({ kind: 'name' as const, name })),
      fc
        .oneof(
          fc.nat(),
          fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }),
          fc.constantFrom(2 ** 53, 1e16, 1e22, 5e-324, 1e-7, 1.7e308, 450e6),
        )
        .map((value) => ({ kind: 'number' as const, value: Math.abs(value) })),
      fc
        .array(fc.nat(999), { minLength: 2, maxLength: 3 })
        .map((values) => ({ kind: 'dims' as const, values })),
      fc
        .string({ unit: fc.constantFrom('a', '"', '\\', '\n', '\t', 'n', '…', "'", '/') })
        .map((value) => ({ kind: 'string' as const, value })),
      fc.boolean().map((value) => ({ kind: 'boolean' as const, value })),
      fc
        .tuple(fc.constantFrom('round8', 'choice', 'conv'), fc.array(argument, { maxLength: 3 }))
        .map(([name, args]) => ({
          kind: 'call' as const,
          callee: { kind: 'identifier' as const, name },
          args,
        })),
      fc
        .tuple(fc.constantFrom('-' as const, '!' as const), tie('expr'))
        .map(([operator, operand]) => ({ kind: 'unary' as const, operator, operand })),
      fc
        .tuple(fc.constantFrom(...operators), tie('expr'), tie('expr'))
        .map(([operator, left, right]) => ({ kind: 'binary' as const, operator, left, right })),
      fc.tuple(tie('expr'), tie('expr'), tie('expr')).map(([condition, whenTrue, whenFalse]) => ({
        kind: 'conditional' as const,
        condition,
        whenTrue,
        whenFalse,
      })),
      fc.tuple(tie('expr'), tie('expr')).map(([list, index]) => ({ kind: 'index' as const, list, index })),
      fc.array(tie('expr'), { maxLength: 3 }).map((elements) => ({ kind: 'list' as const, elements })),
      fc
        .array(tie('expr'), { minLength: 1, maxLength: 3 })
        .map((elements) => ({ kind: 'tuple' as const, elements })),
    ),
  };
}).expr;

describe('a tree built in memory', () => {
  test('of a value', () => {
    fc.assert(
      fc.property(expressions, (value) => {
        expectReturn([{ kind: 'let', name: { kind: 'identifier', name: 'x' }, value }]);
      }),
      cases(500),
    );
  });

  test('of a model has the text that people write', () => {
    const call = (name: string, ...args: readonly Unplaced<Expr>[]) =>
      ({
        kind: 'op-call',
        callee: { kind: 'identifier', name },
        called: args.length > 0,
        args: args.map((value) => ({ value })),
      }) as const;
    const flow = (...elements: readonly ReturnType<typeof call>[]) =>
      ({ kind: 'flow-statement', flow: { elements } }) as const;
    const count = (value: number) => ({ kind: 'number', value }) as const;
    const dims = (...values: number[]) => ({ kind: 'dims', values }) as const;
    const model: Unplaced<Item> = {
      kind: 'model',
      doc: { text: 'Imported.\n\nIts \\weights are not.' },
      name: { kind: 'identifier', name: 'Net' },
      params: [],
      body: {
        statements: [
          { kind: 'input', shape: dims(32, 32, 3) },
          { kind: 'classes', count: count(10) },
          {
            kind: 'flow-statement',
            name: { kind: 'identifier', name: 'stem' },
            flow: { elements: [call('conv', count(16), dims(3, 3)), call('bn'), call('relu')] },
          },
          {
            kind: 'flow-statement',
            flow: {
              elements: [
                {
                  kind: 'residual',
                  body: { statements: [flow(call('conv', count(16), dims(3, 3))), flow(call('bn'))] },
                  shortcut: { statements: [flow(call('conv', count(16), dims(1, 1)), call('bn'))] },
                },
              ],
            },
          },
          flow(call('gap'), call('dense', count(10))),
        ],
      },
    };
    const path = { kind: 'string', value: './a "b".arch' } as const;
    const imports: Unplaced<Item> = {
      kind: 'import',
      names: [{ kind: 'identifier', name: 'A' }],
      path,
    };
    expect(printItems([imports, imports, model])).toBe(
      [
        'import { A } from "./a \\"b\\".arch"',
        'import { A } from "./a \\"b\\".arch"',
        '',
        '/// Imported.',
        '///',
        '/// Its \\weights are not.',
        'model Net {',
        '  input 32x32x3',
        '  classes 10',
        '  stem = conv(16, 3x3) -> bn -> relu',
        '  residual {',
        '    conv(16, 3x3)',
        '    bn',
        '  } shortcut { conv(16, 1x1) -> bn }',
        '  gap -> dense(10)',
        '}',
        '',
      ].join('\n'),
    );
    expectReturn([imports, model]);
  });

  test('of long flows and tables is on several lines', () => {
    const long = Array.from({ length: 40 }, (_, index) => `conv(${index}, 3x3)`).join(' -> ');
    const table = Array.from({ length: 20 }, (_, index) => `(${index}, 3x3)`).join(', ');
    const text = printItems(parse(`let t = [${table}]\nblock B() { ${long} }`).file.items);
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThan(100);
    expectRoundTrip(text);
  });

  test('of edges has those into one node on a line', () => {
    const cell = parse('cell C { 0 -> 1: relu 0 -> 2: none 1 -> 2: relu -> bn 0 -> 3: bn }').file.items[0]!;
    expect(printItem(cell)).toBe(
      'cell C {\n  0 -> 1: relu\n  0 -> 2: none\n  1 -> 2: relu -> bn\n  0 -> 3: bn\n}',
    );
    expectReturn([cell]);
  });
});

test('an expression has the parentheses that it needs, and no others', () => {
  for (const text of [
    '(a + b) * c',
    'a + b * c',
    'a - (b - c)',
    'a - b - c',
    '-(a + b)',
    '!(a < b) && c',
    '(a ? b : c) ? d : e ? f : g',
    '(a ? b : c) + 1',
    '[(a, b), (c,)]',
  ]) {
    const [item] = parse(`let x = ${text}`).file.items;
    expect(expressionText((item as Item & { kind: 'let' }).value)).toBe(text);
  }
});

test('what is beyond a limit, and a hole, are an ellipsis', () => {
  const [list, hole] = parse('let x = [aaaa, bbbb, cccc, dddd]\nlet y = 1 + ').file.items;
  expect(expressionText((list as Item & { kind: 'let' }).value, 8)).toBe('[aaaa, bbbb, …]');
  const [long] = parse(`let x = [${'1 + 2, '.repeat(10_000)}]`).file.items;
  expect(expressionText((long as Item & { kind: 'let' }).value, 8)).toBe('[1 + 2, 1 + …, …]');
  expect(expressionText((hole as Item & { kind: 'let' }).value)).toBe('1 + …');
});

test.each([-1, NaN, Infinity])('%d has no text', (value) => {
  expect(() => numberText(value)).toThrow(RangeError);
});

test('a string with a carriage return has no text', () => {
  expect(() => stringText('a\rb')).toThrow(RangeError);
});
