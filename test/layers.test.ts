// The layers of docs/architecture.md, held against what the files import.
import { globSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
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

const files = globSync('{client,server,grammar}/**/*.{ts,tsx}', { cwd: root }).map((file) =>
  file.replaceAll('\\', '/'),
);

const imports: readonly Import[] = files.flatMap((file) =>
  ts.preProcessFile(readFileSync(join(root, file), 'utf8')).importedFiles.map(({ fileName }) => ({
    file,
    target: fileName.startsWith('.') ? join(dirname(file), fileName).replaceAll('\\', '/') : fileName,
  })),
);

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
