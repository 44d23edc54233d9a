// npm start: installs, builds, ranks the examples, and opens them in the editor with the extension loaded.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import process from 'node:process';
import { root } from './node24.mjs';
import { runBundle } from './run.mjs';

const windows = process.platform === 'win32';

function findCode() {
  const name = windows ? 'code.cmd' : 'code';
  return (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find((path) => existsSync(path));
}

/** Somebody is there to look at a window, and there is a screen to put it on. */
function canShowWindow() {
  const display =
    process.env['DISPLAY'] || process.env['WAYLAND_DISPLAY'] || windows || process.platform === 'darwin';
  return Boolean(display) && !process.env['CI'] && process.stdout.isTTY;
}

process.exitCode = await runBundle('cli', ['rank', 'examples'], root);

const code = findCode();
if (code !== undefined && canShowWindow()) {
  console.log('\nOpening the examples in VS Code with the extension loaded …');
  const args = [`--extensionDevelopmentPath=${root}`, join(root, 'examples')];
  const quoted = windows ? args.map((argument) => `"${argument}"`) : args;
  spawnSync(windows ? `"${code}"` : code, quoted, { stdio: 'inherit', shell: windows });
} else {
  console.log(
    '\nIn the editor: `npm run editor` serves VS Code with the extension in a browser; or build an installable',
  );
  console.log('file with `npm run package` and use "Extensions: Install from VSIX…" in your own VS Code.');
}
