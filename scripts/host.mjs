// The editor host of the tests: VS Code's real server and workbench out of the npm package code-server.
// It is built once per version, outside the checkout, since it needs a compiler and several minutes.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import process from 'node:process';
import { isProgram, requireNode, root } from './node24.mjs';
import { environmentWithoutNpm, npmScript } from './setup.mjs';

const recipe = join(root, 'test', 'host');

/** Where the host of this version is, or will be. @returns {string} */
export function hostDirectory() {
  const hash = createHash('sha256')
    .update(readFileSync(join(recipe, 'package-lock.json')))
    .digest('hex');
  const given = process.env['XDG_CACHE_HOME'] ?? '';
  const cache = isAbsolute(given) ? given : join(homedir(), '.cache');
  return join(cache, 'archlens', `host-${hash.slice(0, 16)}-${process.platform}-${process.arch}`);
}

export function isHostInstalled() {
  return existsSync(entry(hostDirectory()));
}

/** @param {string} directory */
function entry(directory) {
  return join(directory, 'node_modules', 'code-server', 'out', 'node', 'entry.js');
}

/**
 * @param {string} command @param {string[]} args @param {string} cwd @param {NodeJS.ProcessEnv} env
 * @returns {Promise<string>} what was printed, in case of failure
 */
function quietly(command, args, cwd, env) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const collect = (/** @type {Buffer} */ data) => (output = (output + data.toString()).slice(-8000));
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(output);
      else reject(new Error(`${command} ${args.join(' ')} ended with ${code}:\n${output}`));
    });
  });
}

/** What builds that were interrupted have left: those of another day, since one of today may still be going on. @param {string} folder */
function removeAbandonedBuilds(folder) {
  const day = 24 * 3600 * 1000;
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (name.startsWith('build-') && Date.now() - statSync(path).mtimeMs > day)
      rmSync(path, { recursive: true, force: true });
  }
}

/** Installs the host unless it is there. @param {(line: string) => void} [say] */
export async function installHost(say = console.error) {
  const target = hostDirectory();
  if (isHostInstalled()) return target;
  const started = performance.now();
  say('Building the editor host (code-server; once per version, 3 to 7 minutes) …');
  mkdirSync(dirname(target), { recursive: true });
  removeAbandonedBuilds(dirname(target));
  const build = mkdtempSync(join(dirname(target), 'build-'));
  try {
    for (const file of ['package.json', 'package-lock.json']) cpSync(join(recipe, file), join(build, file));
    // Its native parts must be built for the Node that runs them, and that Node ships its own headers.
    const node = requireNode();
    const env = {
      ...environmentWithoutNpm(),
      PATH: `${dirname(node)}:${process.env['PATH'] ?? ''}`,
      npm_config_nodedir: dirname(dirname(node)),
      npm_config_audit: 'false',
      npm_config_fund: 'false',
    };
    const npm = npmScript();
    const [command, first] = npm ? [node, npm] : ['npm', []];
    await quietly(command, [...first, 'ci', '--ignore-scripts', '--loglevel=error'], build, env);
    await quietly(
      command,
      [...first, 'rebuild', 'code-server', '--foreground-scripts', '--loglevel=error'],
      build,
      env,
    );
    if (!existsSync(target)) renameSync(build, target);
  } finally {
    rmSync(build, { recursive: true, force: true });
  }
  say(`Built the editor host in ${((performance.now() - started) / 1000).toFixed(0)} s.`);
  return target;
}

/** A workbench without start-up pages, network look-ups and other moving parts. */
export const quietSettings = {
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.enableExperiments': false,
  'workbench.welcomePage.walkthroughs.openOnInstall': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.colorTheme': 'Dark Modern',
  'window.restoreWindows': 'none',
  'window.commandCenter': false,
  'chat.disableAIFeatures': true,
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'extensions.autoUpdate': 'off',
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'git.enabled': false,
  'security.workspace.trust.enabled': false,
  'editor.minimap.enabled': false,
  'editor.accessibilitySupport': 'off',
  'files.autoSave': 'off',
  'files.hotExit': 'off',
};

/** @returns {Promise<number>} */
function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        address !== null && typeof address === 'object'
          ? resolve(address.port)
          : reject(new Error('no port')),
      );
    });
  });
}

