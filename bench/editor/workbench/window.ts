import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { chromium, type Locator, type Page } from 'playwright-core';
import { chromiumFlags, findChromium } from '../../../scripts/browser.mjs';
import { installHost, startHost } from '../../../scripts/host.mjs';
import { packageExtension } from '../../../scripts/package.mjs';

/** Milliseconds that the workbench may take to show something on a machine that is busy. */
export const patience = { timeout: 180_000 };

export interface WorkbenchOptions {
  /** Writes the files of the workspace. */
  readonly fill: (folder: string) => void;
  /** Settings of the user beside the quiet ones. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** A folder for scores; absent: none are stored. */
  readonly store?: string;
}

/** Runs the packaged extension in VS Code's workbench with a workspace of its own, and ends both. */
export async function withWorkbench<T>(
  { fill, settings = {}, store = 'none' }: WorkbenchOptions,
  use: (page: Page, workspace: string) => Promise<T>,
): Promise<T> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error('there is no Chromium');
  await installHost();
  const vsix = process.env['ARCHLENS_VSIX'] ?? (await packageExtension());
  const workspace = mkdtempSync(join(tmpdir(), 'archlens-bench-'));
  fill(workspace);
  const host = await startHost({ extensions: [vsix], settings, env: { ARCHLENS_STORE: store } });
  const browser = await chromium.launch({ executablePath, args: chromiumFlags });
  try {
    const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
    await page.goto(host.url(workspace), patience);
    await page.locator('.monaco-workbench .explorer-folders-view .monaco-list-row').first().waitFor(patience);
    return await use(page, workspace);
  } finally {
    await browser.close();
    await host.stop();
    rmSync(workspace, { recursive: true, force: true });
  }
}

/** Opens a file of the workspace and waits until it is in front. */
export async function openFile(page: Page, file: string): Promise<void> {
  // What is found there comes some time after it was asked for.
  await quickInput(
    page,
    'Control+P',
    file,
    page.locator('.quick-input-widget .monaco-list-row', { hasText: file }),
  );
  await page.locator(`.tab.active[data-resource-name="${file}"]`).waitFor(patience);
}

/** Runs a command by its title. */
export async function runCommand(page: Page, title: string): Promise<void> {
  const row = page.locator('.quick-input-widget .monaco-list-row', { hasText: title });
  await quickInput(page, 'F1', `>${title}`, row);
}

/** Puts the cursor before a character. @param line counted from 1, as is the column */
export async function goTo(page: Page, line: number, column: number): Promise<void> {
  await quickInput(page, 'Control+G', `:${line}:${column}`);
}

async function quickInput(page: Page, key: string, text: string, row?: Locator): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await tryQuickInput(page, key, text, row);
      return;
    } catch (error) {
      // What was done before may still take the focus, which closes the list.
      if (attempt === 5) throw error;
    }
  }
}

async function tryQuickInput(page: Page, key: string, text: string, row?: Locator): Promise<void> {
  const quick = { timeout: 10_000 };
  await page.keyboard.press('Escape');
  await page.keyboard.press(key);
  const input = page.locator('.quick-input-widget input[type="text"]').first();
  await input.waitFor(quick);
  await input.fill(text, quick);
  if (row === undefined) {
    // What was typed is looked at before Enter means it.
    await page
      .locator('.quick-input-widget .monaco-list-row', { hasText: /go to line/i })
      .first()
      .waitFor(quick);
    await input.press('Enter');
  } else await row.first().click(quick);
  await input.waitFor({ state: 'hidden', ...quick });
}
