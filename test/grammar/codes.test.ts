// Every code of a syntax problem: a text that has it, and the text as it was meant, which has none.
import { expect, test } from 'vitest';
import { parse } from '../../grammar/parser.ts';
import { diagnosticCodes } from '../../server/language/codes.ts';

const snippets: Readonly<Record<string, readonly [wrong: string, right: string]>> = {
  expected: ['let a =', 'let a = 1'],
  unexpected: ['1\n', 'let a = 1\n'],
  'missing-comma': ['let a = [1 2]', 'let a = [1, 2]'],
  'missing-body': ['block A()', 'block A() { relu }'],
  'missing-closer': ['block A() { relu', 'block A() { relu }'],
  'stray-closer': ['block A() { relu } }', 'block A() { relu }'],
  'stray-opener': ['{ let a = 1\nlet b = 1', 'let a = 1\nlet b = 1'],
  'wrong-closer': ['let a = [1, 2)', 'let a = [1, 2]'],
  'unknown-keyword': ['blokc A() { relu }', 'block A() { relu }'],
  'bad-number': ['let a = 1.2.3', 'let a = 1.2'],
  'bad-name': ['let é = 1', 'let e = 1'],
  'wrong-quotes': ["import { A } from './a.arch'", 'import { A } from "./a.arch"'],
  'hash-comment': ['# a comment\nlet a = 1', '// a comment\nlet a = 1'],
  semicolon: ['let a = 1;', 'let a = 1'],
  'unknown-character': ['let a = 1 § ', 'let a = 1'],
  'unterminated-string': ['import { A } from "./a.arch', 'import { A } from "./a.arch"'],
  'unterminated-comment': ['let a = 1\n/* never closed', 'let a = 1\n/* closed */'],
};

test.each(Object.entries(snippets))('%s', (code, [wrong, right]) => {
  expect(parse(wrong).problems.map((problem) => problem.code)).toEqual([code]);
  expect(parse(right).problems).toEqual([]);
});

test('every code has a snippet', () => {
  expect(Object.keys(snippets).toSorted()).toEqual([...diagnosticCodes.syntax].toSorted());
});
