import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { chromium } from 'playwright-core';
import type { TestProject } from 'vitest/node';
import { chromiumFlags, findChromium } from '../../scripts/browser.mjs';
import { copyExamples } from '../../scripts/examples.mjs';
import { installHost, startHost } from '../../scripts/host.mjs';
import { packageExtension } from '../../scripts/package.mjs';
import { workers } from './workers.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Editors of their own, one for each worker of the tests. */
    places: readonly Place[];
  }
}

/** An editor with the packaged extension, and the browser page that shows it. */
export interface Place {
  /** Where a test's process reaches the browser. */
  readonly browser: string;
  /** A copy of the examples without the zoo, open in the editor. */
  readonly workspace: string;
  /** The editor host's temporary folder. */
  readonly hostData: string;
}

/** A first page compiles the whole workbench, perhaps on a machine that is busy (milliseconds). */
const firstPage = 180_000;

/** Starts the packaged extension in an editor host for each worker, with one browser page that its test files share. */
export default async function start(project: TestProject): Promise<() => Promise<void>> {
  const executable = findChromium();
  if (executable === undefined) throw new Error('The editor tests need Chromium.');
  await installHost();
  const vsix = process.env['ARCHLENS_VSIX'] ?? (await packageExtension());
  // One for all, as for the windows of a user: what one editor has scored is there in the others.
  const store = mkdtempSync(join(tmpdir(), 'archlens-store-'));
  const started = await Promise.allSettled(
    Array.from({ length: workers }, () => startPlace(executable, vsix, store)),
  );
  const places = started.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const stop = async (): Promise<void> => {
    await Promise.all(places.map(({ stop }) => stop()));
    remove(store);
  };
  const failed = started.find((result) => result.status === 'rejected');
  if (failed !== undefined) {
    await stop();
    throw failed.reason;
  }
  project.provide(
    'places',
    places.map(({ place }) => place),
  );
  return stop;
}

function remove(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}

async function startPlace(
  executable: string,
  vsix: string,
  store: string,
): Promise<{ readonly place: Place; readonly stop: () => Promise<void> }> {
  const workspace = mkdtempSync(join(tmpdir(), 'archlens-workspace-'));
  copyExamples(workspace);
  const host = await startHost({
    extensions: [vsix],
    env: { ARCHLENS_STORE: store },
    // What is inserted by a test is what it means to insert.
    settings: {
      'editor.autoClosingBrackets': 'never',
      'editor.autoIndent': 'none',
      'files.trimAutoWhitespace': false,
      // Where the tests change settings.
      'files.exclude': { '**/.vscode': true },
    },
  });

  const profile = mkdtempSync(join(tmpdir(), 'archlens-browser-'));
  const browser = spawn(
    executable,
    [
      ...chromiumFlags,
      '--headless=new',
      '--remote-debugging-port=0',
      `--user-data-dir=${profile}`,
      '--window-size=1400,900',
      '--hide-scrollbars',
      'about:blank',
    ],
    { stdio: 'ignore' },
  );
  const stop = async (): Promise<void> => {
    const gone =
      browser.exitCode === null ? new Promise((resolve) => browser.once('exit', resolve)) : undefined;
    browser.kill();
    await gone;
    await host.stop();
    remove(profile);
    remove(workspace);
  };

  try {
    const portFile = join(profile, 'DevToolsActivePort');
    for (let wait = 0; !existsSync(portFile) || readFileSync(portFile, 'utf8') === ''; wait += 1) {
      if (wait === 300) throw new Error('Chromium did not start within 30 s.');
      await sleep(100);
    }
    const port = readFileSync(portFile, 'utf8').split('\n')[0] ?? '';
    const address = `http://127.0.0.1:${port}`;
    const connection = await chromium.connectOverCDP(address);
    const page = connection.contexts()[0]?.pages()[0];
    if (page === undefined) throw new Error('Chromium opened without a page.');
    await page.goto(host.url(workspace), { timeout: firstPage });
    await page
      .locator('.monaco-workbench .explorer-folders-view .monaco-list-row')
      .first()
      .waitFor({ timeout: firstPage });
    await connection.close();

    return { place: { browser: address, workspace, hostData: host.data }, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
