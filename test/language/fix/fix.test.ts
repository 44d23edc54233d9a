import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from '../../../grammar/parser.ts';
import { diagnosticCodes } from '../../../server/language/check/codes.ts';
import { fixAll, fixesOf } from '../../../server/language/fix/index.ts';
import type { Fix } from '../../../server/language/fix/index.ts';
import { applied, contextOf, structures } from '../support/edits.ts';
import { mainUri, model, network, onlyModel, projectOf } from '../support/helpers.ts';
import { plausibleProgram, mutatedExample } from '../support/random.ts';
import { library, repairs } from './repairs.ts';
import { cases } from '../../support/property-runs.ts';

/** The fixes of the first diagnostic of a code. */
function fixes(
  code: string,
  text: string,
  others: Readonly<Record<string, string>> = library,
): readonly Fix[] {
  const context = contextOf(text, others);
  const project = projectOf({ ...others, 'main.arch': text });
  for (const name of Object.keys(others)) project.analyse(`file:///work/${name}`);
  const diagnostic = project.lint(mainUri).find((each) => each.code === code);
  expect(diagnostic, `${code} in ${text}`).toBeDefined();
  return fixesOf(diagnostic!, context);
}

describe('the first fix', () => {
  test.each(repairs)('of %s: %s', (code, title, before, after) => {
    const [first] = fixes(code, before);
    expect(first?.title).toBe(title);
    const result = applied(before, first!.changes);
    expect(result).toBe(after);
    // It is repaired, and nothing else broke.
    const context = projectOf({ ...library, 'main.arch': result });
    expect(context.lint(mainUri).map((each) => each.code)).not.toContain(code);
    expect(context.analyse(mainUri).diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
    if (first!.safe && code !== 'semicolon' && code !== 'dead-edge' && !(code === 'two-activations'))
      expect(structures(result, library)).toEqual(structures(before, library));
  });
});

test('other fixes are offered behind it', () => {
  expect(fixes('shape-mismatch', model('dense(classes)')).map(({ title }) => title)).toEqual([
    'Insert `gap` before it',
    'Insert `flatten` before it',
  ]);
  expect(fixes('two-activations', network('relu -> gelu')).map(({ title }) => title)).toEqual([
    'Remove the second activation, `gelu`',
    'Remove the first activation, `relu`',
  ]);
  expect(fixes('unused-parameter', `block X(a) { bn }\n${network('X(4)')}`)).toHaveLength(2);
});

describe('a node of a cell that nothing reads', () => {
  /** What the output of the only model is computed from, whatever the nodes are called. */
  const computed = (text: string): unknown => {
    const { nodes, output } = onlyModel(text).network;
    const from = (id: number): unknown => [nodes[id]!.op, nodes[id]!.args, nodes[id]!.inputs.map(from)];
    return from(output);
  };

  test.each(repairs.filter(([code]) => code === 'cell-node-unused'))(
    'goes without a trace (%s: %s)',
    (_, __, before, after) => {
      expect(computed(after)).toEqual(computed(before));
      expect(onlyModel(after).network.nodes.length).toBeLessThan(onlyModel(before).network.nodes.length);
    },
  );

  test('stays where its edges are decided', () => {
    const text = `cell C { 0 -> 1: relu\n0 -> 2: choice(relu, bn) }\n${network('C').replace('model M', 'space S')}`;
    expect(fixes('cell-node-unused', text)).toEqual([]);
  });
});

test('a parameter of a model is removed with what the models made of it give for it', () => {
  const text =
    'model T(a) { input 8x8x3 classes 10 gap -> dense(classes) }\nmodel A = T(3)\nmodel B = T(a = 4)';
  const [first] = fixes('unused-parameter', text);
  expect(applied(text, first!.changes)).toBe(
    'model T { input 8x8x3 classes 10 gap -> dense(classes) }\nmodel A = T\nmodel B = T',
  );
});

test('a parameter is not removed from a list that is not closed', () => {
  expect(fixes('unused-parameter', '}block X(a').map(({ title }) => title)).toEqual(['Rename to `_a`']);
});

test('nothing is taken from those who import it', () => {
  const text = 'block X(a) { bn }';
  const importing = { 'other.arch': `import { X } from "./main.arch"\n${network('X(4)')}` };
  expect(fixes('unused-parameter', text, importing)).toEqual([]);
});

test('a parameter whose argument decides something is not removed', () => {
  const text = `block X(a) { bn }\n${network('X(choice(1, 2))').replace('model M', 'space S')}`;
  expect(fixes('unused-parameter', text).map(({ title }) => title)).toEqual(['Rename to `_a`']);
});

test('of a part that can be read, in a file that does not parse', () => {
  const broken = 'model N { input 8x8x4\nconv(3 \n}';
  const text = `${network('relu -> relu')}\n${broken}`;
  const [fix] = fixes('two-activations', text);
  expect(applied(text, fix!.changes)).toBe(`${network('relu')}\n${broken}`);
});

describe('all safe fixes at once', () => {
  test('leave a file without what they fix, and with its networks', () => {
    const text = `import { A, B } from "./lib.arch"
block X(a, b) { conv(a, 1x1) -> bn -> relu -> relu }
block Y() { bn }
${network('let w = 3\nx = X(4, 5)\nA(4)\nif (1 > 2) { bn }\nrepeat 2 as i { bn }')}`;
    const project = projectOf({ ...library, 'main.arch': text });
    const result = applied(text, fixAll(project.lint(mainUri), contextOf(text, library)));
    expect(projectOf({ ...library, 'main.arch': result }).lint(mainUri)).toEqual([]);
    const ops = (content: string): unknown =>
      projectOf({ ...library, 'main.arch': content })
        .analyse(mainUri)
        .models[0]?.network?.nodes.map(({ op }) => op);
    expect(ops(result)).toEqual(
      (ops(text) as string[]).filter((op, at, all) => op !== 'relu' || all[at - 1] !== 'relu'),
    );
  });

  test('of any text are changes in order, and make no new syntax error', () => {
    fc.assert(
      fc.property(fc.oneof(plausibleProgram, mutatedExample), (text) => {
        const project = projectOf({ 'main.arch': text });
        const context = contextOf(text);
        const diagnostics = project.lint(mainUri);
        const problems = parse(text).problems.length;
        applied(text, fixAll(diagnostics, context));
        for (const diagnostic of diagnostics) {
          for (const { changes, title } of fixesOf(diagnostic, context)) {
            const result = applied(text, changes);
            expect(title).toMatch(/^[A-Z][^]*[^.]$/);
            if ((diagnosticCodes.lint as readonly string[]).includes(diagnostic.code))
              expect(parse(result).problems.length).toBeLessThanOrEqual(problems);
          }
        }
      }),
      cases(25),
    );
  });
});
