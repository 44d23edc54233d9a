// archlens:blocks, the blocks that come with the program.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { format } from '../../grammar/format/format.ts';
import { fixesOf } from '../../server/language/fix/index.ts';
import { libraries, libraryPath } from '../../server/language/library.ts';
import { Project } from '../../server/language/project.ts';
import { check } from './support/cases.ts';
import { expectDiagnostics, network, onlyModel, opsOf } from './support/helpers.ts';

/** A call of every block, for images or tokens of 64 channels. */
const calls: Readonly<Record<string, string>> = {
  ConvBn: 'ConvBn(8)',
  DepthwiseBn: 'DepthwiseBn',
  DepthwiseSeparable: 'DepthwiseSeparable(8)',
  ResNetStem: 'ResNetStem',
  BasicBlock: 'BasicBlock(32, stride = 2)',
  Bottleneck: 'Bottleneck(16, Attention = se)',
  Projection: 'Projection(32)',
  InvertedResidual: 'InvertedResidual(64)',
  InvertedBottleneck: 'InvertedBottleneck(8)',
  MBConv: 'MBConv(64)',
  FusedMBConv: 'FusedMBConv(64)',
  FusedBottleneck: 'FusedBottleneck(8, expand = 1)',
  SqueezeExcite: 'SqueezeExcite(16)',
  ConvNeXtBlock: 'ConvNeXtBlock',
  PatchEmbed: 'PatchEmbed(64, patch = 4) -> mean_tokens -> dense(classes)',
  TransformerEncoder: 'tokens -> TransformerEncoder(4) -> to_image(8x8)',
  Mlp: 'tokens -> Mlp(128) -> to_image(8x8)',
  ImageMlp: 'ImageMlp(128)',
  SwinBlock: 'SwinBlock(4, window = 4, shift = 2)',
  PatchMerging: 'PatchMerging',
  Nb201Reduction: 'Nb201Reduction',
  Nb201Skeleton: 'Nb201Skeleton(relu, cells = 1)',
};

describe.each([...libraries])('%s', (path, uri) => {
  const text = readFileSync(fileURLToPath(uri), 'utf8');
  const project = new Project({ read: () => undefined });

  test('is read wherever texts come from, and has nothing to report', () => {
    expect(project.module(uri).text).toBe(text);
    expect(project.lint(uri)).toEqual([]);
    expect(libraryPath(uri)).toBe(path);
  });

  test('is formatted, in lines of at most 120 characters, and every block is documented', () => {
    expect(format(text)).toBe(text);
    expect(text.split('\n').filter((line) => line.length > 120)).toEqual([]);
    const silent = project.module(uri).declarations.filter(({ decl }) => decl.doc === undefined);
    expect(silent.map(({ name }) => name)).toEqual([]);
  });

  test('is in the manual with every block', () => {
    const manual = readFileSync(new URL('../../grammar/README.md', import.meta.url), 'utf8');
    const table = manual.split(`| of \`${path}\` |`)[1]!.split('\n\n')[0]!;
    const named = Array.from(table.matchAll(/`(\w+)`/g), ([, name]) => name);
    expect(named.toSorted()).toEqual(
      project
        .module(uri)
        .declarations.map(({ name }) => name)
        .toSorted(),
    );
  });

  test('has a call of every block in this test', () => {
    expect(Object.keys(calls)).toEqual(project.module(uri).declarations.map(({ name }) => name));
  });

  test.each(Object.entries(calls))('%s', (name, call) => {
    const body = `conv(64, 3x3)\n${call}`;
    const ends = call.includes('classes') || name === 'Nb201Skeleton';
    const before = `import { ${name} } from "${path}"`;
    const source = ends
      ? `${before}\nmodel M {\n  input 8x8x4\n  classes 10\n${body}\n}\n`
      : network(body, before);
    expect(onlyModel(source).totals.params).toBeGreaterThan(0);
  });
});

test('a document without a folder can import from it', () => {
  const text = network('InvertedResidual(4)', 'import { InvertedResidual } from "archlens:blocks"');
  const project = new Project({ read: (uri) => (uri === 'untitled:Untitled-1' ? text : undefined) });
  const { diagnostics, models } = project.analyse('untitled:Untitled-1');
  expect(diagnostics).toEqual([]);
  expect(opsOf(models[0]!)).toBe('conv bn relu6 dwconv bn relu6 identity conv bn add gap dense');
});

describe('mistakes', () => {
  check([
    [
      'a name that is near',
      'import { A } from ⟦import-not-found|"archlens:block"⟧\nblock B() { A }',
      'Did you mean `archlens:blocks`?',
    ],
    [
      'the name as a file',
      'import { A } from ⟦import-not-found|"archlens:blocks.arch"⟧\nblock B() { A }',
      'Did you mean `archlens:blocks`?',
    ],
    [
      'another name',
      'import { A } from ⟦import-not-found|"archlens:transformers"⟧\nblock B() { A }',
      'There is `archlens:blocks`.',
    ],
    [
      'a block without its import',
      network('⟦unknown-name|MBConv⟧(4)'),
      'It comes with Archlens: add `import { MBConv } from "archlens:blocks"` at the top.',
    ],
    ['no scheme', 'import { A } from ⟦import-path|"blocks"⟧\nblock B() { A }', '"archlens:blocks"'],
    [
      'a block that is not there',
      'import { ⟦unknown-export|InvertedResiduals⟧ } from "archlens:blocks"',
      'archlens:blocks declares no `InvertedResiduals`. Did you mean `InvertedResidual`?',
    ],
  ]);

  test('the near name is put between the quotation marks', () => {
    const marked = 'import { Mlp } from ⟦import-not-found|"archlens:bloks"⟧\nblock B() { Mlp(8) }';
    const [diagnostic] = expectDiagnostics(marked);
    const text = marked.replaceAll(/⟦[^|]*\||⟧/g, '');
    const project = new Project({ read: () => text });
    const module = project.module(diagnostic!.location.uri);
    const { uri, parse, references } = module;
    const context = { uri, text, parse, references, module, imported: new Set<string>() };
    const [fix] = fixesOf(diagnostic!, context);
    const { span, text: near } = fix!.changes[0]!;
    expect(text.slice(0, span.start) + near + text.slice(span.end)).toBe(
      text.replace('archlens:bloks', 'archlens:blocks'),
    );
  });
});
