import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { format, formatChanges } from '../../../grammar/format/format.ts';
import { width } from '../../../grammar/format/layout.ts';
import { parse } from '../../../grammar/parser.ts';
import { canonicalNetwork } from '../../../server/network/canonical.ts';
import { analyse, diskProject, example } from '../../language/support/helpers.ts';
import { exampleNames, mutatedExample, plausibleProgram, program } from '../../language/support/random.ts';
import { shape } from '../helpers.ts';
import { SAMPLE } from '../sample.ts';
import { nestedText } from './nested.ts';
import { cases } from '../../support/property-runs.ts';

/** Pairs of a text and how it is formatted. */
const styles: readonly (readonly [what: string, before: string, after: string])[] = [
  [
    'indents by two, one statement a line, no blank lines at the ends of a body',
    'model   M{\n\n input 32x32x3 classes 10\n\n\n      relu\n\n}',
    'model M {\n  input 32x32x3\n  classes 10\n\n  relu\n}\n',
  ],
  [
    'spaces around operators, none inside parentheses',
    'let a=-( 1+2 )*3\nlet b = ! (a<2)?[1,2]:( 3 , )',
    'let a = -(1 + 2) * 3\nlet b = !(a < 2) ? [1, 2] : (3,)\n',
  ],
  [
    'arguments',
    'block B (out,stride=1){ conv( out ,3x3,stride=stride ) ->bn->  choice ( relu,gelu ) }',
    'block B(out, stride = 1) { conv(out, 3x3, stride = stride) -> bn -> choice(relu, gelu) }\n',
  ],
  [
    'a body with a line break is spread, one without stays',
    'block B() { residual { relu } shortcut {\nbn } }\nblock C() {relu bn}\nblock D() {}',
    'block B() {\n  residual { relu } shortcut {\n    bn\n  }\n}\nblock C() { relu bn }\nblock D() { }\n',
  ],
  [
    'braces, else and shortcut stand beside what they belong to',
    'block B(n)\n{\nif (n > 1)\n{\nrelu\n}\nelse\nif (n > 2) { bn }\nelse { gelu }\nresidual\n{\nrelu\n}\nshortcut\n{\nbn\n}\n}',
    'block B(n) {\n  if (n > 1) {\n    relu\n  } else if (n > 2) { bn } else { gelu }\n  residual {\n    relu\n  } shortcut {\n    bn\n  }\n}\n',
  ],
  [
    'a flow over several lines',
    'block B() {\nconv(16,\n3x3,\n)\n->\nbn -> relu\n-> gelu\n}',
    'block B() {\n  conv(\n    16,\n    3x3,\n  )\n    -> bn -> relu\n    -> gelu\n}\n',
  ],
  [
    'brackets that end a line',
    'let l = [\n1,2,\n3\n]\nblock B() { conv(\n16,3x3) }',
    'let l = [\n  1, 2,\n  3\n]\nblock B() {\n  conv(\n    16, 3x3\n  )\n}\n',
  ],
  [
    'tables: numbers end in one column, other values begin in one',
    'let t = [\n(1,16,relu,1x1),\n(10,8,identity,3x3),(5,128,gelu,5x5)\n]',
    'let t = [\n  (1,16,relu,1x1),\n(10,8,identity,3x3),(5,128,gelu,5x5)\n]\n'
      .replace('  (1,16,relu,1x1),', '  (1, 16, relu, 1x1),')
      .replace('(10,8,identity,3x3),(5,128,gelu,5x5)', '  (10, 8, identity, 3x3), (5, 128, gelu, 5x5)'),
  ],
  [
    'tables, a row a line',
    'let t = [\n(1,16,relu,1x1),\n(10,-8,identity,3x3), // why\n(5,128,gelu,5x5)\n]',
    'let t = [\n  ( 1,  16, relu,     1x1),\n  (10, -8,  identity, 3x3), // why\n  ( 5, 128, gelu,     5x5)\n]\n',
  ],
  [
    'edges of a cell',
    'cell C {\n0->1:relu\n0->2 : skip_connect  1->2:relu->conv(16,3x3)\n0->3: relu 1->3:none 2->3: bn }\ncell D { 0->1: relu 0->2: bn }',
    'cell C {\n  0 -> 1: relu\n  0 -> 2: skip_connect   1 -> 2: relu -> conv(16, 3x3)\n  0 -> 3: relu           1 -> 3: none   2 -> 3: bn\n}\ncell D { 0 -> 1: relu   0 -> 2: bn }\n',
  ],
  [
    'stated shapes of a body',
    'model M {\ninput 32x32x3 classes 10\nconv(16,3x3):32x32x16\nx = gap: 16\nresidual { relu:16 }\n}',
    'model M {\n  input 32x32x3\n  classes 10\n  conv(16, 3x3)   : 32x32x16\n  x = gap         : 16\n  residual { relu : 16 }\n}\n',
  ],
  [
    'comments',
    '// first\nlet a=1// one\nlet bcd = 2   // two  \n/* a\n   block */ let c = 3\n\n\n/// Doc.\nblock B() { // why\n      // next\nrelu\n  // in a flow\n-> bn\n    // last\n}',
    '// first\nlet a = 1   // one\nlet bcd = 2 // two\n/* a\n   block */ let c = 3\n\n/// Doc.\nblock B() { // why\n  // next\n  relu\n    // in a flow\n    -> bn\n  // last\n}\n',
  ],
  [
    'imports',
    'import{A,B}from"./b.arch"\nimport {\nA,\nB\n} from "./c.arch"',
    'import { A, B } from "./b.arch"\nimport {\n  A,\n  B\n} from "./c.arch"\n',
  ],
  [
    'lines that are too long',
    `block B() { residual { ${Array.from({ length: 12 }, () => 'conv(16, 3x3)').join(' ')} } }`,
    `block B() {\n  residual {\n${'    conv(16, 3x3)\n'.repeat(12)}  }\n}\n`,
  ],
  [
    'loops',
    'block B(){for(c,s)in[(1,2)]{relu}repeat 3 as i{bn}for x in(l){bn}}',
    'block B() { for (c, s) in [(1, 2)] { relu } repeat 3 as i { bn } for x in (l) { bn } }\n',
  ],
  [
    'the first braces of a line that is too long are spread, and no others',
    'model M {\nparallel add { branch { conv(8, 3x3) -> relu -> relu -> relu -> relu -> relu -> relu } branch { bn -> parallel add { branch { bn relu } } relu } }\n}',
    'model M {\n  parallel add {\n    branch {\n      conv(8, 3x3) -> relu -> relu -> relu -> relu -> relu -> relu\n    } branch { bn -> parallel add { branch { bn relu } } relu }\n  }\n}\n',
  ],
  [
    'braces that end before the width are spread where the line goes on beyond it',
    `block B() {\nresidual { relu } shortcut { bn }${' -> conv(16, 3x3)'.repeat(5)} -> bn\n}`,
    `block B() {\n  residual {\n    relu\n  } shortcut { bn }${' -> conv(16, 3x3)'.repeat(5)} -> bn\n}\n`,
  ],
  [
    'brackets that a comment ends in are spread, whatever ends its line',
    'block B(n) {\nif (n // why\r) { conv(8, 3x3 // this\r) }\n}',
    'block B(n) {\n  if (\n    n // why\n  ) {\n    conv(\n      8, 3x3 // this\n    )\n  }\n}\n',
  ],
  [
    'braces go with the line of the word they belong to, where a comment or a line break is between',
    'cell\nC // why\n// more\n{\n0->1:relu }\nblock B(n) {\nrelu\n-> residual // why\n{ bn }\nrepeat n\nas i {\nrelu\n} }',
    'cell\n  C // why\n// more\n{\n  0 -> 1: relu\n}\nblock B(n) {\n  relu\n    -> residual // why\n    { bn }\n  repeat n\n    as i {\n    relu\n  }\n}\n',
  ],
  ['line breaks of Windows stay', 'let a=1\r\nlet b = 2\r\n', 'let a = 1\r\nlet b = 2\r\n'],
  ['nothing', '\n \n', '\n \n'],
];

