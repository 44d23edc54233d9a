import { describe, expect, test } from 'vitest';
import { formatShape } from '../../server/network/shape.ts';
import { round8 } from '../../server/language/values/functions.ts';
import { canonicalNetwork } from '../../server/network/canonical.ts';
import { analyse, network, onlyModel, opsOf } from './support/helpers.ts';

/** Shapes of all nodes that are no activation: `conv 8x8x16`. */
function shapes(text: string): string[] {
  return onlyModel(text).partial.map(({ op, shape }) => `${op} ${formatShape(shape)}`);
}

function paths(text: string): string[] {
  return onlyModel(text).partial.map(({ path }) => path);
}

describe('statements', () => {
  test.each([
    ['a flow', 'conv(8, 3x3) -> bn -> relu', 'conv bn relu'],
    ['repeat', 'repeat 2 { relu }', 'relu relu'],
    ['repeat of nothing', 'repeat 0 { relu }', ''],
    ['for', 'for c in [8, 16] { conv(c, 3x3) }', 'conv conv'],
    ['for over ops', 'for op in [relu, bn, conv(8, 3x3)] { op }', 'relu bn conv'],
    ['for over tuples', 'for (c, k) in [(8, 3x3), (16, 5x5)] { conv(c, k) }', 'conv conv'],
    ['if', 'if (channels == 4) { relu } else { bn }', 'relu'],
    ['else', 'if (channels != 4) { relu } else { bn }', 'bn'],
    ['else if', 'if (channels == 1) { relu } else if (channels == 4) { gelu } else { bn }', 'gelu'],
    ['if without else', 'if (false) { relu }', ''],
    ['residual', 'residual { relu }', 'relu add'],
    [
      'residual with shortcut',
      'residual { conv(8, 3x3) } shortcut { conv(8, 1x1) -> bn }',
      'conv conv bn add',
    ],
    ['residual with an empty shortcut', 'residual { relu } shortcut { }', 'relu add'],
    ['parallel', 'parallel concat { branch { relu } branch { bn } branch { } }', 'relu bn concat'],
    ['parallel of factors', 'parallel mul { branch { relu } branch { sigmoid } }', 'relu sigmoid mul'],
    ['parallel of one branch', 'parallel add { branch { relu } }', 'relu'],
    ['a named tensor as an argument', 'x = relu\nbn -> add(x)', 'relu bn add'],
    ['a flow from a named tensor', 'x = relu\nbn\nx -> gelu -> add(x)', 'relu bn gelu add'],
    ['a named tensor in an inner body', 'x = relu\nresidual { bn -> mul(x) }', 'relu bn mul add'],
  ])('%s', (_, body, ops) => {
    expect(opsOf(onlyModel(network(body)))).toBe(`${ops} gap dense`.trim());
  });

  test('a flow from a named tensor takes its shape', () => {
    expect(shapes(network('x = conv(16, 3x3)\nmaxpool(2x2)\nx -> conv(8, 1x1)'))).toEqual([
      'input 8x8x4',
      'conv 8x8x16',
      'maxpool 4x4x16',
      'conv 8x8x8',
      'gap 8',
      'dense 10',
    ]);
  });

  test('concat puts the current tensor first', () => {
    const { network: built } = onlyModel(network('x = conv(16, 3x3)\nrelu -> conv(8, 3x3) -> concat(x)'));
    const concat = built.nodes.find(({ op }) => op === 'concat');
    expect(concat?.inputs.map((id) => built.nodes[id]?.shape[0])).toEqual([8, 16]);
  });
});

