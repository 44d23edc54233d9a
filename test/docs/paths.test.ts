// Files and folders that pages and comments name are there, also after they have moved.
import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '..', '..');

const found = (pattern: string): readonly string[] =>
  globSync(pattern, {
    cwd: root,
    exclude: ['**/node_modules/**', 'dist/**', 'out/**', 'test-results/**'],
  }).map((path) => path.replaceAll('\\', '/'));

/** All endings of the paths of files and folders: `server/base/own.ts`, `base/own.ts`, `own.ts`. */
const there: ReadonlySet<string> = new Set(
  [...found('**/*'), ...found('.{github,vscode}/**/*')].flatMap((path) => {
    const parts = path.split('/');
    return parts.map((_, index) => parts.slice(index).join('/'));
  }),
);

/** What a name of a file of ours looks like, and a path from a folder of the repository. */
const file = /^(?:[\w.-]+\/)*[\w.-]+\.(?:tsx?|mjs|md|yml|css|py)$/;
const folder = /^(?:server|client|grammar|test|bench|scripts|docs|examples)\/[\w./-]+$/;

/** The words of a text that name files or folders, without `./` in front and without a place in a page behind. */
function pathsIn(text: string): readonly string[] {
  return text
    .split(/[\s()`',;:"]+/)
    .map((word) =>
      word
        .replace(/#.*$/, '')
        .replace(/^(?:\.{1,2}\/)+/, '')
        .replace(/[./]+$/, ''),
    )
    .filter((word) => file.test(word) || folder.test(word));
}

interface Mention {
  readonly where: string;
  readonly path: string;
}

function mentions(name: string, textsOf: (line: string) => readonly string[]): readonly Mention[] {
  return readFileSync(join(root, name), 'utf8')
    .split('\n')
    .flatMap((line, index) =>
      textsOf(line).flatMap((text) =>
        pathsIn(text).map((path) => ({ where: `${name}:${index + 1}: ${path}`, path })),
      ),
    );
}

const missing = (all: readonly Mention[]): readonly string[] =>
  all.filter(({ path }) => !there.has(path)).map(({ where }) => where);

test('paths are found in a text', () => {
  expect(
    pathsIn('in `server/base` and own.ts (docs/score.md#spectrum), ../README.md: a/b, Node.js, 1.5'),
  ).toEqual(['server/base', 'own.ts', 'docs/score.md', 'README.md']);
});

test('every file that a page names in code is there', () => {
  // The change log says what there was.
  const pages = found('{*.md,{docs,grammar,examples,media,test,client,.github}/**/*.md}').filter(
    (page) => page !== 'CHANGELOG.md',
  );
  const all = pages.flatMap((page) =>
    mentions(page, (line) => [...line.matchAll(/`([^`]+)`/g)].map(([, code]) => code!)),
  );
  expect(all.length).toBeGreaterThan(200);
  expect(missing(all)).toEqual([]);
});

test('every file that a comment names is there', () => {
  const all = found('{client,server,grammar,bench,scripts}/**/*.{ts,tsx,mjs}').flatMap((source) =>
    mentions(source, (line) => {
      const comment = /^\s*(?:\/\/|\/?\*+)(.*)$/.exec(line)?.[1];
      return comment === undefined ? [] : [comment];
    }),
  );
  expect(all.length).toBeGreaterThan(80);
  expect(missing(all)).toEqual([]);
});
