// Cells with several inputs, parameters, edges and outputs, and the notation of DARTS.
import { describe, expect, test } from 'vitest';
import { check } from './support/cases.ts';
import { network, onlyModel, onlySpace, opsOf, space } from './support/helpers.ts';

describe('mistakes', () => {
  check([
    [
      'an edge to an input',
      'cell C[a, b] { 0 -> ⟦cell-edge-order|1⟧: relu\n1 -> 2: relu }',
      'number the others from 2 on',
    ],
    [
      'an input nobody reads',
      'cell C[a, ⟦cell-node-unused|b⟧] { 0 -> 2: relu }',
      'Nothing reads node 1, which is `b`',
    ],
    [
      'an output that is no node',
      'cell C { 0 -> 1: relu\nconcat(1, ⟦cell-label|2⟧) }',
      'the nodes of this cell are 0 to 1',
    ],
    [
      'a node beside the output',
      'cell C { 0 -> ⟦cell-node-unused|1⟧: relu\n0 -> 2: relu\nadd(0, 2) }',
      'made of nodes 0, 2',
    ],
    ['a source behind its target', 'cell C { choice(0, ⟦cell-edge-order|1) -> 1⟧: relu }', 'from 1 to 1'],
    [
      'arguments of a cell that has none',
      network('C(⟦too-many-arguments|3⟧)', 'cell C { 0 -> 1: relu }'),
      '`C` takes no arguments',
    ],
    [
      'an argument of a cell that is missing',
      network('⟦missing-argument|C⟧', 'cell C(width) { 0 -> 1: conv(width, 1x1) }'),
      '`C` needs `width`. Write `C(width)`',
    ],
    [
      'a list of DARTS with one edge too few',
      'cell C[a, b] = [(relu, 0), (relu, 1), ⟦genotype-syntax|(relu, 0)⟧]',
      'Node 3 has one edge',
    ],
    [
      'what is no edge in it',
      'cell C[a, b] = [(relu, 0), ⟦genotype-syntax|relu⟧]',
      'write an op and the node it reads',
    ],
    [
      'an op in it that does not exist',
      'cell C = [(⟦unknown-name|rellu⟧, 0), ("⟦unknown-name|gelluu⟧", 0)]',
      'relu',
      'gelu',
    ],
    [
      'a value where a node is chosen',
      space('C', 'cell C { choice(⟦cell-label|relu⟧, 0) -> 1: relu\n0 -> 1: relu }'),
      'a node before it',
    ],
  ]);
});

test('nodes add up, the output is put together', () => {
  const cell =
    'cell C[a, b](width) { 0 -> 2: conv(width, 1x1)\n1 -> 2: conv(width, 1x1)\n1 -> 2: conv(width, 3x3)\n2 -> 3: bn\nconcat(2, 3, 0) }';
  const built = onlyModel(network('x = relu\n[x, x] -> C(6)', cell));
  expect(opsOf(built)).toBe('relu conv conv conv add bn concat gap dense');
  expect(built.network.nodes.find(({ op }) => op === 'concat')?.shape).toEqual([16, 8, 8]);
  const paths = built.network.nodes.map(({ path }) => path);
  expect(paths).toContain('cell.0/1-2#2/conv.0');
  expect(new Set(paths).size).toBe(paths.length);
});

const ops =
  'block pool(stride = 1) { avgpool(3x3, stride, padding = 1) }\nblock sep(stride = 1) { dwconv(3x3, stride) -> bn }';

test('a list of DARTS is the cell that its edges are', () => {
  const list = 'cell C[a, b](stride) = [(pool, 0), ("sep", 1), (sep, 2), (pool, 1)]';
  const edges =
    'cell C[a, b](stride) {\n0 -> 2: pool(stride = stride)\n1 -> 2: sep(stride = stride)\n2 -> 3: sep\n1 -> 3: pool(stride = stride)\nconcat(2, 3) }';
  const [written, drawn] = [list, edges].map(
    (cell) => onlyModel(network('x = relu\n[x, x] -> C(2)', `${ops}\n${cell}`)).network,
  );
  const plain = ({ nodes }: typeof written & object) =>
    nodes.map(({ op, inputs, path, shape }) => ({ op, inputs, path, shape }));
  expect(plain(written!)).toEqual(plain(drawn!));
  expect(written!.nodes.find(({ op }) => op === 'concat')?.shape).toEqual([8, 4, 4]);
});