describe('the style', () => {
  test.each(styles)('%s', (_, before, after) => {
    expect(format(before)).toBe(after);
    expect(format(after)).toBe(after);
  });

  test.each(exampleNames)('is that of %s', (name) => {
    const { text } = example(name);
    expect(format(text)).toBe(text);
  });
});

describe('a file that does not parse', () => {
  test('keeps the broken declaration, and the others are formatted', () => {
    const broken = 'model M {\n    input 8x8x3\n  conv(16  3x3 -> bn\n}';
    expect(format(`let a=1\n\n${broken}\n\nlet  b=2`)).toBe(`let a = 1\n\n${broken}\n\nlet b = 2\n`);
  });

  test('keeps what is broken behind another mistake of the same line', () => {
    const broken = 'conv(8, 3x3)block model N {*/1e400conv(8, 3x3)$Partblock B(out) { relu }';
    expect(format(`${broken}\nlet  a=1`)).toBe(`${broken}\nlet a = 1\n`);
  });

  test('has the line breaks of what stays as it is', () => {
    const broken = 'model M {\n  conv(16  3x3 -> bn\n}';
    const formatted = format(`\r\nlet  a=1\n${broken}\nlet  b=2`);
    expect(formatted).toBe(`let a = 1\n${broken}\nlet b = 2\n`);
    expect(format(formatted)).toBe(formatted);
  });

  test.each([
    'cell\ro//\n{\n8->6:u}space i',
    'cell o // why\n{ 0->1: relu }space i',
    'block B()\n// why\n{ repeat 3 // why\n{ relu } }space i',
    'block B(n) { repeat n\nas i { relu\n } }space i',
  ])('is read as before beside a declaration without a body: %j', (text) => {
    const kinds = (of: string) => parse(of).file.items.map(({ kind }) => kind);
    const codes = (of: string) => parse(of).problems.map(({ code }) => code);
    const formatted = format(text);
    expect(formatted).not.toBe(text);
    expect(kinds(text)).toHaveLength(2);
    expect(kinds(formatted)).toEqual(kinds(text));
    expect(codes(formatted)).toEqual(codes(text));
  });

  test.each([
    '{ \ncell\r o\n   {\r 0  ->\n     1\n\n ://\n relu\n } // c\n',
    '{\n   space\r S\n {\t input\n\n 8x8x3\n\n classes\n 10  choice // c\n (  relu // c\n ,\t bn\n ) // c\n gap\n ->\n     dense\n   (\n classes  )\n }\n',
    'constraint  n\n >\n   1  {  import  { A\n , B // c\n } // c\n from\n "./b.arch"\n',
    '{//\n\n    import\n  {//\n  A\n , B\n  }   from\n "./b.arch"\n',
  ])('stays as it is where it would be read otherwise: %j', (text) => {
    expect(meaning(format(text))).toEqual(meaning(text));
  });

  test.each(['model M {\n   relu', '}  }', 'block  B() { relu -> }\n\n\n', 'import { A  from "./b.arch"'])(
    'stays as it is: %j',
    (text) => {
      expect(format(text)).toBe(text);
    },
  );
});

