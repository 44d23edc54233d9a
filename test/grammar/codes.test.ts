// Every code of a syntax problem: a text that has it, and the text as it was meant, which has none.
import { expect, test } from 'vitest';
import { parse } from '../../grammar/parser.ts';
import { diagnosticCodes } from '../../server/language/check/codes.ts';
import { problemTexts } from './problem-texts.ts';

test.each(Object.entries(problemTexts))('%s', (code, [wrong, right]) => {
  expect(parse(wrong).problems.map((problem) => problem.code)).toEqual([code]);
  expect(parse(right).problems).toEqual([]);
});

test('every code has a snippet', () => {
  expect(Object.keys(problemTexts).toSorted()).toEqual([...diagnosticCodes.syntax].toSorted());
});
