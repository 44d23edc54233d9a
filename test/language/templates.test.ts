// Models with parameters, and models made of them.
import { describe, expect, test } from 'vitest';
import { networkHash } from '../../server/score/key.ts';
import { check } from './support/cases.ts';
import { analyse, findingsOf } from './support/helpers.ts';

const template = `/// Of any depth.
model Net(depths, Unit, width = 4) {
  input 8x8x3
  classes 10
  for (i, n) in enumerate(depths) {
    repeat n { Unit(width * (i + 1), 3x3) -> relu }
  }
  gap -> dense(classes)
}
`;

const hashes = (text: string, others: Readonly<Record<string, string>> = {}): readonly unknown[] =>
  analyse(text, others).models.map(({ name, network }) => [name, network && networkHash(network)]);

describe('a model made of another', () => {
  test('is the network that it would be if it were written out, with a name and documentation of its own', () => {
    const { models, diagnostics } = analyse(`${template}
/// Two stages.
model Two = Net([1, 2], conv)
model Wide = Net(Unit = conv, depths = [1, 2], width = 4)
model Written {
  input 8x8x3
  classes 10
  conv(4, 3x3) -> relu
  repeat 2 { conv(8, 3x3) -> relu }
  gap -> dense(10)
}
`);
    expect(diagnostics).toEqual([]);
    const [two, wide, written] = models;
    expect(models.map(({ name, doc }) => [name, doc])).toEqual([
      ['Two', 'Two stages.'],
      ['Wide', undefined],
      ['Written', undefined],
    ]);
    expect(two!.totals).toEqual(written!.totals);
    expect(two!.network!.name).toBe('Two');
    expect(networkHash(two!.network!)).toBe(networkHash(wide!.network!));
  });

  test('has the addresses of what is written out, so that its weights and stored scores are the same', () => {
    const body = 'input 8x8x3 classes 10 conv(4, 3x3) -> relu repeat 2 { conv(w, 3x3) } gap -> dense(10)';
    const [[, made], [, alone]] = hashes(
      `model T(w) { ${body} } model A = T(8) model B { ${body.replace('w,', '8,')} }`,
    ) as [[string, string], [string, string]];
    expect(made).toBe(alone);
  });

  test('is a network where all parameters have defaults, and may be made into others too', () => {
    const text = `model T(w = 4) { input 8x8x3 classes 10 conv(w, 3x3) -> gap -> dense(classes) }
model Small = T(2)
model Same = T
`;
    const [t, small, same] = analyse(text).models;
    expect([t, small, same].map((each) => each!.totals!.params)).toEqual([4 * 28 + 50 - 4, 54 + 30, 158]);
    expect(findingsOf(text)).toEqual([]);
  });

  test('is made of a model of another file', () => {
    const others = { 'b.arch': `block Free(c) { conv(c, 1x1) }\n${template}` };
    const text = 'import { Net } from "./b.arch"\nmodel A = Net([2], conv)\n';
    expect(analyse(text, others).diagnostics).toEqual([]);
    expect(hashes(text, others)).toEqual(hashes(`${template}model A = Net([2], conv)`));
  });

  test('of a template without values there is no network, and nothing is said of it but what its text says', () => {
    expect(analyse(template).models).toEqual([]);
    expect(findingsOf(template)).toEqual([]);
    expect(findingsOf(template.replace('relu', 'rleu')).map(({ code }) => code)).toEqual(['unknown-name']);
  });

  test('has an entry of its own in the outline, with what it is made of', () => {
    expect(
      analyse(`${template}model A = Net([2], conv)`)
        .symbols()
        .map(({ name, kind, detail }) => [name, kind, detail]),
    ).toEqual([
      ['Net', 'model', 'Net(depths, Unit, width = 4)'],
      ['A', 'model', 'Net([2], conv)'],
    ]);
  });
});

describe('what is wrong', () => {
  check([
    [
      'an argument that is none',
      `${template}model A = Net([1], conv, ⟦unknown-argument|witdh⟧ = 3)`,
      'Did you mean `width`',
    ],
    ['too few', `${template}model A = ⟦missing-argument|Net⟧([1])`, 'needs `Unit`'],
    ['no such model', `${template}model A = ⟦unknown-name|Nett⟧([1], conv)`, 'Did you mean `Net`'],
    [
      'a block',
      'block B(c) { relu -> B2(c) } block B2(c) { conv(c, 1x1) } model A = ⟦not-callable|B⟧(3)',
      '`B` is a block',
    ],
    ['an op', 'model A = ⟦not-callable|conv⟧(3)', '`conv` is an op'],
    [
      'a model that is made of another',
      `${template}model A = Net([1], conv)\nmodel C = ⟦not-callable|A⟧`,
      'made of another',
    ],
    ['itself', 'model A = ⟦not-callable|A⟧()', 'made of another'],
    ['nothing', 'model A ⟦expected|=⟧', 'a name'],
    ['a place that is none', `${template}model A = Net([⟦no-context|channels⟧], conv)`, 'there is none here'],
    [
      'a choice',
      `${template}model A = Net([⟦choice-outside-space|choice(1, 2)⟧], conv)`,
      'A model has nothing to choose',
    ],
    [
      'a model as an op',
      `${template}model A = Net([1], conv)\nmodel B { input 8x8x3 classes 10 ⟦not-callable|A⟧ -> gap -> dense(classes) }`,
      '`A` is a model',
    ],
    [
      'a constraint that one of them breaks',
      'model T(w) { input 8x8x3 classes 10 constraint ⟦constraint-violated|params < 100⟧ conv(w, 3x3) -> gap -> dense(classes) } model A = T(1) model B = T(4)',
      '`B` does not keep to this',
    ],
  ]);

  test('an error inside says which model has it, and in another file it stands where that is made', () => {
    const text = 'model T(w) { input 8x8x3 classes 10 conv(w, 3x3) : 8x8x4 gap -> dense(classes) }';
    const [own] = analyse(`${text}\nmodel A = T(4)\nmodel B = T(3)`).diagnostics;
    expect(own).toMatchObject({ code: 'shape-assertion' });
    expect(own!.related.map(({ message }) => message)).toEqual(['`B` is made here with w = 3']);
    const main = 'import { T } from "./b.arch"\nmodel B = T(3)';
    const [far] = analyse(main, { 'b.arch': text }).diagnostics;
    expect(far!.message).toContain('In T(3): ');
    expect(main.slice(far!.location.span.start)).toBe('T(3)');
  });

  test('ops are counted with the arguments, so that none is too large by its template', () => {
    const text = `model T(n) { input 8x8x3 classes 10 repeat n { relu } gap -> dense(classes) }
model A = T(19000)
model B = T(21000)`;
    const { models, diagnostics } = analyse(text);
    expect(models.map(({ network }) => network !== undefined)).toEqual([true, false]);
    expect(diagnostics.map(({ code }) => code)).toEqual(['too-many-ops']);
  });
});
