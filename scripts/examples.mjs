// The examples as a workspace of the editor, for tests and benchmarks.
import { cpSync } from 'node:fs';
import { basename, join } from 'node:path';
import { root } from './node24.mjs';

/**
 * Copies the examples without the zoo, whose hundred networks would be ranked for hours.
 *
 * @param {string} folder where to
 */
export function copyExamples(folder) {
  cpSync(join(root, 'examples'), folder, { recursive: true, filter: (source) => basename(source) !== 'zoo' });
}
