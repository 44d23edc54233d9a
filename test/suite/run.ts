// Runs the suite in the extension host: of desktop VS Code, which is downloaded, or of the executable that is named.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runTests } from '@vscode/test-electron';
import { copyExamples } from '../../scripts/examples.mjs';

const root = join(import.meta.dirname, '..', '..');
const executable = process.env['ARCHLENS_VSCODE_EXECUTABLE'] ?? '';
const workspace = mkdtempSync(join(tmpdir(), 'archlens-suite-'));
copyExamples(workspace);
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
