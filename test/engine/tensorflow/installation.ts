import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { runInThisContext } from 'node:vm';
import { build } from 'esbuild';

const root = resolve(import.meta.dirname, '../../..');
const folders: string[] = [];

export function removeInstallations(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

/**
 * A folder in which tfjs-node-gpu is installed: its own JavaScript, the packages it needs, and a stand-in for its native
 * library, which only loads where `loadBindingAsScript` has been run. `missing`: without a native library, as after an
 * installation whose scripts were not run.
 */
export async function installTensorflow(library: 'stand-in' | 'missing'): Promise<string> {
  const outer = mkdtempSync(join(tmpdir(), 'archlens-tensorflow-'));
  folders.push(outer);
  // What the package requires is looked for in the folders above it.
  symlinkSync(join(root, 'node_modules'), join(outer, 'node_modules'), 'junction');
  const folder = join(outer, 'inner');
  const target = join(folder, 'node_modules/@tensorflow/tfjs-node-gpu');
  mkdirSync(target, { recursive: true });
  const source = join(root, 'node_modules/@tensorflow/tfjs-node-gpu');
  for (const part of ['dist', 'package.json'])
    cpSync(join(source, part), join(target, part), { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "private": true }');
  if (library === 'stand-in')
    await build({
      entryPoints: [join(import.meta.dirname, 'binding.ts')],
      outfile: join(target, 'lib/napi-v8/tfjs_binding.node'),
      bundle: true,
      platform: 'node',
      format: 'cjs',
      external: ['@tensorflow/*'],
      logLevel: 'error',
    });
  return folder;
}

/** Code that makes Node.js take the stand-in, which is a script, for the native library. */
export const loadBindingAsScript = `{
  const { readFileSync } = require('node:fs');
  const extensions = require('node:module')._extensions;
  const native = extensions['.node'];
  extensions['.node'] = (module, path) =>
    path.endsWith('tfjs_binding.node') ? module._compile(readFileSync(path, 'utf8'), path) : native(module, path);
}`;

let installation: Promise<string> | undefined;

/** An installation with the stand-in, which this process can load; the same for all that ask. */
export function standInInstallation(): Promise<string> {
  installation ??= (async () => {
    const run = runInThisContext(`(require) => ${loadBindingAsScript}`) as (require: NodeJS.Require) => void;
    run(createRequire(import.meta.url));
    process.on('exit', removeInstallations);
    return await installTensorflow('stand-in');
  })();
  return installation;
}
