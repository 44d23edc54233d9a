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

test('a branch that nothing uses is told once, whatever it is made of', () => {
  const dangling = network(
    'x = conv(4, 3x3)\ny = conv(5, 1x1) -> bn -> relu -> conv(6, 1x1) -> bn -> relu\nx -> conv(4, 3x3)',
  );
  const findings = findingsOf(dangling).filter(({ code }) => code === 'no-signal');
  expect(findings).toHaveLength(1);
  const [{ message, location, related }] = findings as [(typeof findings)[0]];
  expect(dangling.slice(location.span.start, location.span.end)).toBe('bn');
  expect(message).toMatch(/^No signal passes `bn` and 3 ops before it: their gradients are always 0\./);
  expect(related.length).toBeGreaterThan(3);
});

test('a branch that forks is told once for each end', () => {
  const text = network(
    'x = conv(4, 3x3)\ny = conv(5, 1x1) -> bn\na = y -> conv(6, 1x1)\nb = y -> conv(7, 1x1) -> bn\nx -> conv(4, 3x3)',
  );
  expect(found(text).filter((each) => each.startsWith('no-signal'))).toEqual([
    'no-signal "conv(6, 1x1)"',
    'no-signal "bn"',
  ]);
});

test('a chain of edges behind or before `none` is told once', () => {
  const before = network(
    'C',
    'cell C { 0 -> 1: nor_conv_3x3\n1 -> 2: nor_conv_3x3\n2 -> 3: none\n0 -> 3: relu }',
  );
  expect(found(before)).toEqual(['dead-edge "nor_conv_3x3"']);
  const behind = network(
    'C',
    'cell C { 0 -> 1: none\n1 -> 2: nor_conv_3x3\n2 -> 3: nor_conv_3x3\n0 -> 3: relu }',
  );
  expect(found(behind)).toEqual(['dead-edge "nor_conv_3x3"']);
});
