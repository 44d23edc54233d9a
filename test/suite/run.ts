// Runs the suite in the extension host: of desktop VS Code, which is downloaded, or of the executable that is named.
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runTests } from '@vscode/test-electron';

const root = join(import.meta.dirname, '..', '..');
const executable = process.env['ARCHLENS_VSCODE_EXECUTABLE'] ?? '';
const workspace = mkdtempSync(join(tmpdir(), 'archlens-suite-'));
cpSync(join(root, 'examples'), workspace, { recursive: true });
try {
  await runTests({
    ...(executable === '' ? {} : { vscodeExecutablePath: executable }),
    extensionDevelopmentPath: root,
    extensionTestsPath: join(root, 'out', 'suite', 'index.cjs'),
    launchArgs: [workspace, '--disable-extensions'],
  });
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  rmSync(workspace, { recursive: true, force: true });
}
