import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SpaceAnalysis } from '../../server/language/analysis.ts';
import { expectMessages, onlySpace, space } from './support/helpers.ts';
import { cases } from '../support/property-runs.ts';

describe('size', () => {
  test.each([
    ['no choice', 'relu', 1n],
    ['independent choices', 'conv(choice(4, 8), choice(1, 3, 5)) -> choice(relu, gelu)', 12n],
    ['a let is decided once', 'let k = choice(1, 3)\nconv(4, k) -> conv(4, k)', 2n],
    ['an iteration is decided each', 'repeat 3 { conv(4, choice(1, 3)) }', 8n],
    ['conditional repeats', 'repeat choice(1, 2, 3, 4) { conv(4, choice(1, 3)) }', 30n],
    [
      'conditional on a let',
      'let n = choice(1, 2)\nrepeat n { conv(4, choice(1, 3)) }\nrepeat n { conv(4, choice(1, 3, 5)) }',
      6n + 36n,
    ],
    ['by the iteration', 'repeat 4 as i { if (i % 2 == 0) { conv(4, choice(1, 3)) } }', 4n],
    ['if', 'if (choice(true, false)) { conv(4, choice(1, 3)) } else { conv(4, choice(1, 3, 5)) }', 5n],
    ['a conditional expression', 'conv(4, choice(true, false) ? choice(1, 3) : 5)', 3n],
    [
      'a conditional on a let',
      'let b = choice(true, false)\nconv(4, b ? choice(1, 3) : choice(1, 3, 5))',
      5n,
    ],
    [
      'lets computed from lets',
      'let a = choice(1, 2)\nlet b = a * 2\nrepeat b { conv(4, choice(1, 3)) }',
      4n + 16n,
    ],
    [
      'values with the same effect are different members',
      'let a = choice(1, -1)\nlet b = a * a\nrepeat b { relu }',
      2n,
    ],
    ['options from lists', 'for l in [[1, 3], [1, 3, 5]] { conv(4, choice(l)) }', 6n],
    ['a list that is chosen', 'let l = choice(true, false) ? [1, 3] : [1, 3, 5]\nconv(4, choice(l))', 5n],
    ['an op with choices', 'choice(conv(choice(4, 8), choice(1, 3)), relu)', 5n],
    ['the input', 'conv(4, choice(1, 3))', 4n],
    [
      'an index that is chosen',
      'let w = [4, 8, 16]\nlet i = choice(0, 1, 2)\nconv(w[i], w[choice(0, 1)] / 4 - 1 == 0 ? 1 : 3)',
      6n,
    ],
    ['choices of channels', 'conv(choice(channels, channels * 2), 1x1)', 2n],
    [
      'a condition on the extent of the image',
      'conv(4, 1x1, stride = choice(1, 2))\nif (height == 4 && width == 4) { conv(4, choice(1, 3)) }',
      3n,
    ],
    ['a condition on the shape', 'conv(choice(4, 8), 1x1)\nif (channels == 8) { conv(4, choice(1, 3)) }', 3n],
    [
      'shapes through bodies, branches and named tensors',
      `x = conv(choice(4, 8), 1x1)
residual { relu } -> parallel concat { branch { conv(4, 1x1) } branch { conv(choice(4, 8), choice(1, 3)) } }
if (channels == 12) { conv(4, choice(1, 3, 5)) }
x -> relu
if (channels == 8) { conv(4, choice(1, 3)) }`,
      3n * (2n + 2n * 3n),
    ],
    [
      'repeats by the shape',
      'conv(choice(4, 8), 1x1)\nrepeat channels / 4 { conv(channels, choice(1, 3)) }',
      2n + 4n,
    ],
    ['options by the shape', 'let l = channels == 4 ? [1, 3] : [1, 3, 5]\nconv(4, choice(l))', 2n],
    [
      'many lets that matter for nothing',
      `${Array.from({ length: 40 }, (_, i) => `let a${i} = choice(4, 8, 12)`).join('\n')}\n${Array.from({ length: 40 }, (_, i) => `conv(a${i}, 1x1)`).join('\n')}`,
      3n ** 40n,
    ],
    [
      'many lets that matter one after another',
      Array.from(
        { length: 40 },
        (_, i) => `let a${i} = choice(0, 1)\nrepeat a${i} { conv(4, choice(1, 3)) }`,
      ).join('\n'),
      3n ** 40n,
    ],
  ])('%s', (what, body, size) => {
    const text = space(body);
    expect(onlySpace(what === 'the input' ? text.replace('8x8x4', 'choice(8x8x4, 9x9x4)') : text).size).toBe(
      size,
    );
  });

  test.each([
    ['a block', 'Unit(4) -> Unit(8)', 'block Unit(out) { conv(out, choice(1, 3)) }', 4n],
    ['a default', 'Unit -> Unit(3)', 'block Unit(k = choice(1, 3)) { conv(4, k) }', 2n],
    [
      'an argument that decides',
      'Unit(choice(1, 2))',
      'block Unit(n) { repeat n { conv(4, choice(1, 3)) } }',
      6n,
    ],
    [
      'an argument passed on that decides',
      'Outer(choice(1, 2))',
      'block Outer(m) { Unit(m) }\nblock Unit(n) { repeat n { conv(4, choice(1, 3)) } }',
      6n,
    ],
    [
      'an argument that does not decide',
      'Unit(choice(1, 3))',
      'block Unit(k) { conv(4, k) -> conv(4, choice(1, 3)) }',
      4n,
    ],
    ['a cell is decided once', 'repeat 5 { C }', 'cell C { 0 -> 1: choice(relu, gelu, bn) }', 3n],
    [
      'a cell that may be unused',
      'if (choice(true, false)) { C }',
      'cell C { 0 -> 1: choice(relu, gelu, bn) }',
      4n,
    ],
    [
      'a cell that may be unused, and is used',
      'if (choice(true, false)) { C }\nC',
      'cell C { 0 -> 1: choice(relu, gelu, bn) }',
      6n,
    ],
    [
      'cells in cells',
      'C -> D',
      'cell C { 0 -> 1: choice(relu, gelu, bn) }\ncell D { 0 -> 1: C\n 0 -> 2: choice(relu, bn)\n 1 -> 2: C }',
      6n,
    ],
    [
      'one of two cells',
      'choice(C, D)',
      'cell C { 0 -> 1: choice(relu, gelu, bn) }\ncell D { 0 -> 1: choice(relu, bn) }',
      5n,
    ],
    [
      'a cell as an argument',
      'Skeleton(C)',
      'block Skeleton(op) { op -> op }\ncell C { 0 -> 1: choice(relu, gelu, bn) }',
      3n,
    ],
    [
      'a block as an argument',
      'Skeleton(B)',
      'block Skeleton(op) { op -> op }\nblock B() { choice(relu, gelu, bn) }',
      9n,
    ],
    [
      'an op with choices as an argument',
      'Skeleton(conv(4, choice(1, 3)))',
      'block Skeleton(op) { op -> op }',
      4n,
    ],
    [
      'a chosen block as an argument',
      'Skeleton(choice(B, relu))',
      'block Skeleton(op) { op -> op }\nblock B() { choice(relu, gelu, bn) }',
      10n,
    ],
    [
      'a block that looks at the shape',
      'conv(choice(4, 8), 1x1) -> Unit(4) -> Unit(8)',
      'block Unit(out) { if (channels == out) { residual { conv(out, choice(1, 3)) } } else { conv(out, 1x1) } }',
      3n,
    ],
    [
      'a cell among blocks that look at the shape',
      'conv(choice(4, 8), 1x1) -> C -> Unit(4) -> C',
      'block Unit(out) { if (channels == out) { residual { conv(out, choice(1, 3)) } } else { conv(out, 1x1) } }\ncell C { 0 -> 1: choice(relu, gelu)\n 0 -> 2: relu\n 1 -> 2: bn }',
      6n,
    ],
    [
      'arguments in vain',
      'Skeleton(relu) -> Skeleton(B)',
      'block Skeleton(op) { if (channels == 4) { op } }\nblock B() { conv(4, 1x1) }',
      1n,
    ],
  ])('%s', (_, body, before, size) => {
    expect(onlySpace(space(body, before)).size).toBe(size);
  });

  test.each([
    [
      'a shape that depends on a shared cell',
      'C\nif (channels == 8) { conv(4, choice(1, 3)) }',
      'depends on its decisions',
    ],
    ['a cell with other decisions elsewhere', 'D -> conv(8, 1x1) -> D', 'has other decisions'],
    [
      'too many values at once',
      `${Array.from({ length: 20 }, (_, i) => `let a${i} = choice(0, 1)`).join('\n')}\n${Array.from({ length: 20 }, (_, i) => `repeat a${i} { conv(4, choice(1, 3)) }`).join('\n')}`,
      'too many values',
    ],
  ])('not exact: %s', (_, body, message) => {
    const cells = `cell C { 0 -> 1: conv(choice(4, 8), 1x1) }
cell D { 0 -> 1: E }\nblock E() { if (channels == 4) { conv(4, choice(1, 3)) } }`;
    expectMessages(space(body, cells).replace('space S', 'space ⟦space-not-countable|S⟧'), [message]);
  });

  test('is the number of genotypes, for random spaces', () => {
    fc.assert(
      fc.property(randomBody(3), (body) => {
        const analysed = onlySpace(space(body, randomDeclarations));
        expect(analysed.size).toBe(BigInt(enumerate(analysed, 3000)));
      }),
      cases(40),
    );
  });
});

