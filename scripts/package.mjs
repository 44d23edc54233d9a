// npm run package: the installable .vsix of one platform. node scripts/package.mjs [--target PLATFORM-ARCH]
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import process from 'node:process';
import { build, currentTarget } from './build.mjs';
import { isProgram, requireNode, root } from './node24.mjs';
import { setup } from './setup.mjs';

/** What the package has as its README, below the checkout: the page of the extension, not that of the repository. */
const packagedReadme = 'dist/README.md';

/** Pages that commands of the extension open, as the package has them too: the tab of a preview shows the name of the file. */
export const titledPages = /** @type {const} */ ([
  ['grammar/README.md', 'dist/pages/Language Manual.md'],
  ['docs/extension.md', 'dist/pages/Archlens.md'],
]);

/**
 * @param {string} page @param {string} from where it stands, below the checkout
 * @returns {string} with links that lead to the same files from two folders down
 */
export function moved(page, from) {
  const folder = posix.dirname(from);
  return page.replaceAll(/\]\((?!https?:|data:|#)([^)#\s]+)(#[^)\s]*)?\)/g, (_, path, fragment = '') => {
    const target = posix.join('../..', folder, String(path));
    return `](${target}${String(fragment)})`;
  });
}

/**
 * The page of an installed extension shows pictures from the web and pictures within the text, no files beside it, and its links
 * lead nowhere but to the web.
 * @param {string} page in docs/ @returns {string} with its pictures within, and the text of links to files in their place
 */
export function alone(page) {
  return withPictures(page).replaceAll(/(?<!!)\[([^\]]+)\]\((?!https?:)[^)]+\)/g, '$1');
}

/** @param {string} page in docs/ @returns {string} with its pictures within: previews show none from folders beside that of the page */
function withPictures(page) {
  return page.replaceAll(/\((pictures\/[^)]+\.png)\)/g, (_, path) => {
    const data = readFileSync(join(root, 'docs', String(path))).toString('base64');
    return `(data:image/png;base64,${data})`;
  });
}

/** @param {string} [target] @returns {Promise<string>} the file */
export async function packageExtension(target = currentTarget) {
  await build({ target });
  writeFileSync(join(root, packagedReadme), alone(readFileSync(join(root, 'docs', 'extension.md'), 'utf8')));
  for (const [from, to] of titledPages) {
    mkdirSync(dirname(join(root, to)), { recursive: true });
    writeFileSync(join(root, to), moved(withPictures(readFileSync(join(root, from), 'utf8')), from));
  }
  /** @type {{ name: string, version: string }} */
  const { name, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const file = join(root, `${name}-${target}-${version}.vsix`);
  const vsce = join(root, 'node_modules', '@vscode', 'vsce', 'vsce');
  const result = spawnSync(
    requireNode(),
    [
      vsce,
      'package',
      '--no-dependencies',
      '--readme-path',
      packagedReadme,
      '--no-rewrite-relative-links',
      '--allow-missing-repository',
      '--target',
      target,
      '--out',
      file,
    ],
    { cwd: root, encoding: 'utf8' },
  );
  if (result.status !== 0) throw new Error(`vsce package failed:\n${result.stdout}${result.stderr}`);
  return file;
}

if (isProgram(import.meta.url)) {
  setup();
  const option = process.argv.indexOf('--target');
  const file = await packageExtension(option === -1 ? currentTarget : process.argv[option + 1]);
  console.log(`${file}: ${(statSync(file).size / 1e6).toFixed(1)} MB`);
}
