import { describe, expect, test } from 'vitest';
import { stepsOf } from '../support/steps.ts';
import { analyse, network } from './support/helpers.ts';

/** Declarations `B0 … Bn`, each made from its number by `declare`, and a last one. */
function chain(length: number, declare: (index: number) => string, last: string): string {
  return [...Array.from({ length }, (_, index) => declare(index)), last].join('\n');
}

/** A fraction of a second where nothing else runs. */
const mostSteps = 20_000_000;

/** An analysis that must take no more than `mostSteps`. */
function analyseInTime(text: string, others: Readonly<Record<string, string>> = {}) {
  let analysis!: ReturnType<typeof analyse>;
  const steps = stepsOf(() => {
    analysis = analyse(text, others);
  });
  expect(steps).toBeLessThan(mostSteps);
  return analysis;
}

describe('expansion is counted before it is done', () => {
  test.each([
    ['a million repeats', network('repeat 1000000 { relu }'), 'expands to 1,000,000 ops'],
    [
      'nested repeats',
      network('repeat 100 { repeat 100 { repeat 100 { relu -> bn } } }'),
      'expands to 2,000,000 ops',
    ],
    [
      'blocks that double',
      network(
        'B0',
        chain(40, (i) => `block B${i}() { B${i + 1} -> B${i + 1} }`, 'block B40() { relu }'),
      ),
      'expands to 1,099,511,627,776 ops',
    ],
    [
      'blocks that double, with other arguments each',
      network(
        'B0(1)',
        chain(40, (i) => `block B${i}(a) { B${i + 1}(a + 1) -> B${i + 1}(a + 2) }`, 'block B40(a) { relu }'),
      ),
      'expands to 1,099,511,627,776 ops',
    ],
    [
      'blocks that double an op',
      network(
        'B0(relu)',
        chain(40, (i) => `block B${i}(f) { B${i + 1}(f) -> B${i + 1}(f) }`, 'block B40(f) { f }'),
      ),
      'expands to 1,099,511,627,776 ops',
    ],
    [
      'blocks that double an op with arguments',
      network(
        'B0(conv(8, 3x3))',
        chain(40, (i) => `block B${i}(f) { B${i + 1}(f) -> B${i + 1}(f) }`, 'block B40(f) { f }'),
      ),
      'expands to at least',
    ],
    [
      'a million repeats that differ',
      network('repeat 1000000 as i { conv(i + 1, 3x3) }'),
      'expands to at least 20,001 ops',
    ],
    ['repeats by a shape', network('repeat channels * 100000 { relu }'), 'expands to more than 20,000 ops'],
    ['a long flow', network(Array<string>(20_000).fill('relu').join(' -> ')), 'expands to 20,002 ops'],
  ])('%s', (_, text, message) => {
    const { diagnostics, models } = analyseInTime(text);
    expect(diagnostics.map(({ code }) => code)).toEqual(['too-many-ops']);
    expect(diagnostics[0]?.message).toContain(message);
    expect(models[0]?.network).toBeUndefined();
  });

  test('the innermost statement that is too large is marked', () => {
    const text = network('repeat 10 {\n  relu\n  repeat 30000 { bn }\n}');
    const { location } = analyse(text).diagnostics[0]!;
    expect(text.slice(location.span.start, location.span.end)).toBe('repeat 30000');
  });

  test.each([
    ['repeats of nothing', network('repeat 1000000000 { }'), 'too-many-steps'],
    [
      'nested repeats of nothing',
      network('repeat 1000000 { repeat 1000000 { repeat 1000000 as i { let x = i } } }'),
      'too-many-steps',
    ],
    [
      'a chain of blocks',
      network(
        'B0',
        chain(3000, (i) => `block B${i}() { B${i + 1} }`, 'block B3000() { relu }'),
      ),
      'nesting-too-deep',
    ],
    [
      'deep bodies in deep blocks',
      network(
        'B0',
        chain(
          60,
          (i) => `block B${i}() { ${'residual { '.repeat(90)} B${i + 1} ${'}'.repeat(90)} }`,
          'block B60() { relu }',
        ),
      ),
      'nesting-too-deep',
    ],
    [
      'a block that applies its argument to itself',
      network('A(A)', 'block A(op) { op(op) }'),
      'nesting-too-deep',
    ],
    [
      'lists that double',
      chain(40, (i) => `let a${i} = [a${i + 1}, a${i + 1}]`, 'let a40 = 1'),
      'list-too-large',
    ],
    ['deep brackets', network(`conv(${'('.repeat(10_000)}8${')'.repeat(10_000)}, 3x3)`), 'too-deep'],
    [
      'a million characters in a line',
      network(`conv(8, 3x3) // ${'x'.repeat(1_000_000)}\nconv(0, 3x3)`),
      'too-large',
    ],
  ])('%s', (_, text, code) => {
    const { diagnostics } = analyseInTime(text);
    expect(diagnostics.map((diagnostic) => diagnostic.code)).toEqual([code]);
  });

  // Each of these went on for minutes or for ever: nothing in them is an op, a statement or an edge that would be counted.
  const numbers = (length: number): string => Array.from({ length }, (_, i) => i).join();
  test.each([
    ['rounds of nothing that are numbered', network('repeat 1e15 as i { }'), 'too-many-steps'],
    [
      'rounds of nothing in a block',
      network('B', 'block B() { repeat 1e15 as i { repeat 1e15 as j { } } }'),
      'too-many-steps',
    ],
    [
      'loops of nothing in one another',
      network('for a in many { for b in many { for c in many { } } }', `let many = [${numbers(9000)}]`),
      'too-many-steps',
    ],
    [
      'branches of nothing',
      network(
        `for a in many { for b in many { parallel add { ${'branch { } '.repeat(1000)} } } }`,
        `let many = [${numbers(9000)}]`,
      ),
      'too-many-steps',
    ],
    [
      'long lists again and again',
      network(`repeat 50000 as i { let x = [${numbers(9000)}] }`),
      'too-many-steps',
    ],
    [
      'long lists compared',
      network(
        'repeat 50000 as i { let x = a == b }',
        `let a = [${numbers(9000)}]\nlet b = [${numbers(9000)}]`,
      ),
      'too-many-steps',
    ],
    [
      'long lists given to a block',
      network('repeat 50000 as i { B(a) }', `let a = [${numbers(9000)}]\nblock B(x) { }`),
      'too-many-steps',
    ],
    [
      'long lists compared by lets of the file',
      chain(20_000, (i) => `let c${i} = a == b`, `let a = [${numbers(9000)}]\nlet b = [${numbers(9000)}]`),
      'too-many-steps',
    ],
  ])('%s', (_, text, code) => {
    const { diagnostics } = analyse(text);
    expect(diagnostics.map((diagnostic) => diagnostic.code)).toEqual([code]);
  });

  test('a number of ops that is as long as the text is not written out', () => {
    const { diagnostics } = analyse(
      network(
        'B0',
        chain(200, (i) => `block B${i}() { B${i + 1} -> B${i + 1} }`, 'block B200() { relu }'),
      ),
    );
    expect(diagnostics.map(({ message }) => message)).toEqual([
      'This expands to more than 1,000,000,000,000,000 ops; at most 20,000 are allowed. Repeat less, or use smaller blocks.',
    ]);
  });

  test('a long chain of lets is fine in any order', () => {
    const { diagnostics } = analyseInTime(chain(3000, (i) => `let a${i} = a${i + 1} + 1`, 'let a3000 = 1'));
    expect(diagnostics).toEqual([]);
  });

  test('choices of ops count as their smallest option', () => {
    const text = network('repeat 1000000 { choice(relu, bn) }').replace('model M', 'space S');
    const { diagnostics } = analyseInTime(text);
    expect(diagnostics.map(({ code }) => code)).toEqual(['too-many-ops']);
    expect(diagnostics[0]?.message).toContain('expands to 1,000,000 ops');
  });

  test.each([
    ['nonsense', 'repeat choice(0, 1) { relu }', 'unknown-name'],
    ['gap -> conv(8, 3x3)', 'if (choice(false, true)) { relu }', 'shape-mismatch'],
  ])('a space that goes wrong before a million choices: %s', (wrong, choosing, code) => {
    const text = network(`${wrong}\nrepeat 1000000 { ${choosing} }`).replace('model M', 'space S');
    const { diagnostics } = analyseInTime(text);
    expect(diagnostics.map((diagnostic) => diagnostic.code)).toEqual([code, 'too-many-steps']);
  });

  test('ten large spaces share what one may take to check', () => {
    const spaces = Array.from({ length: 10 }, (_, i) =>
      network('repeat 1000 { choice(relu, bn) }').replace('model M', `space S${i}`),
    );
    const { diagnostics } = analyseInTime(spaces.join('\n'));
    expect(diagnostics.map(({ code }) => code)).toEqual(Array(10).fill('space-partly-checked'));
  });

  test('a space with a member that is too large', () => {
    const text = network('repeat choice(1, 1000000) { conv(choice(4, 8), 3x3) }').replace(
      'model M',
      'space S',
    );
    const { diagnostics, spaces } = analyseInTime(text);
    expect(diagnostics.map(({ code }) => code)).toEqual(['too-many-ops']);
    expect(diagnostics[0]?.message).toContain('With `repeat = 1000000`');
    expect(spaces[0]?.size).toBeUndefined();
  });
});

