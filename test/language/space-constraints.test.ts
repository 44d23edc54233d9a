// Sizes of spaces with constraints: against brute force, known numbers, and how an estimate is made.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { wilson } from '../../server/language/spaces/space-size.ts';
import { cases } from '../support/property-runs.ts';
import { bruteForce } from './support/brute-force.ts';
import { analyse, expectMessages, mainUri, onlySpace, projectOf, space } from './support/helpers.ts';

describe('constraints on decisions are counted exactly', () => {
  test.each([
    ['a sum', 'let a = choice(1, 2)\nlet b = choice(1, 2)\nconstraint a + b <= 3\nconv(a * b, 1x1)', 3n],
    ['one value', 'let a = choice(1, 2, 3)\nconstraint a != 2\nconv(a, 1x1)', 2n],
    ['behind its uses', 'let a = choice(1, 2)\nrepeat a { conv(4, choice(1, 3)) }\nconstraint a == 2', 4n],
    ['of lists', 'let l = choice([1, 2], [2, 2], [3, 1])\nconstraint l[0] >= l[1]\nconv(l[0], 1x1)', 2n],
    [
      'of what is computed',
      'let a = choice(1, 2, 3)\nlet b = a * a\nlet c = b % 4\nconstraint c == 1\nrelu',
      2n,
    ],
    ['with a choice in it', 'let a = choice(1, 2)\nconstraint a == choice(1, 2, 3)\nrelu', 2n],
    ['several', 'let a = choice(1, 2, 3, 4)\nconstraint a > 1\nconstraint a < 4\nrelu', 2n],
    ['of sizes', 'let k = choice(3x3, 5x5, 1x3)\nconstraint k[0] == k[1]\nconv(4, k)', 2n],
    ['of ops', 'let op = choice(relu, gelu, silu)\nconstraint op != relu\nop', 2n],
    ['that always hold', 'let a = choice(1, 2)\nconstraint a + 1 > 1\nconv(a, 1x1)', 2n],
    [
      'in a space far too large to list',
      'let a = choice(1, 2, 3)\nlet b = choice(1, 2, 3)\nconstraint a + b <= 3\nrepeat 40 { conv(4, choice(1, 3, 5)) }',
      3n * 3n ** 40n,
    ],
  ])('%s', (_, body, size) => {
    const found = onlySpace(space(body));
    expect(found.size).toBe(size);
    expect(found.estimate).toBeUndefined();
  });

  test('what is wrong in members that they rule out is no mistake', () => {
    const body =
      'let w = choice(4, 6)\nlet g = choice(1, 2, 4)\nconstraint w % g == 0\nconv(w, 1x1) -> conv(w, 1x1, groups = g)';
    expect(onlySpace(space(body)).size).toBe(5n);
    expect(onlySpace(space(body.replace('choice(4, 6)', 'choice(6, 4)'))).size).toBe(5n);
  });

  test('where none is left, that is said', () => {
    expectMessages(
      space('let a = choice(1, 2)\nconstraint a > 2\nconv(a, 1x1)').replace(
        'space S',
        'space ⟦space-empty|S⟧',
      ),
      ['No network of `S` keeps to its constraints'],
    );
  });
});

