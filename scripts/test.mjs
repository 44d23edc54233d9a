// npm test: everything, from types to the real editor. --fast leaves the editor out; --only NAME,… runs some phases.
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, relative } from 'node:path';
import process from 'node:process';
import { build } from './build.mjs';
import { installHost } from './host.mjs';
import { root, runNode } from './node24.mjs';
import { packageExtension } from './package.mjs';
import { setup } from './setup.mjs';
import { atMost, Output } from './side-by-side.mjs';
import { installNeovim, installStrace, installTestPackages } from './system.mjs';

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */

const results = join(root, 'test-results');
const inCi = Boolean(process.env['CI']);
/** @type {string | undefined} */
let vsix;

/** What failed, each with the first lines of its message: repeated last, where nobody overlooks it. @type {string[]} */
const failedTests = [];

/** @param {string} title @param {string} [message] */
function failure(title, message = '') {
  const lines = message.split('\n').filter((line) => line.trim() !== '');
  return [title, ...lines.slice(0, 6).map((line) => `    ${line.trim().slice(0, 300)}`)].join('\n');
}

/** @param {boolean} success @returns {Counts} */
const one = (success) => ({ passed: success ? 1 : 0, failed: success ? 0 : 1, skipped: 0 });

/** @param {string} path below node_modules @param {string[]} args @param {NodeJS.ProcessEnv} [env] */
function tool(path, args, env) {
  return runNode([join(root, 'node_modules', path), ...args], {
    cwd: root,
    ...(env === undefined ? {} : { env }),
  });
}

/**
 * @param {Output} output of its phase
 * @param {string} path below node_modules
 * @param {string[]} args
 * @returns {Promise<boolean>} whether all is in order
 */
async function check(output, path, args) {
  const code = await runNode([join(root, 'node_modules', path), ...args], {
    cwd: root,
    env: process.stdout.isTTY ? { FORCE_COLOR: '1' } : {},
    write: (text) => output.write(text),
  });
  return code === 0;
}

/** @param {string} name @param {string[]} args @param {NodeJS.ProcessEnv} [env] @returns {Promise<Counts>} */
async function vitest(name, args, env) {
  const file = join(results, `${name}.json`);
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  const code = await tool('vitest/vitest.mjs', ['run', ...args, ...reporters], env);
  if (!existsSync(file)) return one(false);
  /** @type {{ testResults: { name: string, status: string, message: string, assertionResults: { status: string, fullName: string, failureMessages: string[] }[] }[] }} */
  const { testResults } = JSON.parse(readFileSync(file, 'utf8'));
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const { name: file, status, message, assertionResults } of testResults) {
    const failing = assertionResults.filter((test) => test.status === 'failed');
    const failed = failing.length;
    for (const { fullName, failureMessages } of failing)
      failedTests.push(failure(`${relative(root, file)}: ${fullName}`, failureMessages[0]));
    if (status === 'failed' && failed === 0) failedTests.push(failure(relative(root, file), message));
    const passed = assertionResults.filter((test) => test.status === 'passed').length;
    counts.passed += passed;
    counts.failed += status === 'failed' ? Math.max(failed, 1) : failed;
    counts.skipped += assertionResults.length - passed - failed;
  }
  // An error outside any test.
  if (code !== 0 && counts.failed === 0) counts.failed = 1;
  return counts;
}

/** The suite that runs inside the extension host. @returns {Promise<Counts>} */
async function suite() {
  const file = join(results, 'suite.json');
  const standin = join(root, 'test', 'host', 'code-standin');
  // On Linux the editor host is there anyway; elsewhere, and where it is empty, desktop VS Code is downloaded.
  const executable =
    process.env['ARCHLENS_VSCODE_EXECUTABLE'] ?? (process.platform === 'linux' ? standin : '');
  const code = await runNode([join(root, 'test', 'suite', 'run.ts')], {
    cwd: root,
    env: { ARCHLENS_VSCODE_EXECUTABLE: executable },
  });
  if (!existsSync(file)) return one(false);
  /** @type {Counts} */
  const counts = JSON.parse(readFileSync(file, 'utf8'));
  if (code !== 0 && counts.failed === 0) counts.failed = 1;
  return counts;
}

/**
 * @typedef {object} Phase
 * @property {string} name
 * @property {string} title
 * @property {boolean} [editor] whether it needs the editor
 * @property {boolean} [beside] whether it keeps one core busy and touches nothing, so that another may run beside it
 * @property {(output: Output) => Promise<Counts>} run where it runs beside others, all it says goes to its output
 */