describe('values', () => {
  test.each([
    ['6 * 7', 42],
    ['1 + 2 * 3 - 4 / 2', 5],
    ['17 % 5', 2],
    ['-3 + 8', 5],
    ['channels * 2', 8],
    ['height * 3 + width', 32],
    ['classes', 10],
    ['round8(20)', 24],
    ['round8(3)', 8],
    ['round8(90)', 88],
    ['max(3, 5, 4)', 5],
    ['min([7, 6])', 6],
    ['floor(7 / 2) + ceil(7 / 2) + round(3.4)', 10],
    ['round_to(30, 16) + round_to(8, 16) + round_to(7, 16)', 48],
    ['sqrt(81) + pow(2, 5) + round(exp(log(7)))', 48],
    ['len([3, (1, 2), 5]) * len((1, 2))', 6],
    ['range(3) == [0, 1, 2] && range(2, 4) == [2, 3] && range(2, 1) == [] ? 5 : 6', 5],
    ['enumerate([8, (9, 10)]) == [(0, 8), (1, 9, 10)] ? 5 : 6', 5],
    ['zip([1, (2, 3)], [4, 5]) == [(1, 4), ((2, 3), 5)] ? 5 : 6', 5],
    ['dims(1, 7) == 1x7 ? 5 : 6', 5],
    ['max(range(5, 9))', 8],
    ['range(5, 9)[1] + enumerate([7, 9])[1][1] - 1', 14],
    ['-range(3)[2] + 5', 3],
    ['dims(3, 5)[1]', 5],
    ['true && !false ? 3 : 4', 3],
    ['3x3 == 3x3 ? 5 : 6', 5],
    ['[1, (2, 3)] == [1, (2, 3)] ? 5 : 6', 5],
    ['relu == relu && relu != bn ? 5 : 6', 5],
    ['2K', 2000],
    ['1e1', 10],
    ['false || 1 < 2 && 2 <= 2 && 3 > 2 && 2 >= 2 && 1 != 2 ? 7 : 8', 7],
  ])('%s is %d', (expression, value) => {
    const conv = onlyModel(network(`conv(${expression}, 1x1)`)).partial[1];
    expect(conv?.args['out']).toBe(value);
  });

  test('lists are gone through with an index, and side by side', () => {
    const { partial } = onlyModel(
      network(
        'for (i, c, k) in enumerate([(8, 1), (16, 3)]) { conv(c + i, dims(1, k)) } for (c, s) in zip([4, 6], [1, 2]) { conv(c, 1x1, stride = s) } for i in range(2) { conv(i + 1, 1x1) }',
      ),
    );
    const convs = partial.filter(({ op }) => op === 'conv').map(({ args }) => args);
    expect(convs.map(({ out }) => out)).toEqual([8, 17, 4, 6, 1, 2]);
    expect(convs.map(({ kernel }) => kernel).slice(0, 2)).toEqual([
      [1, 1],
      [1, 3],
    ]);
  });

  test('round8 never loses more than a tenth', () => {
    for (let width = 1; width < 2000; width++) {
      const rounded = round8(width);
      expect(rounded % 8).toBe(0);
      expect(rounded).toBeGreaterThanOrEqual(Math.max(8, 0.9 * width));
    }
  });

  test('conditions do not evaluate what they leave out', () => {
    onlyModel(network('conv(channels == 4 ? 8 : 1 / 0, 3x3)'));
    onlyModel(network('if (false && 1 / 0 == 1) { bn }'));
  });

  test('parameters, defaults from earlier parameters, and the tensor at the call', () => {
    const { partial } = onlyModel(
      network(
        'conv(16, 3x3) -> B(4)',
        'block B(a, b = a * 2, c = channels) { conv(b, 1x1) -> conv(c, 1x1) }',
      ),
    );
    expect(partial.filter(({ op }) => op === 'conv').map(({ args }) => args['out'])).toEqual([16, 8, 16]);
  });

  test('blocks, cells and ops are arguments', () => {
    const text = network(
      'Twice(relu) -> Twice(conv(channels * 2, 1x1)) -> Twice(Block) -> Twice(Cell)',
      'block Twice(op) { op -> op }\nblock Block() { bn }\ncell Cell { 0 -> 1: gelu }',
    );
    expect(opsOf(onlyModel(text))).toBe('relu relu conv conv bn bn gelu gelu gap dense');
    // The arguments of an op that is a value are evaluated where it is applied.
    expect(shapes(text)).toContain('conv 8x8x16');
  });

  test('file-level lets may come in any order and be imported', () => {
    const text = `import { width, Wide } from "./b.arch"\nlet deep = depth * 2\nlet depth = 1\n${network('repeat deep { Wide } conv(width, 1x1)')}`;
    const { partial } = onlyModel(text, { 'b.arch': 'let width = 24\nblock Wide() { conv(width, 3x3) }' });
    expect(partial.filter(({ op }) => op === 'conv').map(({ args }) => args['out'])).toEqual([24, 24, 24]);
  });
});

