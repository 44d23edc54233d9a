import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { FileAnalysis } from '../../server/language/analysis.ts';
import { Project } from '../../server/language/project.ts';
import { canonicalNetwork } from '../../server/network/canonical.ts';
import { example, mainUri } from './support/helpers.ts';
import {
  applyEdit,
  edit,
  exampleNames,
  mutatedExample,
  plausibleProgram,
  program,
} from './support/random.ts';
import { cases, propertyFactor } from '../support/property-runs.ts';

/** Milliseconds a test may take on a busy machine. */
const patience = 300_000 * Math.max(1, propertyFactor);

const blocks = example('blocks.arch').text;

function read(files: Readonly<Record<string, string>>) {
  return (uri: string): string | undefined => files[uri.replace('file:///work/', '')];
}

/** Asks an analysis everything it can be asked, and checks what holds for every text. */
function examine(analysis: FileAnalysis): void {
  const { text, uri, diagnostics, models, spaces } = analysis;
  for (const { location, message } of diagnostics) {
    expect(location.uri).toBe(uri);
    expect(location.span.start).toBeGreaterThanOrEqual(0);
    expect(location.span.end).toBeGreaterThanOrEqual(location.span.start);
    expect(location.span.end).toBeLessThanOrEqual(text.length);
    expect(message).not.toBe('');
  }
  const keys = diagnostics.map(({ code, location }) => `${code} ${location.span.start} ${location.span.end}`);
  expect(new Set(keys).size).toBe(keys.length);

  const errors = diagnostics.some(({ severity }) => severity === 'error');
  for (const model of models) {
    // Whoever gets no network is told why.
    expect(errors || model.network !== undefined, 'a reason for no network').toBe(true);
    const paths = model.partial.map(({ path }) => path);
    expect(new Set(paths).size).toBe(paths.length);
    for (const [id, node] of model.partial.entries()) {
      expect(node.id).toBe(id);
      for (const input of node.inputs) expect(input).toBeLessThan(id);
    }
  }
  for (const space of spaces) {
    expect(errors || space.first.network !== undefined, 'a reason for no member').toBe(true);
    const names = space.decisions.map(({ path }) => path);
    expect(new Set(names).size).toBe(names.length);
    const member = space.instantiate({});
    // The genotype of a member is complete: it gives the member again.
    if (member.network !== undefined) {
      const again = space.instantiate(member.genotype);
      expect(again.diagnostics).toEqual([]);
      expect(canonicalNetwork(again.network!)).toEqual(canonicalNetwork(member.network));
    }
  }
  for (let offset = 0; offset <= text.length; offset += 7) {
    analysis.nodesAt(offset);
    analysis.definitionAt(offset);
    analysis.referencesAt(offset);
  }
  analysis.symbols();
}

test('random programs', { timeout: patience }, () => {
  fc.assert(
    fc.property(program, program, (main, other) => {
      const project = new Project({ read: read({ 'main.arch': main, 'b.arch': other }) });
      examine(project.analyse(mainUri));
      examine(project.analyse('file:///work/b.arch'));
    }),
    cases(500),
  );
});

test('random programs of which many are right', { timeout: patience }, () => {
  fc.assert(
    fc.property(plausibleProgram, (main) => {
      examine(new Project({ read: read({ 'main.arch': main }) }).analyse(mainUri));
    }),
    cases(400),
  );
});

test('edited examples', { timeout: patience }, () => {
  fc.assert(
    fc.property(mutatedExample, (main) => {
      examine(new Project({ read: read({ 'main.arch': main, 'blocks.arch': blocks }) }).analyse(mainUri));
    }),
    cases(400),
  );
});

test('random characters', { timeout: patience }, () => {
  const pieces = fc.constantFrom(
    'model',
    'M',
    '{',
    '}',
    '(',
    ')',
    '->',
    ':',
    '"',
    '=',
    ' ',
    '\n',
    'let',
    '3x3',
    '1',
    '|',
    '~',
    '+',
    'é',
    '\u0000',
    '🙂',
    '//',
    '/*',
    ',',
    '?',
    'choice',
    'cell',
    'import',
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(pieces, fc.string({ maxLength: 3 })), { maxLength: 60 }), (parts) => {
      examine(new Project({ read: read({ 'main.arch': parts.join('') }) }).analyse(mainUri));
    }),
    cases(3000),
  );
});

/** What an analysis says, without identities. */
function content(analysis: FileAnalysis) {
  return {
    diagnostics: analysis.diagnostics,
    models: analysis.models.map(({ name, totals, partial, network }) => ({
      name,
      totals,
      network: network === undefined ? undefined : canonicalNetwork(network),
      nodes: partial.map(({ path, origin }) => [path, origin]),
    })),
    spaces: analysis.spaces.map(({ name, size, decisions }) => ({ name, size, decisions })),
    imports: analysis.imports,
    shapes: analysis.shapes,
    loops: analysis.loops,
    symbols: analysis.symbols(),
  };
}

test(
  'edit scripts over files that import each other leave what a fresh project finds',
  { timeout: patience },
  () => {
    const uris = ['main.arch', 'b.arch', 'c.arch'] as const;
    const initial = fc.record({
      'main.arch': fc.oneof(
        program,
        plausibleProgram,
        fc.constantFrom(...exampleNames).map((name) => example(name).text),
      ),
      'b.arch': program,
      'c.arch': program,
    });
    const step = fc.record({
      file: fc.constantFrom(...uris, 'blocks.arch' as const),
      change: fc.oneof(
        { weight: 6, arbitrary: edit },
        { weight: 1, arbitrary: program },
        { weight: 1, arbitrary: fc.constant(undefined) },
      ),
      look: fc.constantFrom(...uris),
    });
    fc.assert(
      fc.property(initial, fc.array(step, { minLength: 2, maxLength: 6 }), (texts, steps) => {
        const files: Record<string, string> = { ...texts, 'blocks.arch': blocks };
        const project = new Project({ read: (uri) => read(files)(uri) });
        for (const { file, change, look } of steps) {
          if (change === undefined) Reflect.deleteProperty(files, file);
          else files[file] = typeof change === 'string' ? change : applyEdit(files[file] ?? '', change);
          project.invalidate(`file:///work/${file}`);
          const uri = `file:///work/${look}`;
          const fresh = new Project({ read: read({ ...files }) });
          expect(content(project.analyse(uri))).toEqual(content(fresh.analyse(uri)));
        }
      }),
      cases(100),
    );
  },
);
