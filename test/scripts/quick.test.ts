import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { kinds, testsOf } from '../../scripts/quick.mjs';

const root = join(import.meta.dirname, '..', '..');

const files = [
  ...['server/ranking/pareto.ts', 'server/ranking/csv.ts', 'server/ranking', 'server/new/deep/file.ts'],
  ...['client/status/status-text.ts', 'grammar/format', 'scripts/run.mjs'],
  ...[
    'test',
    'test/ranking',
    'test/ranking/csv.test.ts',
    'test/client',
    'test/grammar',
    'test/grammar/format',
  ],
];

test.each([
  ['a source with tests of its own', 'server/ranking/csv.ts', 'test/ranking/csv.test.ts'],
  ['a source without', 'server/ranking/pareto.ts', 'test/ranking'],
  ['a folder of sources', 'server/ranking', 'test/ranking'],
  ['a folder in a folder', 'grammar/format', 'test/grammar/format'],
  ['a source whose feature has no folder of tests', 'client/status/status-text.ts', 'test/client'],
  ['a test', 'test/ranking/csv.test.ts', 'test/ranking/csv.test.ts'],
  ['a folder of tests', 'test/ranking', 'test/ranking'],
  ['a room without tests', 'server/new/deep/file.ts', undefined],
  ['nothing that is there', 'server/ranking/nothing.ts', undefined],
  ['nothing that is about tests', 'scripts/run.mjs', undefined],
])('the tests of %s', (_, path, tests) => {
  expect(testsOf(path, (file) => files.includes(file))).toBe(tests);
});

test('every source has tests that are found', () => {
  const sources = globSync('{server,grammar,client}/**/*.{ts,tsx}', { cwd: root });
  expect(sources.length).toBeGreaterThan(300);
  expect(sources.filter((file) => testsOf(file.replaceAll('\\', '/')) === undefined)).toEqual([]);
});

test('what counts steps has a process of its own', () => {
  const shared = globSync(kinds.together, { cwd: root });
  expect(shared.length).toBeGreaterThan(80);
  const counts = (file: string) =>
    /^import .*\/support\/steps\.ts';$/m.test(readFileSync(join(root, file), 'utf8'));
  expect(globSync(kinds.counting, { cwd: root }).filter(counts).length).toBeGreaterThan(4);
  expect(shared.filter(counts)).toEqual([]);
});
