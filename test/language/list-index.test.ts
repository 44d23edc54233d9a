import { describe } from 'vitest';
import { check } from './support/cases.ts';
import { network } from './support/helpers.ts';

describe('an index says what it cannot take', () => {
  const widths = 'let w = [4, 8]';
  check([
    ['beyond the end', network('conv(w[⟦list-index|2⟧], 3x3)', widths), 'are 0 to 1'],
    ['before the start', network('conv(w[⟦list-index|-1⟧], 3x3)', widths), 'no element -1'],
    ['between two', network('conv(w[⟦list-index|0.5⟧], 3x3)', widths), 'no element 0.5'],
    ['a word', network('conv(w[⟦list-index|same⟧], 3x3)', widths), 'the string "same"'],
    ['of a number', network('conv(⟦type-mismatch|w⟧[0], 3x3)', 'let w = 8'), 'not of the number 8'],
  ]);
});
