// Several tensors that flow together: through blocks and cells that take and give them, and round loops.
import { describe, expect, test } from 'vitest';
import { check } from './support/cases.ts';
import { analyse, findingsOf, network, onlyModel } from './support/helpers.ts';
import { networkHash } from '../../server/score/key.ts';

const pair = 'block Pair[a, b](n) { c = a -> conv(n, 1x1) -> add(b)\n[b, c] }\nblock Last[_a, b]() { b }';

describe('mistakes', () => {
  check([
    [
      'an op',
      network('x = relu\n[x, x] -> ⟦tensor-count|bn⟧'),
      '`bn` takes one tensor, but 2 flow in here: name them with `[a, b] = …`',
    ],
    ['`add`, too', network('x = relu\n[x, x] -> ⟦tensor-count|add⟧(x)'), '`add` takes one tensor'],
    [
      'a block of one',
      network('x = relu\n[x, x] -> ⟦tensor-count|B⟧', 'block B() { relu }'),
      /or declare them as `B\[a, b\]`/,
    ],
    [
      'a block of two',
      network('⟦tensor-count|Pair(4)⟧ -> Last', pair),
      '`Pair` takes 2 tensors, but one flows in here: name them and write `[a, b] -> Pair`',
    ],
    [
      'a cell of two',
      network('⟦tensor-count|C⟧', 'cell C[a, b] { 0 -> 2: relu\n1 -> 2: relu }'),
      '`C` takes 2 tensors',
    ],
    [
      'a residual',
      network('x = relu\n⟦tensor-count|residual⟧ { [x, x] }'),
      'Each side of a residual takes one tensor',
    ],
    [
      'a branch',
      network('x = relu\n⟦tensor-count|parallel⟧ add { branch { [x, x] } branch { relu } }'),
      'A branch takes one',
    ],
    [
      'an edge',
      network('Cell', 'cell Cell { 0 -> 1: ⟦tensor-count|Two⟧ }\nblock Two[a]() { [a, a] }'),
      'A node of a cell',
    ],
    [
      'the width of two',
      network('x = relu\n[x, x] -> Pair(⟦no-context|channels⟧) -> Last', pair),
      'or several',
    ],
    [
      'a stated shape',
      network('x = relu\n[x, x] -> Pair(4) : ⟦tensor-count|8x8x4⟧\nLast', pair),
      'A stated shape',
    ],
    [
      'one name for two',
      network('x = relu\n⟦tensor-count|y⟧ = [x, x] -> Pair(4)', pair),
      'write `[a, b] = …`',
    ],
    ['two names for one', network('⟦tensor-count|[a, b]⟧ = relu'), 'One tensor flows here, but 2 are named'],
    [
      'three names for two',
      network('x = relu\n⟦tensor-count|[a, b, c]⟧ = [x, x] -> Pair(4)', pair),
      '2 tensors flow here, but 3 are named: write `[a, b] = …`',
    ],
    [
      'a name of nothing',
      network('x = relu\n[x, ⟦not-a-tensor|z⟧] -> Pair(4) -> Last', pair),
      'no tensor named `z`',
    ],
    [
      'a value as a tensor',
      network('let w = 3\nx = relu\n[x, ⟦not-a-tensor|w⟧] -> Pair(4) -> Last', pair),
      '`w`',
    ],
    [
      'one name twice',
      network('x = relu\n[a, ⟦duplicate-name|a⟧] = [x, x] -> Pair(4)\na', pair),
      'choose another name',
    ],
    [
      'a tensor as an argument',
      network('x = relu\nPair(⟦tensor-argument|x⟧)', 'block Pair(n) { conv(n, 1x1) }'),
      '`[a, b] -> Name`',
    ],
    [
      'a model that ends in two',
      'model M { input 8\nclasses 8\nx = relu\n[x, x] -> ⟦tensor-count|P⟧ }\nblock P[a, b]() { [a, b] }',
      'A network gives one tensor',
    ],
    ['a parameter called as a tensor', 'block B[a](⟦duplicate-name|a⟧) { a }', 'choose another name'],
  ]);
});

test('names that nothing reads are told of', () => {
  const said = (text: string) => findingsOf(text).map(({ code, message }) => `${code}: ${message}`);
  expect(said(network('x = relu\n[x, x] -> B', 'block B[a, b]() { a }'))).toEqual([
    'unused-name: Nothing uses the tensor `b`: call it `_b`.',
  ]);
  const alone = pair.replace(/\nblock Last.*/, '');
  expect(said(network('x = relu\n[y, z] = [x, x] -> Pair(4)\nz', alone))).toEqual([
    'unused-name: Nothing uses the tensor `y`: call it `_y`.',
  ]);
  expect(said(network('x = relu\n[_y, z] = [x, x] -> Pair(4)\nz', alone))).toEqual([]);
});

test('what flows round a loop is what blocks have given', () => {
  const looped = onlyModel(network(`x = relu\n[x, x]\nrepeat 2 { Pair(4) }\nLast`, pair));
  const unrolled = onlyModel(network(`x = relu\ny = conv(4, 1x1) -> add(x)\nx -> conv(4, 1x1) -> add(y)`));
  const ops = ({ network }: typeof looped) => network.nodes.map(({ op, inputs }) => `${op} ${inputs.join()}`);
  expect(ops(looped)).toEqual(ops(unrolled));
  expect(looped.totals).toEqual(unrolled.totals);
});

test('bodies, conditions and choices carry them on', () => {
  const { totals } = onlyModel(
    network(
      `x = relu\n[x, x]\nfor n in [4, 4] { if (n == 4) { Pair(n) } }\nif (false) { Pair(8) }\nLast`,
      pair,
    ),
  );
  expect(totals.params).toBe(2 * 4 * 4 + 4 * 10 + 10);
});

test('one name in brackets is that of the tensor that comes in', () => {
  const { totals } = onlyModel(
    network(`B(3)`, 'block B[image](n) { conv(n, 1x1)\nconv(2, 1x1) -> concat(image) }'),
  );
  expect(totals.params).toBe(4 * 3 + 3 * 2 + 6 * 10 + 10);
});

test('names are no part of a network', () => {
  const written = (a: string, b: string) =>
    networkHash(
      onlyModel(
        network(`x = relu\n[x, x] -> Pair(4) -> Last`, pair.replaceAll(/\ba\b/g, a).replaceAll(/\bb\b/g, b)),
      ).network,
    );
  expect(written('first', 'second')).toBe(written('p', 'q'));
});

test('hovers and hints know the shape of each', () => {
  const { shapes, text } = analyse(
    network(`x = relu\n[y, z] = [x, x] -> Halve\nz`, 'block Halve[a, b]() { c = b -> maxpool(2x2)\n[a, c] }'),
  );
  const found = shapes.find(({ span }) => text.slice(span.start, span.end) === '[x, x] -> Halve');
  expect(found?.shapes).toEqual([
    [
      [4, 8, 8],
      [4, 4, 4],
    ],
  ]);
});
