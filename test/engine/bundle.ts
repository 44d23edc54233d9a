import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
/** As in `dist/`: the process's main thread, and its computing thread. */
const entries = { 'engine.cjs': 'main.ts', 'engine-worker.cjs': 'worker-main.ts' };

interface BundleOptions {
  /** Code beside the engine's own: its imports are there first. */
  readonly before?: string;
  /** A script that runs before anything else in the process and in its worker. */
  readonly first?: string;
  /** Source of a package `onnxruntime-node` that is found instead of the real one; `missing`: none is found. */
  readonly onnxruntime?: string;
}

const folders: string[] = [];

/** Removes what `bundleEngine` made. */
export function removeBundles(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

/** Bundles the engine process into a folder of its own, as `dist/` is bundled, and returns the path of the bundle. */
export async function bundleEngine(options: BundleOptions = {}): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'archlens-engine-'));
  folders.push(folder);
  for (const [name, source] of Object.entries(entries)) {
    const entry = join(root, 'server/engine/process', source);
    await build({
      stdin: {
        contents: `${options.before ?? ''}\nimport ${JSON.stringify(entry)};`,
        resolveDir: root,
        loader: 'ts',
      },
      outfile: join(folder, name),
      bundle: true,
      platform: 'node',
      format: 'cjs',
      // Native: found by a path of its own. Absent from the folder unless put there.
      external: ['onnxruntime-node'],
      banner: { js: options.first ?? '' },
      define: { 'import.meta.dirname': '__dirname', 'import.meta.filename': '__filename' },
      logLevel: 'error',
    });
  }
  for (const name of ['tfjs-backend-wasm.wasm', 'tfjs-backend-wasm-simd.wasm'])
    copyFileSync(join(root, 'node_modules/@tensorflow/tfjs-backend-wasm/dist', name), join(folder, name));

  const source =
    options.onnxruntime ??
    `module.exports = require(${JSON.stringify(join(root, 'node_modules/onnxruntime-node'))});`;
  if (source !== 'missing') {
    const folderOfPackage = join(folder, 'node_modules/onnxruntime-node');
    mkdirSync(folderOfPackage, { recursive: true });
    writeFileSync(join(folderOfPackage, 'index.js'), source);
  }
  return join(folder, 'engine.cjs');
}
