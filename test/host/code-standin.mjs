// The part of the desktop program's command line that @vscode/test-electron uses, carried out in the editor host:
// --extensionDevelopmentPath=, --extensionTestsPath=, --extensions-dir= and a folder to open.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { chromium } from 'playwright-core';
import { chromiumFlags, findChromium } from '../../scripts/browser.mjs';
import { startHost } from '../../scripts/host.mjs';

const minutes = 10;
/** What the workbench itself says at every start; the rest is the tests' output. */
const chatter =
  /^(Resolv(ing|ed) connection token|Creating a socket|Creation of workbench contribution|Ignoring fetching additional|Updating additional builtin|Timed out waiting for authentication provider|\[(reconnection-grace-time|Service Worker|AccountPolicyGate|AgentHost:remote)\])/;
const args = process.argv.slice(2);

/** @param {string} name @returns {string[]} */
const values = (name) =>
  args
    .filter((argument) => argument.startsWith(`--${name}=`))
    .map((argument) => argument.slice(name.length + 3));

const extensions = values('extensionDevelopmentPath');
const [tests] = values('extensionTestsPath');
const [extensionsDirectory] = values('extensions-dir');
const folder = args.find((argument) => !argument.startsWith('-'));
const executablePath = findChromium();
if (tests === undefined || executablePath === undefined) {
  console.error(tests === undefined ? 'No --extensionTestsPath=.' : 'Chromium is not installed.');
  process.exit(1);
}

const empty = mkdtempSync(join(tmpdir(), 'archlens-empty-'));
const host = await startHost({
  testDriver: true,
  ...(extensionsDirectory === undefined ? {} : { extensionsDirectory: resolve(extensionsDirectory) }),
});
const browser = await chromium.launch({ executablePath, args: chromiumFlags });
/** @type {number} */
let code;
try {
  const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
  const finished = new Promise((end) => {
    void page.exposeFunction('codeAutomationExit', end);
    setTimeout(() => {
      console.error(`The tests did not end within ${minutes} minutes.\n${host.output()}`);
      end(1);
    }, minutes * 60_000).unref();
  });
  await page.exposeFunction(
    'codeAutomationLog',
    (/** @type {string} */ type, /** @type {unknown[]} */ parts) => {
      if (chatter.test(String(parts[0]))) return;
      const print = type === 'error' || type === 'warn' ? console.error : console.log;
      print(...parts);
    },
  );
  await page.goto(
    host.url(resolve(folder ?? empty), [
      ...extensions.map(
        (path) => /** @type {[string, string]} */ (['extensionDevelopmentPath', host.uri(resolve(path))]),
      ),
      ['extensionTestsPath', host.uri(resolve(tests))],
      ['enableProposedApi', ''],
      ['skipWelcome', 'true'],
    ]),
    { timeout: 180_000 },
  );
  code = Number(await finished);
} finally {
  await browser.close();
  await host.stop();
  rmSync(empty, { recursive: true, force: true });
}
process.exit(code);