describe('imports end', () => {
  test.each([
    ['a file that imports itself', { 'main.arch': 'import { A } from "./main.arch"' }, 'import-cycle'],
    [
      'a cycle of 1,000 files',
      Object.fromEntries(
        Array.from({ length: 1000 }, (_, i) => [
          i === 0 ? 'main.arch' : `${i}.arch`,
          `import { A } from "./${i === 999 ? 'main' : i + 1}.arch"`,
        ]),
      ),
      'import-cycle',
    ],
    [
      'a chain of 3,000 files without an end',
      Object.fromEntries(
        Array.from({ length: 3000 }, (_, i) => [
          i === 0 ? 'main.arch' : `${i}.arch`,
          `import { A } from "./${i + 1}.arch"`,
        ]),
      ),
      'unknown-export',
    ],
    ['a file that is not there', { 'main.arch': 'import { A } from "./none.arch"' }, 'import-not-found'],
    [
      'a thousand files that are not there',
      {
        'main.arch': Array.from({ length: 1000 }, (_, i) => `import { A${i} } from "./${i}.arch"`).join('\n'),
      },
      'import-not-found',
    ],
  ])('%s', (_, files, code) => {
    const { diagnostics } = analyseInTime(files['main.arch']!, files);
    expect(new Set(diagnostics.map((diagnostic) => diagnostic.code))).toEqual(new Set([code]));
  });
});

test('thousands of large networks in one file share what they may take', () => {
  const models = Array.from({ length: 1000 }, (_, i) => network('B').replace('model M', `model M${i}`));
  const { diagnostics, models: found } = analyse(`block B() { repeat 5000 { relu } }\n${models.join('\n')}`);
  expect(diagnostics.map(({ code }) => code)).toEqual(['too-many-ops']);
  expect(found[0]?.network).toBeDefined();
  expect(found.at(-1)?.network).toBeUndefined();
});