describe('cells', () => {
  const cell =
    'cell C {\n  1 -> 3: bn\n  0 -> 1: relu   0 -> 2: none\n 1 -> 2: gelu  0 -> 3: silu  2 -> 3: tanh\n}';

  test('nodes sum their edges, by target and then source whatever the order in the text', () => {
    expect(opsOf(onlyModel(network('C', cell)))).toBe('relu none gelu add silu bn tanh add gap dense');
  });

  test('a genotype is the cell of its edges', () => {
    const genotype = 'cell C = "|relu~0|+|none~0|gelu~1|+|silu~0|bn~1|tanh~2|"';
    const [edges, string] = [cell, genotype].map((text) => onlyModel(network('C', text)).network);
    expect(canonicalNetwork(string!)).toEqual(canonicalNetwork(edges!));
  });

  test('parentheses make no difference', () => {
    const [plain, called] = ['C', 'C()'].map((call) => onlyModel(network(call, cell)).network);
    expect(canonicalNetwork(called!)).toEqual(canonicalNetwork(plain!));
  });

  test('edges may be flows and use blocks', () => {
    const text = network('C', 'cell C { 0 -> 1: relu -> B(4) }\nblock B(out) { conv(out, 3x3) -> bn }');
    expect(opsOf(onlyModel(text))).toBe('relu conv bn gap dense');
  });
});

describe('paths', () => {
  test('are kinds, ordinals and iterations', () => {
    const text = network(
      'conv(8, 3x3) -> bn\nfor c in [8, 16] {\n  repeat 2 { B(c) }\n}\nparallel add { branch { relu } branch { if (true) { C } } }',
      'block B(out) {\n residual { conv(out, 3x3) -> conv(out, 1x1) } shortcut { conv(out, 1x1) }\n}\ncell C { 0 -> 1: relu\n 0 -> 2: relu\n 1 -> 2: bn }',
    );
    expect(paths(text)).toEqual([
      'input',
      'conv.0',
      'bn.0',
      ...[0, 1].flatMap((row) =>
        [0, 1].flatMap((index) => [
          `for.0:${row}/repeat.0:${index}/block.0/residual.0/body/conv.0`,
          `for.0:${row}/repeat.0:${index}/block.0/residual.0/body/conv.1`,
          `for.0:${row}/repeat.0:${index}/block.0/residual.0/shortcut/conv.0`,
          `for.0:${row}/repeat.0:${index}/block.0/residual.0/add.0`,
        ]),
      ),
      'parallel.0/branch.0/relu.0',
      'parallel.0/branch.1/if.0/then/cell.0/0-1/relu.0',
      'parallel.0/branch.1/if.0/then/cell.0/0-2/relu.0',
      'parallel.0/branch.1/if.0/then/cell.0/1-2/bn.0',
      'parallel.0/branch.1/if.0/then/cell.0/node.2/add.0',
      'parallel.0/add.0',
      'gap.0',
      'dense.0',
    ]);
  });

  const original = network(
    'let w = 8\nx = conv(w, 3x3) -> bn\nrepeat 2 as i { Unit(w) }\nadd(x)',
    'block Unit(out) { residual { conv(out, 3x3) -> relu } }',
  );

  test.each([
    [
      'names',
      original
        .replaceAll('Unit', 'Block')
        .replaceAll('w', 'width')
        .replaceAll('x', 'early')
        .replaceAll('3early3', '3x3')
        .replaceAll('8early8early4', '8x8x4'),
    ],
    [
      'comments and spaces',
      original.replaceAll('\n', '\n\n  // a comment\n').replace('let w', '/* w */ let   w'),
    ],
    ['the name of the model', original.replace('model M', 'model Other')],
    [
      'the name of a loop variable',
      original.replace('as i', 'as j').replace('repeat 2 as j', 'repeat 1 + 1 as j'),
    ],
  ])('do not depend on %s', (_, edited) => {
    const [before, after] = [original, edited].map((text) => onlyModel(text).network);
    expect(canonicalNetwork(after!)).toEqual(canonicalNetwork(before!));
  });

  test('do not depend on siblings of another kind', () => {
    const edited = original.replace('repeat 2', 'gelu\nlet q = 1\nif (true) { relu }\nrepeat 2');
    const names = (text: string): string[] =>
      onlyModel(text).partial.flatMap(({ params }) => params.map(({ name }) => name));
    expect(names(edited)).toEqual(names(original));
  });

  test('are unique', () => {
    const all = paths(original);
    expect(new Set(all).size).toBe(all.length);
  });
});

