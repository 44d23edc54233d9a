// The layers of docs/architecture.md, held against what the files import, and how files and folders are cut and named.
import { globSync, readFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import ts from 'typescript';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '..');

/** Folders by their row in the table of the page, the uppermost first. */
const rows: readonly (readonly string[])[] = readFileSync(join(root, 'docs', 'architecture.md'), 'utf8')
  .split('\n')
  .map((line) => /^\| (`(?:client|server|grammar)[^|]*) \|/.exec(line)?.[1])
  .filter((cell) => cell !== undefined)
  .map((cell) => [...cell.matchAll(/`([a-z/-]+?)\/?`/g)].map(([, folder]) => `${folder!}/`));

function rowOf(file: string): number {
  return rows.findIndex((folders) => folders.some((folder) => file.startsWith(folder)));
}

interface Import {
  readonly file: string;
  /** A file below the root, or the name of a package. */
  readonly target: string;
}

/** All code of the repository, by path below its root. */
const code = globSync('{client,server,grammar,bench,scripts,test}/**/*.{ts,tsx,mjs,js,css,c}', {
  cwd: root,
  exclude: ['**/node_modules/**'],
}).map((file) => file.replaceAll('\\', '/'));

const files = code.filter((file) => /^(client|server|grammar)\/.*\.tsx?$/.test(file));

const textOf = (file: string): string => readFileSync(join(root, file), 'utf8');

/** Those of types are arrows too: who reads a file has to know what its types are. */
function importsOf(file: string): readonly Import[] {
  return ts.preProcessFile(textOf(file)).importedFiles.map(({ fileName }) => ({
    file,
    target: fileName.startsWith('.') ? join(dirname(file), fileName).replaceAll('\\', '/') : fileName,
  }));
}

const imports: readonly Import[] = files.flatMap(importsOf);

/** `file → target`, for a message. */
const arrows = (found: readonly Import[]): readonly string[] =>
  found.map(({ file, target }) => `${file} → ${target}`);

test('every file is in a layer, and every layer has files', () => {
  expect(files.filter((file) => rowOf(file) === -1)).toEqual([]);
  for (const folder of rows.flat())
    expect(
      files.some((file) => file.startsWith(folder)),
      folder,
    ).toBe(true);
});

test('no arrow points up the table', () => {
  const local = imports.filter(({ target }) => rowOf(target) !== -1);
  expect(local.length).toBeGreaterThan(files.length);
  expect(arrows(local.filter(({ file, target }) => rowOf(target) < rowOf(file)))).toEqual([]);
});

test.each([
  ['the editor', /^vscode$/, ['client/']],
  [
    'the protocol of languages',
    /^vscode-language(?!server-textdocument)/,
    ['client/', 'server/lsp/', 'server/protocol/'],
  ],
  ['an engine', /^(onnxruntime|@tensorflow\/)/, ['server/engine/']],
  ['the parser generator', /^chevrotain/, ['grammar/']],
  ['what builds pages', /^preact/, ['client/*/page/']],
])('only its own layer knows %s', (_, library, layers) => {
  const found = imports.filter(({ target }) => library.test(target));
  expect(found.length).toBeGreaterThan(0);
  expect(
    arrows(
      found.filter(
        ({ file }) => !layers.some((layer) => new RegExp(`^${layer.replace('*', '[^/]+')}`).test(file)),
      ),
    ),
  ).toEqual([]);
});

test('the scoring thread loads neither the protocol of languages nor the parser', () => {
  const reached = new Set(['server/scoring/main.ts']);
  for (const file of reached)
    for (const { target } of imports.filter((arrow) => arrow.file === file)) reached.add(target);
  expect([...reached]).toContain('server/score/scorer.ts');
  expect([...reached].filter((target) => /^(vscode-|chevrotain)/.test(target))).toEqual([]);
});

/** `a → b → a`, one for each arrow that closes a cycle on the way through the files. */
function cyclesOf(arrowsOf: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const found: string[] = [];
  const path: string[] = [];
  const seen = new Set<string>();
  const visit = (file: string): void => {
    if (path.includes(file)) found.push([...path.slice(path.indexOf(file)), file].join(' → '));
    if (seen.has(file)) return;
    seen.add(file);
    path.push(file);
    for (const target of arrowsOf.get(file) ?? []) visit(target);
    path.pop();
  };
  for (const file of arrowsOf.keys()) visit(file);
  return found;
}

test('a cycle is found wherever it is', () => {
  const some = { a: ['b'], b: ['c', 'd'], c: ['b'], d: ['e'], e: [], f: ['f'] };
  expect(cyclesOf(new Map(Object.entries(some)))).toEqual(['b → c → b', 'f → f']);
});

test('no files import each other, directly or through others', () => {
  const modules = code.filter((file) => /\.(tsx?|mjs|js)$/.test(file));
  const arrowsOf = new Map(modules.map((file) => [file, importsOf(file).map(({ target }) => target)]));
  const local = [...arrowsOf.values()].flat().filter((target) => arrowsOf.has(target));
  expect(local.length).toBeGreaterThan(modules.length);
  expect(cyclesOf(arrowsOf)).toEqual([]);
});

test('what panels share knows none of them', () => {
  const shared = imports.filter(({ file }) => file.startsWith('client/webview/'));
  expect(shared.length).toBeGreaterThan(0);
  expect(arrows(shared.filter(({ target }) => /^client\/(?!webview\/)/.test(target)))).toEqual([]);
});

/** One file is one thing of many of its kind here. */
const longLists = ['server/network/ops', 'server/proxies'];

const isTest = (file: string): boolean => file.startsWith('test/');

test('no folder is a warehouse', () => {
  const counts = new Map<string, number>();
  for (const file of code.filter((each) => !isTest(each)))
    counts.set(dirname(file), (counts.get(dirname(file)) ?? 0) + 1);
  const large = [...counts].filter(([, count]) => count > 25).map(([folder]) => folder);
  expect(large.filter((folder) => !longLists.includes(folder))).toEqual([]);
});

test('no file is long', () => {
  const lengths = code.map((file) => [file, textOf(file).split('\n').length - 1] as const);
  expect(lengths.filter(([, lines]) => lines > 400)).toEqual([]);
});

test('names are in kebab case', () => {
  const names = new Set(code.flatMap((file) => [basename(file), ...dirname(file).split('/')]));
  const kebab = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+)*$/;
  expect([...names].filter((name) => !kebab.test(name))).toEqual([]);
});
