// node scripts/run.mjs NAME ARGUMENT… runs dist/NAME.cjs on Node 24, built anew where the sources are newer.
// Only the program itself writes to standard output.
import { join } from 'node:path';
import process from 'node:process';
import { build, isBuilt } from './build.mjs';
import { isProgram, root, runNode } from './node24.mjs';
import { setup } from './setup.mjs';

/** @param {string} name @param {string[]} args @param {string} [cwd] @returns {Promise<number>} */
export async function runBundle(name, args, cwd) {
  setup();
  if (!isBuilt()) {
    console.error('Building …');
    await build();
  }
  return await runNode(['--enable-source-maps', join(root, 'dist', `${name}.cjs`), ...args], {
    // npm changes to the checkout; file names given to the program are meant from where the user stands.
    cwd: cwd ?? process.env['INIT_CWD'] ?? process.cwd(),
  });
}

if (isProgram(import.meta.url)) {
  const [name = 'cli', ...args] = process.argv.slice(2);
  process.exitCode = await runBundle(name, args);
}
