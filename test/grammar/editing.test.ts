import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from '../../grammar/parser.ts';

function json(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`../../grammar/${name}.json`, import.meta.url), 'utf8'));
}

interface Snippet {
  readonly prefix: string;
  readonly body: readonly string[];
}

interface Configuration {
  readonly brackets: readonly (readonly [string, string])[];
  readonly wordPattern: string;
  readonly indentationRules: {
    readonly increaseIndentPattern: string;
    readonly decreaseIndentPattern: string;
  };
  readonly onEnterRules: readonly {
    readonly beforeText: string;
    readonly action: { readonly appendText?: string };
  }[];
}

/** A snippet as it is inserted: first choices and defaults, cursors removed. */
function inserted({ body }: Snippet): string {
  let text = body.join('\n');
  const defaults = new Map<string, string>();
  for (let before = ''; before !== text;) {
    before = text;
    text = text
      .replace(/\$\{\d+\|([^,|]*)[^}]*\|\}/g, '$1')
      .replace(/\$\{(\d+):([^${}]*)\}/g, (_, index: string, value: string) => {
        defaults.set(index, value);
        return value;
      })
      .replace(/\$\{(\d+)\}|\$(\d+)/g, (_, a?: string, b?: string) => defaults.get(a ?? b ?? '') ?? '');
  }
  return text;
}

describe('snippets', () => {
  const snippets = Object.entries(json('snippets') as Readonly<Record<string, Snippet>>);
  const declarations = /^(?:\/\/\/|model|block|space|cell|import)/;

  test.each(snippets)('%s is valid as inserted', (_, snippet) => {
    const text = inserted(snippet);
    expect(text).not.toContain('$');
    expect(parse(declarations.test(text) ? text : `model M {\n${text}\n}`).problems).toEqual([]);
  });

  test('there is one for every construct with braces', () => {
    const prefixes = new Set(snippets.map(([, { prefix }]) => prefix));
    for (const prefix of ['model', 'block', 'space', 'cell', 'residual', 'repeat', 'for', 'if', 'parallel'])
      expect(prefixes).toContain(prefix);
    expect(prefixes.size).toBe(snippets.length);
  });
});

describe('language configuration', () => {
  const configuration = json('language-configuration') as Configuration;

  test('indents after opening brackets and back at closing ones', () => {
    const increase = new RegExp(configuration.indentationRules.increaseIndentPattern);
    const decrease = new RegExp(configuration.indentationRules.decreaseIndentPattern);
    for (const line of ['model A {', '  for (c, s) in [', '  conv(', '} shortcut {', 'residual {'])
      expect(increase.test(line), line).toBe(true);
    for (const line of ['  conv(16, 3x3) -> bn', '  repeat 3 { relu }', '// a {', 'classes 10'])
      expect(increase.test(line), line).toBe(false);
    for (const line of ['}', '  ])', '} shortcut {']) expect(decrease.test(line), line).toBe(true);
    expect(decrease.test('  relu')).toBe(false);
  });

  test('continues documentation on the next line, other comments not', () => {
    const rule = configuration.onEnterRules.find((each) => each.action.appendText === '/// ')!;
    expect(new RegExp(rule.beforeText).test('  /// Text')).toBe(true);
    expect(new RegExp(rule.beforeText).test('//// Text')).toBe(false);
    expect(new RegExp(rule.beforeText).test('// Text')).toBe(false);
  });

  test('takes sizes and names as words', () => {
    const words = (text: string) => text.match(new RegExp(configuration.wordPattern, 'g'));
    expect(words('conv(nor_conv_3x3, 32x32x3)')).toEqual(['conv', 'nor_conv_3x3', '32x32x3']);
    expect(configuration.brackets.map((pair) => pair.join(''))).toEqual(['{}', '[]', '()']);
  });
});