const randomDeclarations = `block Wide(out) { if (channels == out) { conv(out, choice(1, 3)) } else { conv(out, 1x1) } }
block Unit(n) { repeat n { conv(4, choice(1, 3)) } }
cell C { 0 -> 1: choice(relu, gelu)  0 -> 2: relu  1 -> 2: choice(bn, gelu) }`;

/** Bodies whose spaces are small and whose members are all well-formed. */
function randomBody(depth: number): fc.Arbitrary<string> {
  const leaf = fc.constantFrom(
    'relu',
    'conv(4, choice(1, 3))',
    'C',
    'Unit(choice(1, 2))',
    'Unit(1)',
    'choice(relu, C, Unit(1))',
    'conv(4, choice(true, false) ? choice(1, 3) : 5)',
    'Wide(choice(4, 8)) -> Wide(4)',
    'conv(choice(4, 8), 1x1)\nif (channels == 8) { conv(8, choice(1, 3)) }\nconv(4, 1x1)',
  );
  if (depth === 0) return leaf;
  const inner = randomBody(depth - 1);
  const compound = fc.oneof(
    inner.map((body) => `repeat choice(1, 2) { ${body} }`),
    inner.map((body) => `residual { ${body} }`),
    fc.tuple(inner, inner).map(([a, b]) => `if (choice(true, false)) { ${a} } else { ${b} }`),
    fc.tuple(inner, inner).map(([a, b]) => `parallel add { branch { ${a} } branch { ${b} } }`),
    fc
      .tuple(fc.constantFrom('x', 'y'), inner)
      .map(([x, body]) => `if (true) { let ${x} = choice(1, 2)\nrepeat ${x} { ${body} } }`),
  );
  return fc.array(fc.oneof(leaf, compound), { minLength: 1, maxLength: 2 }).map((parts) => parts.join('\n'));
}

/** Counts members by walking through all genotypes, whichever decisions each of them meets; skips spaces beyond `limit`. */
function enumerate({ instantiate, size, decisions }: SpaceAnalysis, limit: number): number {
  fc.pre(size !== undefined && size <= BigInt(limit));
  const options = new Map(decisions.map((decision) => [decision.path, decision.options]));
  let members = 0;
  const pending: { readonly genotype: Readonly<Record<string, unknown>> }[] = [{ genotype: {} }];
  for (let item = pending.pop(); item !== undefined; item = pending.pop()) {
    const { genotype } = item;
    const met = instantiate(genotype as Record<string, string>).genotype;
    const open = Object.keys(met).find((path) => !Object.hasOwn(genotype, path));
    if (open === undefined) members += 1;
    else for (const option of options.get(open)!) pending.push({ genotype: { ...genotype, [open]: option } });
  }
  return members;
}
