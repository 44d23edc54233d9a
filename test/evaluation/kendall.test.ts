import { expect, test } from 'vitest';
import { kendallTauB, tauDeviation } from '../../server/evaluation/kendall.ts';
import { once, pair } from '../../server/evaluation/pairs.ts';
import { paragraphsOf } from '../../server/evaluation/report.ts';

function* orders(values: readonly number[]): Generator<readonly number[]> {
  if (values.length === 0) yield [];
  for (const first of values)
    for (const rest of orders(values.filter((value) => value !== first))) yield [first, ...rest];
}

test.each([2, 3, 4, 5, 6])('the deviation of tau is that of all orders of %d networks', (size) => {
  const targets = Array.from({ length: size }, (_, index) => index);
  const squares = [...orders(targets)].map((scores) => {
    const pairs = pair(scores, targets);
    return kendallTauB(pairs, once(pairs))! ** 2;
  });
  const variance = squares.reduce((sum, square) => sum + square, 0) / squares.length;
  expect(tauDeviation(size)).toBeCloseTo(Math.sqrt(variance), 12);
});

// abs(tau) / norm.isf(p / 2) of scipy.stats.kendalltau(method='asymptotic') of SciPy 1.15.3, on permutations.
test.each([
  [6, 0.35486043161491804],
  [100, 0.06783488238537702],
  [300, 0.03871463854866364],
])('the deviation of tau at %d networks is that of SciPy', (size, expected) => {
  expect(tauDeviation(size)).toBeCloseTo(expected, 14);
});

test.each([
  [
    6,
    'The sample is small: with 6 networks, tau of a score that says nothing has a standard deviation of .355.',
  ],
  [300, undefined],
])('an evaluation of %d networks says what chance does', (size, note) => {
  const said = paragraphsOf({
    source: 'table.csv',
    target: 'accuracy',
    targets: Array.from({ length: size }, (_, index) => index),
    names: [],
    scores: [],
    options: { depth: 10, top: 10, resamples: 0, seed: 0 },
    notes: [],
  });
  expect(said.find((paragraph) => paragraph.includes('small'))).toBe(note);
});
