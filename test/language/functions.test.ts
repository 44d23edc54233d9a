import { describe } from 'vitest';
import { check } from './support/cases.ts';
import { network } from './support/helpers.ts';

describe('functions say what they cannot take', () => {
  check([
    ['a root of less than nothing', network('conv(⟦function-argument|sqrt(0 - 4)⟧, 3x3)'), 'no root of -4'],
    ['a logarithm of nothing', network('conv(⟦function-argument|log(0)⟧, 3x3)'), 'no logarithm of 0'],
    ['multiples of nothing', network('conv(⟦function-argument|round_to(8, 0)⟧, 3x3)'), 'no multiples of 0'],
    ['the length of a number', network('conv(⟦function-argument|len(3)⟧, 3x3)'), 'takes a list'],
    [
      'two arguments where there is one',
      network('conv(⟦function-argument|pow(2)⟧, 3x3)'),
      'takes 2 arguments, not 1',
    ],
    [
      'a range of parts',
      network('for i in ⟦function-argument|range(0.5)⟧ { conv(i, 3x3) }'),
      'whole numbers',
    ],
    [
      'an endless range',
      network('for i in ⟦function-argument|range(10000)⟧ { conv(i, 3x3) }'),
      'at most 10000',
    ],
    [
      'lists of two lengths',
      network('for (a, b) in ⟦function-argument|zip([1], [1, 2])⟧ { conv(a, b) }'),
      'of 1 and 2 values',
    ],
    ['half a side', network('conv(8, ⟦function-argument|dims(1, 0.5)⟧)'), 'whole numbers'],
  ]);
});