describe('constraints on whole networks', () => {
  test.each([
    ['parameters', 'constraint params <= 200\nconv(4, choice(1, 3, 5))', 2n],
    ['layers', 'constraint layers == 3\nrepeat choice(1, 2, 3) { conv(4, choice(1, 3)) }', 4n],
    ['multiply-accumulates', 'constraint flops < 2K\nconv(4, choice(1, 3))', 1n],
    ['that no network keeps to', 'constraint params > 1G\nconv(4, choice(1, 3))', 0n],
    [
      'beside decisions',
      'let a = choice(1, 2)\nconstraint a == 1 || params < 150\nrepeat a { conv(4, choice(1, 3)) }',
      2n + 1n,
    ],
    [
      'only where decisions say so',
      'let a = choice(1, 2)\nconstraint a == 1 && params < 150\nconv(4, a * 2 - 1)',
      1n,
    ],
  ])('are counted exactly in a small space: %s', (_, body, size) => {
    const found = onlySpace(space(body));
    expect(found.size).toBe(size);
    expect(found.estimate).toBeUndefined();
  });

  /** Ways to choose at most so many of 40. */
  const atMost = (most: bigint): bigint => {
    let sum = 0n;
    for (let chosen = 0n, ways = 1n; chosen <= most; ways = (ways * (40n - chosen)) / (chosen + 1n), chosen++)
      sum += ways;
    return sum;
  };

  test.each([
    ['params', 'constraint params <= 20 * 16 + 20 * 144 + 50', atMost(20n)],
    [
      'params of two constraints',
      'constraint params <= 3250\nconstraint params > 700',
      atMost(20n) - atMost(0n),
    ],
    [
      'a limit with a name',
      'let most = 3 * 1000\nconstraint params + 250 <= most + classes * 50',
      atMost(20n),
    ],
  ])('are counted exactly in a large one where there are not too many totals: %s', (_, constraint, size) => {
    const found = onlySpace(space(`${constraint}\nrepeat 40 { conv(4, choice(1, 3)) }`));
    expect(found.size).toBe(size);
    expect(found.estimate).toBeUndefined();
  });

  test('layers and multiply-accumulates add up through branches, blocks and loops', () => {
    const before = 'block Unit(n) { repeat n { choice(relu, conv(4, 1x1)) } }';
    const body =
      'residual { Unit(10) } shortcut { Unit(10) }\nparallel add { branch { Unit(10) } branch { Unit(10) } }';
    expect(onlySpace(space(`constraint layers < 12\n${body}`, before)).size).toBe(atMost(10n));
    // The gate is no dead end; where there may be one, members are looked at: here all layers but the last are in it.
    const gate = 'x = identity\ngap -> dense(4) -> mul(x)\n';
    expect(onlySpace(space(`constraint layers < 13\n${gate}${body}`, before)).size).toBe(atMost(10n));
    const { kept, drawn } = onlySpace(
      space(`constraint layers < 13\n${gate}${body}\nx -> relu`, before),
    ).estimate!;
    expect(kept).toBe(drawn);
    // Node 1 leads nowhere, so that its layer does not count.
    const cell = 'cell Cell { 0 -> 1: conv(4, 1x1) 0 -> 2: relu }';
    const small = 'Cell -> Unit(3)';
    const { spaces } = analyse(space(`constraint layers < 4\n${small}`, `${before}\n${cell}`));
    expect(spaces[0]!.size).toBe(7n);
    // 16 multiply-accumulates at each of 64 positions, and 50 of the last layer.
    expect(onlySpace(space(`constraint macs <= 10 * 1024 + 50\n${body}`, before)).size).toBe(atMost(10n));
  });

  // A limit that is decided keeps totals from being told apart by themselves.
  const large = (most: number): string =>
    space(
      `let slack = choice(0, 1)\nconstraint params + slack <= ${most}\nrepeat 40 { conv(4, choice(1, 3)) }`,
    );

  test('are estimated in a large one, from members of which each is as likely as any other', () => {
    const found = onlySpace(large(3255));
    const { count, low, high, drawn, kept, of } = { count: found.size!, ...found.estimate! };
    expect(of).toBe(2n ** 41n);
    expect(drawn).toBeGreaterThanOrEqual(100);
    expect(low).toBeLessThan(2n * atMost(20n));
    expect(high).toBeGreaterThan(2n * atMost(20n));
    expect(Number(count)).toBeCloseTo((Number(of) * kept) / drawn, -5);
    // The same text has the same size.
    expect(onlySpace(large(3255)).size).toBe(count);
  });

  test('members that meet many decisions are drawn as often as there are many of them', () => {
    // 99.9 % of all members have the long branch.
    const found = onlySpace(
      space(
        'let slack = choice(0, 1)\nconstraint layers > 20 + slack\nrepeat choice(1, 10, 30) { conv(4, choice(1, 3)) }',
      ),
    );
    expect(found.estimate!.kept).toBe(found.estimate!.drawn);
  });

  test('are looked at again only where something changes that the space is made of', () => {
    const text = large(3000);
    let now = text;
    const project = projectOf({
      get 'main.arch'() {
        return now;
      },
    });
    const sizeNow = (): unknown => project.analyse(mainUri).spaces[0]!.estimate;
    const first = sizeNow();
    now = `let w = 3\n${text}`;
    project.invalidate(mainUri);
    expect(sizeNow()).toBe(first);
    now = text.replace('3000', '4000');
    project.invalidate(mainUri);
    expect(sizeNow()).not.toEqual(first);
  });
});

