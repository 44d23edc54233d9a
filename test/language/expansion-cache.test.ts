import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Project } from '../../server/language/project.ts';
import { cases } from '../support/property-runs.ts';

/** Declarations that use each other in all the ways there are; `#` is a number that an edit changes. */
const pieces = [
  'let width = #',
  'let twice = width * 2',
  '/// A unit.\nblock Unit(out = #, stride = 1) { conv(out, 3x3, stride = stride) -> bn -> relu }',
  'block Pair(out) {\n  for w in [out, width] { Unit(w) }\n  repeat # as i { residual { Unit(width) } }\n}',
  'cell Cell(inputs = 1) { 1 <- 0: Unit(channels) }',
  'model A {\n  input 8x8x3\n  classes 4\n  Unit -> Pair(8)\n  gap -> dense(classes)\n}',
  'model B {\n  input 8x8x3\n  classes #\n  Far(twice) -> Unit(stride = 2)\n  gap -> dense(classes)\n}',
  'model C {\n  input 8x8x3\n  classes 4\n  conv(#, 9x9, padding = valid)\n  gap -> dense(classes)\n}',
  'model D {\n  input 8x8x3\n  classes 4\n  constraint params <= #\n  Wrong(3) -> gap -> dense(classes)\n}',
  'block Wrong(n) { conv(8, 3x3, groups = n) }',
  'model A {\n  input 8x8x3\n  classes 4\n  gap -> dense(classes)\n}',
  'space S { input 8x8x3 classes 4 conv(choice(4, #), 3x3) -> gap -> dense(classes) }',
  'model T(n, Act = relu) {\n  input 8x8x3\n  classes 4\n  Unit(n) -> Act -> gap -> dense(classes)\n}',
  'model E = T(#)',
  'model G = T(Act = gelu, n = width)',
  'model H = Far(3)',
  'model Cut {\n  input 8x8x3',
  '// A comment.',
] as const;
const imported = [
  'block Far(n) { conv(n, 3x3) -> relu }',
  'block Far(n) { relu }',
  'let Far = 3',
  'model Far(n) { input 8x8x3 classes 4 conv(n, 3x3) -> gap -> dense(classes) }',
  '',
] as const;

const main = 'file:///work/main.arch';
const other = 'file:///work/other.arch';
const textOf = (order: readonly { readonly piece: number; readonly number: number }[]): string =>
  [
    'import { Far } from "./other.arch"',
    ...order.map(({ piece, number }) => pieces[piece]!.replace('#', String(number))),
  ].join('\n');

describe('Expansions kept from text to text', () => {
  it(
    'are those of a fresh project, however declarations come, go, move and change',
    { timeout: 300_000 },
    () => {
      const piece = fc.record({
        piece: fc.nat({ max: pieces.length - 1 }),
        number: fc.integer({ min: 1, max: 5 }),
      });
      const texts = fc.array(
        fc.record({ order: fc.array(piece, { maxLength: 10 }), far: fc.constantFrom(...imported) }),
        { minLength: 2, maxLength: 8 },
      );
      // Neighbouring texts have much in common: each keeps what the one before had at random places.
      const scripts = fc.tuple(texts, fc.infiniteStream(fc.integer({ min: 0, max: 3 })));
      fc.assert(
        fc.property(scripts, ([steps, luck]) => {
          const files = new Map<string, string>();
          const kept = new Project({ read: (uri) => files.get(uri) });
          let order: (typeof steps)[number]['order'] = pieces.map((_, index) => ({
            piece: index,
            number: 3,
          }));
          for (const { order: next, far } of steps) {
            order = order.flatMap((each, index) => {
              const kind = luck.next().value as number;
              const fresh = next[index];
              if (kind > 0 || fresh === undefined) return [each];
              return fresh.number > 3 ? [fresh] : [fresh, each];
            });
            files.set(main, textOf(order));
            files.set(other, far);
            kept.invalidate(main);
            kept.invalidate(other);
            const found = kept.analyse(main);
            const fresh = new Project({ read: (uri) => files.get(uri) }).analyse(main);
            expect(found.diagnostics).toEqual(fresh.diagnostics);
            expect(found.models).toEqual(fresh.models);
            expect(found.shapes).toEqual(fresh.shapes);
            expect(found.loops).toEqual(fresh.loops);
            const nodes = found.models.flatMap(({ partial }) => partial);
            for (const node of nodes) {
              if (node.origin.uri !== main) continue;
              const placed = found.nodesAt(node.origin.span.start).map((each) => each.node);
              expect(placed.includes(node)).toBe(true);
            }
          }
        }),
        cases(40),
      );
    },
  );

  it('are not those of a text that was read otherwise, for what stood around it', () => {
    const text = (between: string) => `block Unit(out,n=1){ repeat n { conv(out, 3) } }
cell conv_3x3 ChoosingCell > : choice }
${between}
model{put 8x8x4 classes if (true) { parallel add { branch { dwconv(3x3) } }
Unit(4= 2) }
if (channels == 4) { parallel add { branch branch { repeat 0 as i { 2)
2) }
residual constructor bn 1x1) } shortcut { t } } } }
  Other
}`;
    let now = text('\n}');
    const kept = new Project({ read: () => now });
    kept.analyse(main);
    now = text('_');
    kept.invalidate(main);
    const fresh = new Project({ read: () => now }).analyse(main);
    expect(fresh.models[0]!.partial.at(-1)!.op).toBe('add');
    expect(kept.analyse(main).models).toEqual(fresh.models);
  });

  it('are made anew for what an edit reaches, and only for that', () => {
    const files = new Map<string, string>();
    const project = new Project({ read: (uri) => files.get(uri) });
    const write = (text: string) => {
      files.set(main, text);
      project.invalidate(main);
      return project.analyse(main).models;
    };
    const unit = (out: number) => `block Unit { conv(${out}, 3x3) }\n`;
    const model = (name: string, body: string) =>
      `model ${name} {\n  input 8x8x3\n  classes 4\n  ${body} -> gap -> dense(classes)\n}\n`;
    const [uses, not] = write(unit(4) + model('Uses', 'Unit') + model('Not', 'relu'));
    const [changed, same] = write(unit(8) + model('Uses', 'Unit') + model('Not', 'relu'));
    expect(same!.partial).toBe(not!.partial);
    expect(changed!.partial).not.toBe(uses!.partial);
    expect(changed!.partial.find(({ op }) => op === 'conv')!.shape).toEqual([8, 8, 8]);
    const [moved] = write(`// Above.\n${unit(8)}${model('Uses', 'Unit')}${model('Not', 'relu')}`);
    expect(moved!.partial.map(({ id, params }) => [id, params])).toEqual(
      changed!.partial.map(({ id, params }) => [id, params]),
    );
    expect(moved!.partial[1]!.origin.span.start).toBe(changed!.partial[1]!.origin.span.start + 10);
  });
});