/** What formatting must keep of a text. */
function meaning(text: string): unknown {
  const { file, tokens, comments, problems } = parse(text);
  const words = (parts: typeof tokens | typeof comments): string[] =>
    parts.map(({ span }) => text.slice(span.start, span.end).trimEnd());
  return {
    file: shape(file),
    tokens: words(tokens),
    comments: words(comments),
    problems: problems.map(({ code }) => code),
  };
}

function expectSound(text: string): void {
  const formatted = format(text);
  expect(format(formatted)).toBe(formatted);
  expect(meaning(formatted)).toEqual(meaning(text));
}

describe('any text', () => {
  const runs = cases(60);

  test('is formatted once and for all, and means the same', () => {
    fc.assert(fc.property(fc.oneof(program, plausibleProgram), expectSound), runs);
    fc.assert(fc.property(mutatedExample, expectSound), runs);
  });

  test('bodies in bodies, in lines of about the width', () => {
    fc.assert(
      fc.property(
        fc.integer().map((seed) => nestedText(seed)),
        expectSound,
      ),
      cases(300),
    );
  });

  test('however it was written', () => {
    const { tokens } = parse(SAMPLE);
    const gap = fc.constantFrom(
      ' ',
      '\n',
      '\n\n\n  ',
      ' // note \n',
      '/* note */',
      '/* two\n lines */',
      '\t',
      '  ',
    );
    const soft = new Set(['input', 'classes', 'cell', 'space']);
    const written = fc.array(gap, { minLength: tokens.length, maxLength: tokens.length }).map((gaps) =>
      tokens
        .map(({ kind, span }, index) => {
          const word = SAMPLE.slice(span.start, span.end);
          return (soft.has(word) && kind === 'name' ? ' ' : gaps[index]!) + word;
        })
        .join(''),
    );
    fc.assert(fc.property(written, expectSound), cases(30));
  });

  test('changes white space only, in order', () => {
    fc.assert(
      fc.property(fc.oneof(mutatedExample, program), (text) => {
        let end = 0;
        for (const { span, text: replacement } of formatChanges(text, parse(text))) {
          expect(span.start).toBeGreaterThanOrEqual(end);
          expect(text.slice(span.start, span.end) + replacement).toMatch(/^[\s\ufeff]*$/);
          end = span.end;
        }
      }),
      cases(100),
    );
  });

  test('has the networks it had, tensor by tensor', () => {
    for (const name of exampleNames) {
      const { uri, text } = example(name);
      const squeezed = text.replaceAll(/ {2,}/g, ' ').replaceAll(/\n+/g, '\n');
      const networks = (content: string): unknown => {
        const others = diskProject();
        const analysis = analyse(content, {
          'blocks.arch': others.analyse(uri.replace(name, 'blocks.arch')).text,
        });
        return analysis.models.map(({ network }) => network && canonicalNetwork(network));
      };
      expect(networks(format(squeezed))).toEqual(networks(text));
    }
  });
});

test(`lines that can be spread are at most ${width} characters long`, () => {
  fc.assert(
    fc.property(plausibleProgram, (text) => {
      for (const line of format(text.replaceAll('\n', ' ')).split('\n'))
        if (/\{ [^{}]+ \}/.test(line)) expect(line.length).toBeLessThanOrEqual(width);
    }),
    cases(50),
  );
});