test('which nodes leave a cell of DARTS can be said', () => {
  const cell = 'cell C[a, b] = [(relu, 0), (relu, 1), (bn, 2), (relu, 1)] -> add(3, 0)';
  const { network: built } = onlyModel(network('x = relu\n[x, x] -> C', cell));
  expect(built.nodes.at(-3)?.path).toBe('cell.0/output/add.0');
});

describe('the source of an edge is a decision', () => {
  const cell = `cell C[a, b] {
  0 -> 2: choice(relu, bn)   1 -> 2: choice(relu, bn)
  choice((0, 1), (0, 2), (1, 2)) -> 3: choice(relu, bn)
  choice(0, 3) -> 4: relu
  concat(2, 3, 4)
}`;
  const found = onlySpace(space('x = relu\n[x, x] -> C\ny = relu\n[y, y] -> C', cell));

  test('it has a name and is counted', () => {
    expect(found.decisions.map(({ path, options }) => `${path} ${JSON.stringify(options)}`)).toEqual([
      'C.0->2 ["relu","bn"]',
      'C.1->2 ["relu","bn"]',
      'C.?->3.from [[0,1],[0,2],[1,2]]',
      'C.?->3[0] ["relu","bn"]',
      'C.?->3[1] ["relu","bn"]',
      'C.?->4.from [0,3]',
    ]);
    expect(found.size).toBe(2n ** 4n * 3n * 2n);
  });

  test('members are as many as it says, each the network that is written without a choice', () => {
    const networks = new Set<string>();
    const all = found.decisions.reduce<Record<string, unknown>[]>(
      (some, { path, options }) =>
        some.flatMap((one) => options.map((option) => ({ ...one, [path]: option }))),
      [{}],
    );
    for (const genotype of all) {
      const member = found.instantiate(genotype as never);
      expect(member.diagnostics).toEqual([]);
      networks.add(JSON.stringify(member.network!.nodes.map(({ op, inputs, path }) => [op, inputs, path])));
    }
    expect(all.length).toBe(Number(found.size));
    expect(networks.size).toBe(Number(found.size));
  });
});

test('the cells of DARTS are as many as its authors say', () => {
  // Four nodes with two edges from different nodes before, and seven ops an edge.
  const pairs = (nodes: number) =>
    Array.from({ length: nodes }, (_, b) => Array.from({ length: b }, (__, a) => `(${a}, ${b})`))
      .flat()
      .join(', ');
  const searched = (name: string) => `cell ${name}[a, b] {
  0 -> 2: choice(ops)   1 -> 2: choice(ops)
${[3, 4, 5].map((node) => `choice(${pairs(node)}) -> ${node}: choice(ops)`).join('\n')}
  concat(2, 3, 4, 5)
}`;
  const values = 'let ops = [relu, bn, gelu, tanh, sigmoid, silu, identity]';
  const found = onlySpace(
    space(
      'x = relu\n[x, x] -> Normal\ny = relu\n[y, y] -> Reduction',
      `${values}\n${searched('Normal')}\n${searched('Reduction')}`,
    ),
  );
  expect(found.size).toBe((7n ** 8n * 3n * 6n * 10n) ** 2n);
});

test('parameters of a cell decide what there is to decide', () => {
  const cell =
    'cell C(n) { 0 -> 1: choice(relu, bn)\n1 -> 2: B(n) }\nblock B(n) { repeat n { choice(relu, gelu, tanh) } }';
  expect(onlySpace(space('C(2)\nC(2)', cell)).size).toBe(2n * 3n ** 2n);
  expect(onlySpace(space('conv(choice(4, 8), 1x1)\nC(n = 1)', cell)).size).toBe(2n * 2n * 3n);
});
