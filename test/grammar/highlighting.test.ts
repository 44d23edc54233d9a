import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import oniguruma from 'vscode-oniguruma';
import textmate from 'vscode-textmate';
import { beforeAll, describe, expect, test } from 'vitest';
import { parse } from '../../grammar/parser.ts';
import * as T from '../../grammar/tokens.ts';
import { SAMPLE } from './sample.ts';

const require = createRequire(import.meta.url);
let grammar: textmate.IGrammar;

beforeAll(async () => {
  const wasm = readFileSync(require.resolve('vscode-oniguruma/release/onig.wasm'));
  await oniguruma.loadWASM(wasm.buffer.slice(wasm.byteOffset, wasm.byteOffset + wasm.byteLength));
  const source = readFileSync(new URL('../../grammar/archlens.tmLanguage.json', import.meta.url), 'utf8');
  const registry = new textmate.Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns),
      createOnigString: (text) => new oniguruma.OnigString(text),
    }),
    loadGrammar: (scope) =>
      Promise.resolve(scope === 'source.arch' ? textmate.parseRawGrammar(source, 'archlens.json') : null),
  });
  grammar = (await registry.loadGrammar('source.arch'))!;
});

/** The innermost scope of every character, spaces aside. */
function scopes(text: string): (string | undefined)[] {
  const found: (string | undefined)[] = [];
  let stack: textmate.StateStack | null = null;
  for (const line of text.split('\n')) {
    const { tokens, ruleStack } = grammar.tokenizeLine(line, stack);
    stack = ruleStack;
    for (const token of tokens)
      for (let at = token.startIndex; at < Math.min(token.endIndex, line.length); at++)
        found.push(token.scopes.at(-1));
    found.push(undefined);
  }
  return found;
}

/** The scope of the first character of `word` in `text`. */
function scopeOf(text: string, word: string): string | undefined {
  return scopes(text)[text.indexOf(word)];
}

describe('highlighting', () => {
  test('agrees with the parser on what every token of the sample is', () => {
    const found = scopes(SAMPLE);
    const allowed = {
      keyword: /^(?:keyword\.(?:control|other)|storage\.type|variable\.language)/,
      name: /^(?:entity|support|variable)/,
      number: /^(?:constant\.numeric|keyword\.other\.unit|entity\.name\.tag)/,
      dims: /^constant\.numeric\.dims/,
      string: /^(?:string|support|punctuation)/,
      operator: /^keyword\.operator/,
      punctuation: /^punctuation/,
      unknown: /^$/,
    };
    for (const { kind, span } of parse(SAMPLE).tokens) {
      const scope = found[span.start] ?? '';
      const word = SAMPLE.slice(span.start, span.end);
      // These are keywords or ops by their place, which a regular expression sees only in part.
      if (word === 'choice' || word === 'add' || word === 'concat') continue;
      expect(scope, `${word} (${kind}) in ${SAMPLE.slice(span.start - 30, span.end + 10)}`).toMatch(
        allowed[kind],
      );
    }
  });

  test('comments', () => {
    expect(scopeOf('/// doc', '///')).toBe('comment.line.documentation.arch');
    expect(scopeOf('//// no doc', '////')).toBe('comment.line.double-slash.arch');
    expect(scopeOf('relu // x', '//')).toBe('comment.line.double-slash.arch');
    expect(scopes('/* a\nb */')[6]).toBe('comment.block.arch');
  });

  test('numbers with suffixes, sizes, escapes', () => {
    expect(scopeOf('let x = 450M', '450')).toBe('constant.numeric.arch');
    expect(scopeOf('let x = 450M', 'M')).toBe('keyword.other.unit.arch');
    expect(scopeOf('let x = 32x32x3', '32x32x3')).toBe('constant.numeric.dims.arch');
    expect(scopeOf('let x = "a\\"b"', '\\"')).toBe('constant.character.escape.arch');
    expect(scopeOf('cell C = "|relu~0|"', 'relu')).toBe('support.function.op.arch');
  });

  test('a string that is not closed ends with its line', () => {
    expect(scopes('let x = "abc\nmodel')[13]).toBe('storage.type.arch');
  });

  test('keywords used as names of arguments are names', () => {
    expect(scopeOf('conv(in = 3)', 'in')).toBe('variable.parameter.arch');
    expect(scopeOf('conv(1, as = 3)', 'as')).toBe('variable.parameter.arch');
  });

  test('every keyword is coloured in its place', () => {
    const places: Readonly<Record<string, string>> = {
      import: 'import { A } from "a"',
      from: 'import { A } from "a"',
      let: 'let x = 1',
      block: 'block B(x) { }',
      model: 'model M { }',
      space: 'space S { }',
      cell: 'cell C { }',
      input: 'input 32x32x3',
      classes: 'classes 10',
      constraint: 'constraint flops < 3',
      repeat: 'repeat 3 as i { }',
      as: 'repeat 3 as i { }',
      for: 'for c in l { }',
      in: 'for c in l { }',
      if: 'if (a) { } else { }',
      else: 'if (a) { } else { }',
      residual: 'residual { } shortcut { }',
      shortcut: 'residual { } shortcut { }',
      parallel: 'parallel add { }',
      add: 'parallel add { }',
      concat: 'parallel concat { }',
      mul: 'parallel mul { }',
      branch: 'branch { }',
      choice: 'choice(a, b)',
      true: 'conv(bias = true)',
      false: 'conv(bias = false)',
    };
    expect(Object.keys(places).sort()).toEqual(T.KEYWORDS.map((type) => type.LABEL!).sort());
    for (const [word, text] of Object.entries(places)) {
      const at = new RegExp(`\\b${word}\\b`).exec(text)!.index;
      expect(scopes(text)[at], text).toMatch(/^(?:keyword|storage|constant\.language)/);
    }
  });
});
