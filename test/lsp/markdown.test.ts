// Text of files in Markdown: nothing of it is loaded, whatever it is, and useful Markdown stays.
import fc from 'fast-check';
import type { Tokens } from 'marked';
import { describe, expect, test } from 'vitest';
import { docMarkdown } from '../../server/lsp/doc-markdown.ts';
import { code, fenced, plain, table } from '../../server/base/markdown.ts';
import { dangers, expectHarmless, seen, tokensOf } from './support/read-markdown.ts';

/** Pieces that Markdown is made of, and those that quoting is undone with. */
const pieces = fc.constantFrom(
  ...[
    '![',
    '[',
    ']',
    '(',
    ')',
    '](',
    '!',
    '<',
    '>',
    '`',
    '``',
    '```',
    '~~~',
    '~',
    '|',
    '\\',
    '\\`',
    '\\|',
    '\\[',
  ],
  ...['https://evil.example/t.png', 'http://a', 'www.evil.example', 'ftp://evil.example', 'a@evil.example'],
  ...[
    'command:quit',
    'data:image/png;base64,x',
    '<img src=https://evil.example/t.png>',
    '<!--',
    '-->',
    '<svg',
  ],
  ...[
    '![x](https://evil.example/t.png)',
    '[x]: https://evil.example/t.png',
    '![x]',
    '[x](command:quit)',
    '[x][x]',
  ],
  ...[
    '\n',
    '\n\n',
    '\r',
    '\r\n',
    '\u2028',
    '\u0085',
    '\0',
    ' ',
    '    ',
    '\t',
    '> ',
    '- ',
    '1. ',
    '# ',
    '---',
    ':-',
    '| - |',
  ],
  ...[
    '|-|-|',
    'a',
    'b c',
    'é',
    '*',
    '**',
    '_',
    '&',
    '&lt;',
    '&#91;',
    '$',
    '$$',
    '=',
    '==',
    '+',
    ':',
    '"',
    "'",
    '{',
    '}',
    '^',
  ],
);
const texts = fc.array(pieces, { maxLength: 24 }).map((list) => list.join(''));
const runs = { numRuns: 3000 };

describe('any text', () => {
  test('the dangers are seen where nothing is done', () => {
    for (const text of [
      '![x](https://evil.example/t.png)',
      '![x]\n\n[x]: https://evil.example/t.png',
      '<img src="https://evil.example/t.png">',
      '[x](command:quit)',
      '[safe.example](https://evil.example)',
    ])
      expect(dangers(text), text).not.toEqual([]);
  });

  test('as documentation it is harmless', () => {
    fc.assert(
      fc.property(texts, (text) => {
        expectHarmless(docMarkdown(text));
      }),
      runs,
    );
  });

  test('as documentation it is harmless before and behind what the server says', () => {
    const property = fc.property(texts, texts, (above, name) => {
      const markdown = [
        docMarkdown(above),
        table(['A', 'B'], [[plain(name), code(name)]]),
        docMarkdown(name),
      ].join('\n\n');
      expectHarmless(markdown);
    });
    fc.assert(property, runs);
  });

  test('as plain text it is seen as it is', () => {
    const property = fc.property(texts, (text) => {
      const markdown = plain(text);
      expectHarmless(markdown);
      expect(
        tokensOf(markdown)
          .map(({ type }) => type)
          .filter((type) => !['paragraph', 'text', 'escape', 'space'].includes(type)),
      ).toEqual([]);
      expect(seen(markdown)).toBe(
        text
          .replaceAll(/[\0\u0085\u2028]/g, '\ufffd')
          .replaceAll(/\s+/g, ' ')
          .trim(),
      );
    });
    fc.assert(property, runs);
  });

  test('as code it is code', () => {
    const property = fc.property(texts, (text) => {
      const types = tokensOf(code(text)).map(({ type }) => type);
      expect(types).toEqual(code(text) === '' ? [] : ['paragraph', 'codespan']);
      expect(tokensOf(fenced(text)).map(({ type }) => type)).toEqual(['code']);
    });
    fc.assert(property, runs);
  });

  test('in a table it stays in its cell', () => {
    const property = fc.property(texts, texts, (first, second) => {
      const markdown = table(['A', 'B', 'C'], [[plain(first), code(second), 'end']]);
      expectHarmless(markdown);
      const [read] = tokensOf(markdown);
      expect(read?.type).toBe('table');
      const { rows } = read as Tokens.Table;
      expect(rows).toHaveLength(1);
      expect(rows[0]![2]!.text).toBe('end');
    });
    fc.assert(property, runs);
  });
});

describe('a doc comment', () => {
  test.each([
    ['A *basic* **block** of `conv(16, 3x3)`.', 'A *basic* **block** of `conv(16, 3x3)`.'],
    ['- one\n- two\n  1. deep', '- one\n- two\n  1. deep'],
    ['# Title\n\n> quoted', '# Title\n\n> quoted'],
    ['Two backticks: ``a`b``.', "Two backticks: `a'b`."],
    ['See https://example.org/a_(b), p. 3.', 'See <https://example.org/a_(b)>, p. 3.'],
    ['```arch\n[1, 2] < ![x](y)\n```\nmore', '```arch\n[1, 2] < ![x](y)\n```\nmore'],
    ['~~~\n```\n~~~', '````\n```\n````'],
    ['```\nnever closed', '```\nnever closed\n```'],
    ['3 < 4, a & b, x[0], C_out', '3 \\< 4, a & b, x\\[0\\], C_out'],
    ['already \\[quoted\\]', 'already \\[quoted\\]'],
  ])('%j', (text, markdown) => {
    expect(docMarkdown(text)).toBe(markdown);
  });

  test('keeps what can be read of a picture', () => {
    expect(seen(docMarkdown('![x](https://evil.example/t.png)'))).toBe('![x](https://evil.example/t.png)');
  });

  test.each([
    ['backticks that pair', '`a` '.repeat(30_000)],
    ['backticks that do not', Array.from({ length: 400 }, (_, n) => '`'.repeat(n + 1)).join(' ')],
    ['fences', '```\nx\n```\n'.repeat(20_000)],
    ['one opening fence after another', '```\n~~~\n'.repeat(20_000)],
    ['brackets', '['.repeat(100_000)],
    ['addresses', 'https://'.repeat(20_000)],
    ['a long run', `a${'`'.repeat(200_000)}`],
  ])('comes to an end at any length: %s', (_, text) => {
    expect(docMarkdown(text).length).toBeGreaterThanOrEqual(text.length);
  });
});
