import { describe, expect, test } from 'vitest';
import type { FileAnalysis } from '../../server/language/analysis.ts';
import { Project } from '../../server/language/project.ts';
import { analyse, mainUri, network, projectOf } from './support/helpers.ts';

/** A project whose texts can be edited, and which counts how often each is read. */
function editable(files: Record<string, string>) {
  const reads = new Map<string, number>();
  const project = new Project({
    read: (uri) => {
      reads.set(uri, (reads.get(uri) ?? 0) + 1);
      return files[uri.replace('file:///work/', '')];
    },
  });
  const edit = (name: string, text: string | undefined): void => {
    if (text === undefined) Reflect.deleteProperty(files, name);
    else files[name] = text;
    project.invalidate(`file:///work/${name}`);
  };
  return { project, edit, reads };
}

function codes(analysis: FileAnalysis): string[] {
  return analysis.diagnostics.map(({ code }) => code);
}

describe('a project', () => {
  const main = `import { B } from "./b.arch"\n${network('B')}`;

  test('analyses a text once', () => {
    const { project, edit, reads } = editable({ 'main.arch': main, 'b.arch': 'block B() { relu }' });
    const first = project.analyse(mainUri);
    expect(project.analyse(mainUri)).toBe(first);
    expect([...reads.values()]).toEqual([1, 1]);
    edit('main.arch', main);
    expect(project.analyse(mainUri)).toBe(first);
  });

  test('analyses importers anew when what they import changes, appears or goes', () => {
    const { project, edit } = editable({ 'main.arch': main });
    expect(codes(project.analyse(mainUri))).toEqual(['import-not-found']);
    edit('b.arch', 'block B() { conv(8, 3x3) }');
    expect(project.analyse(mainUri).models[0]?.totals?.layers).toBe(2);
    edit('b.arch', 'import { C } from "./c.arch"\nblock B() { C }');
    expect(codes(project.analyse(mainUri))).toEqual(['import-has-errors']);
    edit('c.arch', 'block C() { conv(8, 3x3) -> conv(8, 3x3) }');
    expect(project.analyse(mainUri).models[0]?.totals?.layers).toBe(3);
    edit('c.arch', undefined);
    expect(codes(project.analyse(mainUri))).toEqual(['import-has-errors']);
  });

  test('keeps analyses of files that a change does not concern', () => {
    const { project, edit } = editable({ 'main.arch': network('relu'), 'b.arch': 'block B() { relu }' });
    const first = project.analyse(mainUri);
    project.analyse('file:///work/b.arch');
    edit('b.arch', 'block B() { bn }');
    expect(project.analyse(mainUri)).toBe(first);
  });

  test('sees cycles of files from every side and forgets them when they are cut', () => {
    const { project, edit } = editable({
      'main.arch': main,
      'b.arch': 'import { C } from "./c.arch"\nblock B() { relu }',
      'c.arch': `import { M } from "./main.arch"\nblock C() { relu }`,
    });
    for (const name of ['c', 'main', 'b']) {
      expect(codes(project.analyse(`file:///work/${name}.arch`)), name).toEqual(['import-cycle']);
    }
    edit('c.arch', 'block C() { relu }');
    for (const name of ['main', 'b', 'c']) {
      expect(codes(project.analyse(`file:///work/${name}.arch`)), name).toEqual([]);
    }
  });

  test('resolves imports as editors spell uris', () => {
    const uri = 'file:///c%3A/My%20models/main.arch';
    const read: string[] = [];
    const project = new Project({
      read: (each) => {
        read.push(each);
        return each === uri ? 'import { B } from "../blocks/b.arch"' : undefined;
      },
    });
    expect(project.analyse('file:///C:/My models/main.arch').imports).toEqual(['file:///c%3A/blocks/b.arch']);
    expect(read).toEqual([uri, 'file:///c%3A/blocks/b.arch']);
  });

  test('a file that cannot be read is empty', () => {
    const analysis = projectOf({}).analyse(mainUri);
    expect(analysis.diagnostics).toEqual([]);
    expect(analysis.symbols()).toEqual([]);
  });
});

describe('names', () => {
  const text = `import { B, width } from "./b.arch"
let depth = 2
block Unit(out, k = 3x3) {
  let wide = out * 2
  conv(wide, k)
}
cell C { 0 -> 1: Unit(4) }
model M {
  input 8x8x4
  classes 10
  x = Unit(width)
  repeat depth as i { B(i) -> C }
  for (a, b) in [(1, 2)] { conv(a, b) }
  gap -> dense(10)
}
`;
  const others = { 'b.arch': 'let width = 4\nblock B(n) { relu }' };
  const analysis = analyse(text, others);

  /** The text at the definition of the last occurrence of a phrase's marked part. */
  function definition(phrase: string): string | undefined {
    const offset = text.indexOf(phrase.replace('|', '')) + phrase.indexOf('|');
    const location = analysis.definitionAt(offset);
    if (location === undefined) return undefined;
    const source = location.uri === mainUri ? text : others['b.arch'];
    const line = source.slice(0, location.span.start).split('\n').length;
    return `${source.slice(location.span.start, location.span.end)} in line ${line} of ${location.uri.replace('file:///work/', '')}`;
  }

  test.each([
    ['x = |Unit(', 'Unit in line 3 of main.arch'],
    ['Unit|(width)', 'Unit in line 3 of main.arch'],
    ['Unit(|width)', 'width in line 1 of b.arch'],
    ['repeat |depth', 'depth in line 2 of main.arch'],
    ['{ |B(i)', 'B in line 2 of b.arch'],
    ['B(|i)', 'i in line 12 of main.arch'],
    ['-> |C }', 'C in line 7 of main.arch'],
    ['conv(|a, b)', 'a in line 13 of main.arch'],
    ['conv(|wide', 'wide in line 4 of main.arch'],
    [', |k)', 'k in line 3 of main.arch'],
    ['= |out *', 'out in line 3 of main.arch'],
    ['|x = Unit', 'x in line 11 of main.arch'],
    ['import { |B', 'B in line 2 of b.arch'],
    ['from "./|b.arch"', ' in line 1 of b.arch'],
    ['|conv(wide', undefined],
    ['|repeat', undefined],
  ])('%s is %s', (phrase, expected) => {
    expect(definition(phrase)).toBe(expected);
  });

  test('all uses of a name', () => {
    const spans = analysis.referencesAt(text.indexOf('Unit('));
    expect(spans.map(({ start }) => text.slice(start, start + 5))).toEqual(['Unit(', 'Unit(', 'Unit(']);
    expect(analysis.referencesAt(text.indexOf('repeat'))).toEqual([]);
  });

  test('the outline', () => {
    const outline = analysis
      .symbols()
      .map(({ name, kind, detail, children }) => [
        kind,
        name,
        detail,
        ...children.map((child) => child.name),
      ]);
    expect(outline).toEqual([
      ['let', 'depth', '2'],
      ['block', 'Unit', 'Unit(out, k = 3x3)', 'wide'],
      ['cell', 'C', '1 edge', '0 -> 1'],
      ['model', 'M', '8x8x4', 'x'],
    ]);
  });
});
