// Brings node_modules in step with package-lock.json. Runs before anything is installed, on the system's Node.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { isProgram, root } from './node24.mjs';

/** @typedef {{ version?: string, integrity?: string, optional?: boolean, devOptional?: boolean }} LockedPackage */

/** @param {string} file @returns {Record<string, LockedPackage>} */
function lockedPackages(file) {
  /** @type {{ packages?: Record<string, LockedPackage> }} */
  const lock = JSON.parse(readFileSync(file, 'utf8'));
  return lock.packages ?? {};
}

/** npm records what it has installed in a lock file of its own inside node_modules. */
export function isInstalled() {
  const record = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(record)) return false;
  const wanted = lockedPackages(join(root, 'package-lock.json'));
  const installed = lockedPackages(record);
  return Object.entries(wanted).every(([path, want]) => {
    const have = installed[path];
    if (path === '') return true;
    // Packages for other platforms are left out by npm.
    if (have === undefined) return want.optional === true || want.devOptional === true;
    return have.version === want.version && have.integrity === want.integrity;
  });
}

/** Where packages come from and how they are reached: all that one npm may hand on to another. */
const handedOn =
  /^npm_config_((.*:)?registry|\/\/.*|cache|userconfig|globalconfig|ca|cafile|https?_?proxy|noproxy|proxy|strict_ssl)$/i;

/**
 * npm gives the scripts that it runs its own settings and state as npm_… variables, down to the version of the Node
 * it runs on; what those scripts start must not take them for its own.
 * @returns {NodeJS.ProcessEnv}
 */
export function environmentWithoutNpm() {
  const own = Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name) || handedOn.test(name));
  return Object.fromEntries(own);
}

/** The npm program as arguments of a Node: npm's own path where npm started us. @returns {string[] | undefined} */
export function npmScript() {
  const path = process.env['npm_execpath'];
  return path !== undefined && /npm-cli\.c?js$/.test(path) ? [path] : undefined;
}

/** Everything said goes to the standard error stream: the command that follows owns the output. */
export function setup() {
  if (isInstalled()) return;
  console.error('Installing the packages of package-lock.json (npm ci) …');
  const started = performance.now();
  const quiet = process.stderr.isTTY ? [] : ['--no-progress'];
  const args = ['ci', '--loglevel=error', ...quiet];
  const npm = npmScript();
  const result = spawnSync(npm ? process.execPath : 'npm', [...(npm ?? []), ...args], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    env: environmentWithoutNpm(),
    shell: npm === undefined && process.platform === 'win32',
  });
  if (result.status !== 0) {
    console.error('npm ci failed; see above.');
    process.exit(1);
  }
  console.error(`Installed in ${((performance.now() - started) / 1000).toFixed(0)} s.`);
}

if (isProgram(import.meta.url)) setup();
