// The examples as a workspace of the editor, for tests and benchmarks.
import { cpSync, readdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { root } from './node24.mjs';

/**
 * Makes a folder a copy of the examples without the zoo, whose networks would be ranked for hours.
 *
 * @param {string} folder exists; whatever is in it is removed
 */
export function copyExamples(folder) {
  for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true });
  cpSync(join(root, 'examples'), folder, { recursive: true, filter: (source) => basename(source) !== 'zoo' });
}
