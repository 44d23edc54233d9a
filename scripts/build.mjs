// Bundles the sources into dist/ and copies what cannot be bundled: onnxruntime's native library and tfjs' WebAssembly.
// node scripts/build.mjs [--target PLATFORM-ARCH | --watch]
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';
import process from 'node:process';
import { licences } from './licences.mjs';
import { isProgram, root } from './node24.mjs';
import { setup } from './setup.mjs';

/** @typedef {{ entry: string, out: string, program?: boolean, page?: boolean, packages?: 'external' | 'bundle' }} Bundle */

/** @type {Bundle[]} */
const bundles = [
  { entry: 'client/extension.ts', out: 'dist/client.cjs' },
  { entry: 'server/lsp/main.ts', out: 'dist/server.cjs' },
  { entry: 'server/scoring/main.ts', out: 'dist/scoring.cjs' },
  { entry: 'server/base/watchdog/watcher.ts', out: 'dist/watcher.cjs' },
  { entry: 'server/engine/process/main.ts', out: 'dist/engine.cjs' },
  { entry: 'server/engine/process/worker-main.ts', out: 'dist/engine-worker.cjs' },
  { entry: 'server/cli/main.ts', out: 'dist/cli-main.cjs' },
  { entry: 'server/cli/launch.ts', out: 'dist/cli.cjs', program: true },
  { entry: 'server/cli/fixture/check-fixture.ts', out: 'dist/check-fixture.cjs' },
  { entry: 'bench/main.ts', out: 'dist/bench.cjs' },
  // Pages run in webviews; their styles are bundled beside them.
  { entry: 'client/spectrum/page/main.tsx', out: 'dist/panel.js', page: true },
  { entry: 'client/ranking/page/main.tsx', out: 'dist/leaderboard.js', page: true },
  { entry: 'client/evaluation/page/main.tsx', out: 'dist/evaluation.js', page: true },
  // Mocha finds its parts at run time and cannot be bundled.
  { entry: 'test/suite/index.ts', out: 'out/suite/index.cjs', packages: 'external' },
];

const sources = [
  'client',
  'server',
  'grammar',
  'bench',
  'test/suite',
  'licences',
  'scripts/build.mjs',
  'scripts/licences.mjs',
  'package-lock.json',
];
const stamp = join(root, 'dist', '.built');
const modules = join(root, 'node_modules');

export const currentTarget = `${process.platform}-${process.arch}`;

/** @param {string} path @returns {number} */
function newest(path) {
  if (!existsSync(path)) return 0;
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  // A folder's own time tells of files that are gone.
  return readdirSync(path).reduce((time, name) => Math.max(time, newest(join(path, name))), stat.mtimeMs);
}

/** Whether dist/ was built for this machine and from the sources as they are. */
export function isBuilt() {
  if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== currentTarget) return false;
  const built = statSync(stamp).mtimeMs;
  return sources.every((source) => newest(join(root, source)) < built);
}

/** Replaces a file in one step: a running engine keeps the library it has mapped. @param {string} path @param {(temporary: string) => void} write */
function replace(path, write) {
  mkdirSync(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}`;
  write(temporary);
  renameSync(temporary, path);
}

/** @param {string} from @param {string} to */
function copy(from, to) {
  const source = statSync(from);
  const there = existsSync(to) ? statSync(to) : undefined;
  if (there?.size === source.size && there.mtimeMs >= source.mtimeMs) return;
  replace(to, (temporary) => copyFileSync(from, temporary));
}

/** The files of onnxruntime that a target needs; none where it has no build for it. @param {string} target */
function nativeFiles(target) {
  const folder = join(modules, 'onnxruntime-node', 'bin', 'napi-v6', ...target.split('-'));
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder);
  const binding = readFileSync(join(folder, 'onnxruntime_binding.node'), 'latin1');
  // On macOS the same library is there under two names; the binding asks for one of them.
  return names
    .filter((name) => !name.endsWith('.dylib') || binding.includes(`/${name}\0`))
    .map((name) => join(folder, name));
}

/** onnxruntime-node looks its binding up by a path inside its package; in a bundle it lies in dist/native. @type {import('esbuild').Plugin} */
const nativeBinding = {
  name: 'native-binding',
  setup(build) {
    build.onResolve({ filter: /^\.\/native\// }, ({ path }) => ({ path, external: true }));
    build.onLoad({ filter: /onnxruntime-node[\\/]dist[\\/]binding\.js$/ }, ({ path }) => {
      const source = readFileSync(path, 'utf8');
      const contents = source.replace(
        /require\(`[^`]*onnxruntime_binding\.node`\)/,
        "require('./native/onnxruntime_binding.node')",
      );
      if (contents === source)
        throw new Error('onnxruntime-node loads its binding in another way than expected.');
      return { contents, loader: 'js' };
    });
  },
};

/** @type {import('esbuild').BuildOptions} */
const inBrowser = { platform: 'browser', target: 'es2023', format: 'iife' };

