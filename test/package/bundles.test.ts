// What starts a thread or a process names its bundle: that is built, and is in the package.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
const textOf = (path: string): string => readFileSync(join(root, path), 'utf8');

const named = new Map(
  globSync('{client,server}/**/*.ts', { cwd: root }).flatMap((file) =>
    [...textOf(file).matchAll(/'(?:dist\/)?([a-z-]+\.cjs)'/g)].map(([, bundle]) => [bundle!, file] as const),
  ),
);

test('there are such', () => {
  expect([...named.keys()]).toEqual(expect.arrayContaining(['scoring.cjs', 'engine.cjs', 'watcher.cjs']));
});

test.each([...named])('%s, which %s names', (bundle) => {
  expect(textOf('scripts/build.mjs')).toContain(`out: 'dist/${bundle}'`);
  expect(textOf('.vscodeignore').split('\n')).toContain(`!dist/${bundle}`);
});