describe('against brute force', () => {
  const statement = fc.constantFrom(
    'conv(4, choice(1, 3))',
    'conv(choice(4, 8), 1x1) -> conv(4, 1x1)',
    'repeat a { conv(4, choice(1, 3)) }',
    'repeat choice(0, 1, 2) { relu -> conv(4, choice(1, 3)) }',
    'if (b == 2) { conv(4, choice(1, 3)) } else { bn }',
    'residual { conv(4, 3x3) -> choice(relu, gelu, conv(4, choice(1, 3))) }',
    'Unit(choice(1, 3), n = a)',
    'Unit(3)',
    'Cell',
    'conv(b * 4, 1x1)\nif (channels == 8) { conv(4, choice(1, 3)) }\nconv(4, 1x1)',
    'let k = choice(1, 3)\nrepeat 2 { conv(4, k) }',
    'parallel add { branch { conv(4, choice(1, 3)) } branch { } }',
    'for (i, n) in enumerate([1, c]) { repeat n { conv(4, i == 0 ? choice(1, 3) : 1) } }',
  );
  const number = fc.constantFrom(1, 2, 3, 100, 200, 400, 800, 20_000);
  const comparison = fc.constantFrom('<=', '<', '>=', '==', '!=');
  const term = fc.constantFrom('a', 'b', 'c', 'a + b', 'a * b - c', 'max(a, b)', '([a, b])[c - 1]');
  const metric = fc.constantFrom('params', 'layers', 'macs', 'layers - a');
  const condition = fc.oneof(
    fc.tuple(term, comparison, fc.constantFrom(1, 2, 3)).map((parts) => parts.join(' ')),
    fc.tuple(metric, comparison, number).map((parts) => parts.join(' ')),
    fc.tuple(term, comparison, term).map((parts) => parts.join(' ')),
  );
  const constraint = fc.oneof(
    condition,
    fc
      .tuple(condition, fc.constantFrom('&&', '||'), condition)
      .map(([x, sign, y]) => `(${x}) ${sign} (${y})`),
    fc.tuple(condition, condition, condition).map(([x, y, z]) => `(${x}) ? (${y}) : (${z})`),
  );
  const body = fc
    .record({
      statements: fc.uniqueArray(statement, { minLength: 1, maxLength: 3 }),
      constraints: fc.array(constraint, { minLength: 1, maxLength: 2 }),
      last: fc.boolean(),
    })
    .map(({ statements, constraints, last }) => {
      const lines = constraints.map((each) => `constraint ${each}`);
      const lets = ['let a = choice(1, 2)', 'let b = choice(1, 2)', 'let c = choice(1, 2)'];
      return [...lets, ...(last ? [...statements, ...lines] : [...lines, ...statements])].join('\n');
    });
  const before = `block Unit(k, n = 1) { repeat n { conv(4, k) } }
cell Cell { 0 -> 1: choice(relu, conv(4, 1x1)) 0 -> 2: relu 1 -> 2: choice(bn, conv(4, choice(1, 3))) }`;

  test('small spaces have the size that expanding all their members finds', { timeout: 120_000 }, () => {
    let compared = 0;
    fc.assert(
      fc.property(body, (text) => {
        const project = projectOf({ 'main.arch': space(text, before) });
        const { spaces, diagnostics } = project.analyse(mainUri);
        expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
        const declaration = project.module(mainUri).declarations.find(({ decl }) => decl.kind === 'space')!;
        const right = bruteForce(declaration, 400);
        if (right === undefined) return;
        compared += 1;
        expect(spaces[0]!.size).toBe(right);
        expect(spaces[0]!.estimate).toBeUndefined();
      }),
      cases(220),
    );
    expect(compared).toBeGreaterThanOrEqual(0.9 * cases(220).numRuns);
  });
});

test("Wilson's interval is that of SciPy", () => {
  // scipy.stats.binomtest(k, n).proportion_ci(method='wilson')
  const expected: readonly (readonly [number, number, number, number])[] = [
    [0, 24, 0, 0.13798],
    [24, 24, 0.86202, 1],
    [30, 100, 0.21895, 0.39585],
  ];
  for (const [kept, drawn, low, high] of expected) {
    const found = wilson(kept, drawn);
    expect(found[0]).toBeCloseTo(low, 4);
    expect(found[1]).toBeCloseTo(high, 4);
  }
});
