import { expect, test } from 'vitest';
import { findingsOf, network } from './support/helpers.ts';

/** `code "text"` of what is found. */
function found(text: string): readonly string[] {
  return findingsOf(text).map(
    ({ code, location: { span } }) => `${code} "${text.slice(span.start, span.end)}"`,
  );
}

test.each([
  [
    'a dead edge',
    network('C', 'cell C { 0 -> 1: none\n0 -> 2: relu\n1 -> 2: nor_conv_3x3 }'),
    ['dead-edge "nor_conv_3x3"'],
  ],
  [
    'a node that nothing reads',
    network(
      'C',
      'cell C { 0 -> 1: relu\n0 -> 2: nor_conv_1x1   1 -> 2: nor_conv_3x3\n0 -> 3: bn   1 -> 3: bn }',
    ),
    ['cell-node-unused "2"'],
  ],
  [
    'a node of a genotype that nothing reads',
    network('C', 'cell C = "|nor_conv_3x3~0|+|skip_connect~0|"'),
    ['cell-node-unused "|nor_conv_3x3~0|"'],
  ],
])('%s is told once, by the linter', (_, text, expected) => {
  expect(found(text)).toEqual(expected);
});

test('what the linter does not look at is told at the op', () => {
  const text = network('x = conv(4, 3x3)\ngate = none\nx -> conv(4, 1x1) -> mul(gate) -> add(x)');
  expect(found(text)).toEqual(['no-signal "conv(4, 1x1)"']);
});
