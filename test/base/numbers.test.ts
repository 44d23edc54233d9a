import { expect, test } from 'vitest';
import { change, percent } from '../../server/base/numbers.ts';

test.each([
  [0, '0 %'],
  [0.00005, '< 0.01 %'],
  [0.0421, '4.2 %'],
  [0.994, '99 %'],
  // Not all is left out of all.
  [0.9981, '99.8 %'],
  [1, '100 %'],
  [2.34, '234 %'],
])('a share of %d is %s', (share, text) => {
  expect(percent(share)).toBe(text);
});

test('a change of three orders of magnitude leaves something', () => {
  expect(change(107e6, 0.2e6)).toBe('−99.8 %');
});
