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

/** Somebody is there to look at a window, and there is a screen to put it on, or this is a terminal inside VS Code. */
function canShowWindow() {
  const display =
    process.env['DISPLAY'] ||
    process.env['WAYLAND_DISPLAY'] ||
    process.env['VSCODE_IPC_HOOK_CLI'] ||
    windows ||
    process.platform === 'darwin';
  return Boolean(display) && !process.env['CI'] && process.stdout.isTTY;
}

/** @param {string} code */
function open(code) {
  console.log('\nOpening the examples in VS Code with the extension loaded …');
  const args = [`--extensionDevelopmentPath=${root}`, join(root, 'examples')];
  const quoted = windows ? args.map((argument) => `"${argument}"`) : args;
  const { status } = spawnSync(windows ? `"${code}"` : code, quoted, { stdio: 'inherit', shell: windows });
  return status === 0;
}

/** @param {string | undefined} code */
function sayHowToOpen(code) {
  const reason =
    code === undefined
      ? 'There is no `code` command here to open VS Code with'
      : 'VS Code could not be opened from here';
  const developing = code === undefined ? '' : `  code --extensionDevelopmentPath="${root}" examples\n`;
  console.log(`
${reason}. To see these scores live while you type:
${developing}  npm run editor     serves VS Code with the extension in a browser; the first time it takes some minutes
  npm run package    builds a .vsix for your own VS Code: "Extensions: Install from VSIX…"
On the command line: npm run --silent archlens -- score examples/resnet20.arch`);
}

// The zoo would take hours.
console.error('Archlens ranks the models in examples/ …');
process.exitCode = await runBundle('cli', ['rank', 'examples', '--exclude', 'zoo'], root);

const code = findCode();
if (code === undefined || !canShowWindow() || !open(code)) sayHowToOpen(code);
