// npm run pictures: makes the pictures of the README in the real editor, and keeps them small in docs/pictures/.
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import sharp from 'sharp';
import { isProgram, root, runNode } from './node24.mjs';
import { setup } from './setup.mjs';

const kept = join(root, 'docs', 'pictures');

/** Text on plain grounds: a palette loses nothing that is seen, and three quarters of the bytes. @param {string} made */
export async function keepPictures(made) {
  for (const name of readdirSync(made).filter((file) => file.endsWith('.png'))) {
    const file = join(kept, name);
    await sharp(join(made, name)).png({ palette: true, dither: 0, effort: 10 }).toFile(file);
    console.log(`${file}: ${(statSync(file).size / 1e3).toFixed(0)} kB`);
  }
}

if (isProgram(import.meta.url)) {
  setup();
  const config = join('test', 'editor', 'vitest.config.ts');
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  process.exitCode = await runNode([vitest, 'run', '--config', config, 'test/editor/pictures.test.ts'], {
    cwd: root,
  });
  if (process.exitCode === 0) await keepPictures(join(root, 'test-results', 'pictures'));
}