/** @param {Bundle} bundle @returns {import('esbuild').BuildOptions} */
function inNode({ packages = 'bundle' }) {
  return {
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    packages,
    external: ['vscode'],
    banner: { js: `const __moduleUrl = require('node:url').pathToFileURL(__filename).href;` },
    define: {
      'import.meta.url': '__moduleUrl',
      'import.meta.dirname': '__dirname',
      'import.meta.filename': '__filename',
    },
    plugins: [nativeBinding],
  };
}

/** @param {Bundle} bundle @returns {import('esbuild').BuildOptions & { metafile: true, write: false }} */
function optionsOf(bundle) {
  const { entry, out, page = false } = bundle;
  return {
    absWorkingDir: root,
    entryPoints: [entry],
    outfile: out,
    bundle: true,
    // Names stay in Node: stack traces can be read. Keeping them in another way costs time at every closure.
    minifyWhitespace: true,
    minifySyntax: true,
    minifyIdentifiers: page,
    sourcemap: 'linked',
    sourcesContent: false,
    legalComments: 'none',
    logLevel: 'warning',
    ...(page ? inBrowser : inNode(bundle)),
    metafile: true,
    write: false,
  };
}

/** Builds once, then every bundle again whose sources change, until the process is ended. */
async function watch() {
  console.log('Building …');
  await build();
  const esbuild = await import('esbuild');
  for (const bundle of bundles) {
    const { plugins = [], ...options } = optionsOf(bundle);
    /** @type {import('esbuild').Plugin} */
    const write = {
      name: 'write',
      setup({ onEnd }) {
        onEnd(({ errors, outputFiles = [] }) => {
          if (errors.length > 0) return;
          for (const file of outputFiles)
            replace(file.path, (temporary) => writeFileSync(temporary, file.contents));
          console.log(`${new Date().toLocaleTimeString()} ${bundle.out}`);
        });
      },
    };
    const context = await esbuild.context({ ...options, plugins: [...plugins, write] });
    await context.watch();
  }
  console.log('Watching the sources, until Ctrl-C.');
}

/**
 * @param {{ target?: string }} [options] the target is platform-architecture
 */
export async function build({ target = currentTarget } = {}) {
  const started = Date.now();
  const esbuild = await import('esbuild');
  /** @type {Set<string>} */
  const inputs = new Set();
  /** @type {Set<string>} */
  const written = new Set([stamp]);

  await Promise.all(
    bundles.map(async (bundle) => {
      const { out, program = false } = bundle;
      const result = await esbuild.build(optionsOf(bundle));
      if (out.startsWith('dist/')) for (const input of Object.keys(result.metafile.inputs)) inputs.add(input);
      for (const file of result.outputFiles) {
        written.add(file.path);
        replace(file.path, (temporary) => {
          writeFileSync(temporary, file.contents);
          if (program && file.path.endsWith('.cjs')) chmodSync(temporary, 0o755);
        });
      }
    }),
  );

  const copies = [
    ...nativeFiles(target).map((from) => ({ from, to: join(root, 'dist', 'native', basename(from)) })),
    ...['tfjs-backend-wasm.wasm', 'tfjs-backend-wasm-simd.wasm'].map((name) => ({
      from: join(modules, '@tensorflow', 'tfjs-backend-wasm', 'dist', name),
      to: join(root, 'dist', name),
    })),
  ];
  for (const { from, to } of copies) {
    copy(from, to);
    written.add(to);
    inputs.add(relative(root, from).split(sep).join('/'));
  }

  const notices = { 'licenses.txt': licences(inputs), 'inputs.json': JSON.stringify([...inputs].sort()) };
  for (const [name, text] of Object.entries(notices)) {
    const path = join(root, 'dist', name);
    written.add(path);
    replace(path, (temporary) => writeFileSync(temporary, `${text}\n`));
  }

  // Left over from an earlier build, perhaps for another target.
  for (const folder of ['dist', join('dist', 'native')]) {
    if (!existsSync(join(root, folder))) continue;
    for (const item of readdirSync(join(root, folder), { withFileTypes: true })) {
      const path = join(root, folder, item.name);
      if (item.isFile() && !written.has(path) && statSync(path).mtimeMs < started)
        rmSync(path, { force: true });
    }
  }

  replace(stamp, (temporary) => writeFileSync(temporary, target));
  // As old as the start: what is saved during a build makes the next one.
  utimesSync(stamp, started / 1000, started / 1000);
}

if (isProgram(import.meta.url)) {
  setup();
  if (process.argv.includes('--watch')) await watch();
  else {
    const option = process.argv.indexOf('--target');
    const target = option === -1 ? currentTarget : (process.argv[option + 1] ?? currentTarget);
    const started = performance.now();
    await build({ target });
    console.log(`Built dist/ for ${target} in ${((performance.now() - started) / 1000).toFixed(1)} s.`);
  }
}