describe('origins', () => {
  const text = network(
    'for (c, s) in [(8, 1), (16, 2)] { repeat 2 { Unit(c, stride = s) } }',
    'block Unit(out, stride = 1) { conv(out, 3x3, stride = stride) }',
  );

  test('all call sites and iterations of an op', () => {
    const analysis = analyse(text);
    const places = analysis.nodesAt(text.indexOf('conv(out'));
    expect(places.map(({ node }) => node.origin.calls.map(({ label }) => label).join(' > '))).toEqual([
      'for c = 8, s = 1 > repeat #1 > Unit(8, stride = 1)',
      'for c = 8, s = 1 > repeat #2 > Unit(8, stride = 1)',
      'for c = 16, s = 2 > repeat #1 > Unit(16, stride = 2)',
      'for c = 16, s = 2 > repeat #2 > Unit(16, stride = 2)',
    ]);
    expect(analysis.nodesAt(text.indexOf('for (c'))).toEqual([]);
  });

  test('shapes after statements, over all call sites', () => {
    const { shapes: statements } = analyse(text);
    const inBlock = statements.find(({ span }) => span.start === text.indexOf('conv(out'));
    expect(inBlock?.shapes.map(([shape]) => formatShape(shape!))).toEqual(['8x8x8', '4x4x16', '2x2x16']);
  });

  test('nodes before the first error stay', () => {
    const broken = network('conv(8, 3x3) -> bn -> gap -> conv(8, 3x3)\nrelu');
    const [model] = analyse(broken).models;
    expect(model?.network).toBeUndefined();
    expect(opsOf(model!)).toBe('conv bn gap');
    expect(analyse(broken).nodesAt(broken.indexOf('bn'))).toHaveLength(1);
  });
});

describe('damage', () => {
  test('a model with a syntax error has no network, others keep theirs', () => {
    const { models } = analyse(
      `${network('conv(8, 3x3').replace('model M', 'model Broken')}${network('relu')}`,
    );
    expect(models.map(({ name, network: built }) => [name, built !== undefined])).toEqual([
      ['Broken', false],
      ['M', true],
    ]);
  });

  test('nor has a model that uses a block with one', () => {
    const { models, diagnostics } = analyse(network('B', 'block B() { conv(8, }'));
    expect(models.map(({ network: built }) => built)).toEqual([undefined]);
    expect(diagnostics).toHaveLength(1);
  });
});