/** @type {Phase[]} */
const phases = [
  {
    name: 'types',
    title: 'Types',
    beside: true,
    run: async (output) => {
      const counts = { passed: 0, failed: 0, skipped: 0 };
      // What runs in a browser, or drives one, knows the DOM; the rest does not.
      for (const project of [
        '.',
        join('client', 'webview', 'page'),
        join('test', 'editor'),
        join('bench', 'editor', 'workbench'),
      ])
        counts[
          (await check(output, 'typescript/bin/tsc', ['--noEmit', '-p', project])) ? 'passed' : 'failed'
        ] += 1;
      return counts;
    },
  },
  {
    name: 'lint',
    title: 'Lint',
    beside: true,
    run: async (output) => one(await check(output, 'eslint/bin/eslint.js', ['.', '--max-warnings=0'])),
  },
  {
    name: 'format',
    title: 'Format',
    beside: true,
    run: async (output) =>
      one(await check(output, 'prettier/bin/prettier.cjs', ['--check', '--log-level', 'warn', '.'])),
  },
  {
    name: 'build',
    title: 'Build',
    run: async () => {
      await build();
      return one(true);
    },
  },
  { name: 'unit', title: 'Unit, property and language server tests', run: () => vitest('unit', []) },
  {
    name: 'package',
    title: 'Package',
    editor: true,
    run: async () => {
      vsix = await packageExtension();
      return one(true);
    },
  },
  { name: 'suite', title: 'Tests inside the extension host', editor: true, run: suite },
  {
    name: 'editor',
    title: 'Tests in the editor',
    editor: true,
    run: () =>
      vitest(
        'editor',
        ['--config', join('test', 'editor', 'vitest.config.ts')],
        vsix === undefined ? undefined : { ARCHLENS_VSIX: vsix },
      ),
  },
];

const args = process.argv.slice(2);
const only = args.includes('--only') ? (args[args.indexOf('--only') + 1] ?? '').split(',') : undefined;
const chosen = phases.filter(({ name, editor }) =>
  only === undefined ? !(editor === true && args.includes('--fast')) : only.includes(name),
);

setup();
rmSync(results, { recursive: true, force: true });
mkdirSync(results, { recursive: true });

const enter = atMost(Math.min(2, availableParallelism()));

/** Why tests in the editor cannot run. @type {string | undefined} */
let noEditor;
/** What they wait for: the host is built beside phases that do not need it. @type {Promise<void> | undefined} */
let host;
if (chosen.some(({ name }) => name === 'suite' || name === 'editor')) {
  noEditor = installTestPackages(console.log);
  if (noEditor === undefined)
    host = enter(() => installHost(console.log)).then(
      () => undefined,
      (/** @type {unknown} */ error) => {
        console.error(error instanceof Error ? error.message : error);
        noEditor = 'the editor host, whose build failed';
      },
    );
}

const withUnits = chosen.some(({ name }) => name === 'unit');
const noNeovim = withUnits ? installNeovim(console.log) : undefined;
const noStrace = withUnits ? installStrace(console.log) : undefined;

const total = { passed: 0, failed: 0, skipped: 0 };
/** @type {string[]} */
const failures = [];
/** @type {string[]} */
const skips = [];

/** @param {Phase} phase @param {Output} output @returns {Promise<{ counts: Counts, seconds: string }>} */
async function outcomeOf({ name, title, run }, output) {
  if (name === 'suite' || name === 'editor') await host;
  const started = performance.now();
  /** @type {Counts} */
  let counts;
  if (noEditor !== undefined && (name === 'editor' || (name === 'suite' && process.platform === 'linux'))) {
    output.write(`NOT RUN: this machine lacks ${noEditor}.\n`);
    skips.push(title);
    counts = inCi ? one(false) : { passed: 0, failed: 0, skipped: 1 };
  } else {
    try {
      counts = await run(output);
    } catch (error) {
      output.write(`${error instanceof Error ? error.message : String(error)}\n`);
      counts = one(false);
    }
  }
  return { counts, seconds: ((performance.now() - started) / 1000).toFixed(1) };
}

const begun = new Map(
  chosen
    .filter(({ beside }) => beside === true)
    .map((phase) => {
      const output = new Output();
      return [phase, { output, outcome: enter(() => outcomeOf(phase, output)) }];
    }),
);
for (const phase of chosen) {
  const { title } = phase;
  console.log(`\n== ${title}`);
  const output = begun.get(phase)?.output ?? new Output();
  output.tell((text) => process.stdout.write(text));
  const { counts, seconds } = await (begun.get(phase)?.outcome ?? outcomeOf(phase, output));
  const { passed, failed, skipped } = counts;
  console.log(
    `-- ${title}: ${failed === 0 ? 'ok' : 'FAILED'} (${passed} passed, ${failed} failed, ${skipped} skipped) in ${seconds} s`,
  );
  if (failed > 0) failures.push(title);
  total.passed += passed;
  total.failed += failed;
  total.skipped += skipped;
}

console.log('');
if (skips.length > 0) console.log(`NOT RUN: ${skips.join(', ')}. This machine lacks ${noEditor}.`);
if (noNeovim !== undefined) console.log(`NOT RUN: Neovim. This machine lacks ${noNeovim}.`);
if (noStrace !== undefined)
  console.log(`NOT RUN: whether the network is used. This machine lacks ${noStrace}.`);
for (const test of failedTests) console.log(`  ${test}`);
if (failures.length > 0) console.log(`FAILED: ${failures.join(', ')}`);
console.log(
  `${total.passed} passed, ${total.failed} failed${total.skipped > 0 ? `, ${total.skipped} skipped` : ''}`,
);
process.exitCode = total.failed > 0 ? 1 : 0;