/**
 * @typedef {object} HostOptions
 * @property {string[]} [extensions] .vsix files to install
 * @property {Record<string, unknown>} [settings] user settings on top of the quiet ones
 * @property {string} [extensionsDirectory] instead of an empty one
 * @property {number} [port] instead of a free one
 * @property {boolean} [testDriver] let the page run extension tests
 * @property {NodeJS.ProcessEnv} [env] more environment for the server and the extensions
 *
 * @typedef {object} Host
 * @property {number} port
 * @property {string} data the temporary folder with user data, extensions and the server's output
 * @property {() => string} output what the server has printed
 * @property {(folder: string, payload?: [string, string][]) => string} url the page that opens a folder
 * @property {(path: string) => string} uri a file's address inside the workbench
 * @property {() => Promise<void>} stop
 */

/** @param {HostOptions} [options] @returns {Promise<Host>} */
export async function startHost(options = {}) {
  const directory = hostDirectory();
  if (!isHostInstalled()) throw new Error('The editor host is not installed: node scripts/host.mjs');
  const data = mkdtempSync(join(tmpdir(), 'archlens-host-'));
  const user = join(data, 'data', 'User');
  const extensions = options.extensionsDirectory ?? join(data, 'extensions');
  mkdirSync(user, { recursive: true });
  mkdirSync(extensions, { recursive: true });
  writeFileSync(
    join(user, 'settings.json'),
    JSON.stringify({ ...quietSettings, ...options.settings }, null, 2),
  );
  writeFileSync(join(data, 'config.yaml'), '');
  const node = requireNode();
  const env = {
    ...environmentWithoutNpm(),
    ...options.env,
    PATH: `${dirname(node)}:${process.env['PATH'] ?? ''}`,
    EXTENSIONS_GALLERY: '{"serviceUrl":""}',
  };
  const common = [
    '--config',
    join(data, 'config.yaml'),
    '--user-data-dir',
    join(data, 'data'),
    '--extensions-dir',
    extensions,
  ];
  for (const file of options.extensions ?? []) {
    await quietly(node, [entry(directory), ...common, '--install-extension', file, '--force'], data, env);
  }

  const port = options.port ?? (await freePort());
  const args = [
    ...common,
    ...[
      '--auth',
      'none',
      '--bind-addr',
      `127.0.0.1:${port}`,
      '--disable-telemetry',
      '--disable-update-check',
    ],
    ...['--disable-workspace-trust', '--disable-getting-started-override', '--ignore-last-opened'],
    ...(options.testDriver === true ? ['--vscode-option', 'enable-smoke-test-driver'] : []),
  ];
  // A process group of its own, so that the server, the extension host and what that starts end together.
  const child = spawn(node, [entry(directory), ...args], {
    cwd: data,
    env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const killGroup = (/** @type {NodeJS.Signals} */ signal) => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, signal);
    } catch {
      // Already gone.
    }
  };
  const cleanUp = () => {
    killGroup('SIGKILL');
    rmSync(data, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  };
  process.once('exit', cleanUp);
  const gone = new Promise((resolve) => child.once('close', resolve));

  await new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`The editor host did not start within 60 s:\n${output}`)),
      60_000,
    );
    const collect = (/** @type {Buffer} */ chunk) => {
      output += chunk.toString();
      if (output.includes('HTTP server listening')) {
        clearTimeout(timer);
        resolve(undefined);
      }
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.once('error', reject);
    child.once('close', (code) => reject(new Error(`The editor host ended with ${code}:\n${output}`)));
  });

  const uri = (/** @type {string} */ path) => `vscode-remote://127.0.0.1:${port}${path}`;
  return {
    port,
    data,
    output: () => output,
    uri,
    url(folder, payload) {
      const query = new URLSearchParams({ folder });
      if (payload !== undefined) query.set('payload', JSON.stringify(payload));
      return `http://127.0.0.1:${port}/?${query.toString()}`;
    },
    async stop() {
      killGroup('SIGTERM');
      await Promise.race([gone, new Promise((resolve) => setTimeout(resolve, 3000))]);
      process.off('exit', cleanUp);
      cleanUp();
    },
  };
}

if (isProgram(import.meta.url)) console.log(await installHost());
