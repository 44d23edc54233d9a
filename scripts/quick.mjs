// npm run test:quick [-- PATH… -OPTION…]: the tests of the pure rooms, which start no engine and few processes, in less than a minute;
// or those of some files or folders, given themselves or by the sources they are about. Options go to Vitest.
import { existsSync, statSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import process from 'node:process';
import { isProgram, root, runNode } from './node24.mjs';
import { setup } from './setup.mjs';

const pure = [
  ...['base', 'bench', 'client', 'evaluation', 'fisher', 'grammar', 'language', 'network', 'plot', 'ranking'],
  ...['scripts', 'search', 'tensor', 'worth', 'zoo'],
];

/** Rooms that are tested through others. @type {ReadonlyMap<string | undefined, string>} */
const elsewhere = new Map([['formats', 'test/engine']]);

/** What starts engines, npm or many programs in spite of its room. */
const slow = ['improve', 'npm-install', 'sample', 'second-opinion', 'watchdog'];

/** What counts steps, for which the virtual machine counts all that it runs, and optimises less. */
const counting = ['growth', 'limits'];

/** @param {string} names of tests in the pure rooms */
const inPureRooms = (names) => `test/{${pure.join(',')}}/**/${names}.test.ts`;

/** By the names of Vitest's projects, which run in the order of these. */
export const kinds = {
  /** Each in a process of its own. */
  counting: [inPureRooms(`{${counting.join(',')}}`)],
  /** Share nothing that changes, and so a process: to start one and load the language takes longer than most of them. */
  together: ['test/*.test.ts', inPureRooms(`!(${[...slow, ...counting].join('|')})`)],
};

/**
 * The tests about a path: itself where it is one, else the nearest file or folder of `test/`, which mirrors the sources.
 * @param {string} path below the root, with slashes @param {(path: string) => boolean} isThere @returns {string | undefined}
 */
export function testsOf(path, isThere = (file) => existsSync(join(root, file))) {
  if (!isThere(path)) return undefined;
  if (path === 'test' || path.startsWith('test/')) return path;
  let place = path.replace(/^server\//, '').replace(/\.[a-z]+$/, '');
  const [room] = place.split('/');
  if (isThere(`test/${place}.test.ts`)) return `test/${place}.test.ts`;
  while (place !== '') {
    if (isThere(`test/${place}`)) return `test/${place}`;
    place = place.slice(0, Math.max(place.lastIndexOf('/'), 0));
  }
  return elsewhere.get(room);
}

/** As Vitest filters: part of a path. @param {string} path */
const filter = (path) => (statSync(join(root, path)).isDirectory() ? `${path}/` : path);

if (isProgram(import.meta.url)) {
  setup();
  const args = process.argv.slice(2);
  const first = args.findIndex((argument) => argument.startsWith('-'));
  const paths = first === -1 ? args : args.slice(0, first);
  const options = first === -1 ? [] : args.slice(first);
  const chosen = paths.map((path) => {
    // npm changes to the checkout.
    const place = relative(root, resolve(process.env['INIT_CWD'] ?? process.cwd(), path)).replaceAll(
      sep,
      '/',
    );
    const tests = testsOf(place);
    if (tests !== undefined) return filter(tests);
    console.error(`There are no tests about ${path}. Give a file or folder of the sources or of test/.`);
    process.exit(1);
  });
  const what = paths.length > 0 ? chosen : Object.keys(kinds).flatMap((name) => ['--project', name]);
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  process.exitCode = await runNode([vitest, 'run', ...what, ...options], {
    cwd: root,
    // All of them with fewer random cases than in `npm test`.
    env: paths.length > 0 ? {} : { ARCHLENS_PROPERTY_RUNS: process.env['ARCHLENS_PROPERTY_RUNS'] ?? '0.25' },
  });
}
