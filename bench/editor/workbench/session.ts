// node bench/editor/workbench/session.ts REPETITIONS: prints milliseconds from a keystroke to the lens of the new text, as JSON.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { chromium, type Locator, type Page } from 'playwright-core';
import { chromiumFlags, findChromium } from '../../../scripts/browser.mjs';
import { copyExamples } from '../../../scripts/examples.mjs';
import { installHost, startHost } from '../../../scripts/host.mjs';
import { root } from '../../../scripts/node24.mjs';
import { packageExtension } from '../../../scripts/package.mjs';
import { editorFiles, typingTexts, type TypingText } from '../editor.ts';

const patience = { timeout: 180_000 };

async function main(repetitions: number): Promise<void> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error('there is no Chromium');
  const files = editorFiles(root);
  if ('missing' in files) throw new Error(`there is no ${files.missing}`);
  await installHost();
  const vsix = process.env['ARCHLENS_VSIX'] ?? (await packageExtension());
  const texts = typingTexts(files);
  const workspace = mkdtempSync(join(tmpdir(), 'archlens-bench-'));
  copyExamples(workspace);
  for (const [name, { text }] of Object.entries(texts))
    writeFileSync(join(workspace, `${name}.typed.arch`), text);
  const host = await startHost({ extensions: [vsix], env: { ARCHLENS_STORE: 'none' } });
  const browser = await chromium.launch({ executablePath, args: chromiumFlags });
  try {
    const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
    await page.goto(host.url(workspace), patience);
    await page.locator('.monaco-workbench .explorer-folders-view .monaco-list-row').first().waitFor(patience);
    const result = {
      heaviest: await measure(page, 'heaviest.typed.arch', texts.heaviest, repetitions),
      resnet20: await measure(page, 'resnet20.typed.arch', texts.resnet20, repetitions),
    };
    process.stdout.write(`${JSON.stringify(result)}\n`);
  } finally {
    await browser.close();
    await host.stop();
    rmSync(workspace, { recursive: true, force: true });
  }
}

async function measure(page: Page, file: string, place: TypingText, repetitions: number): Promise<number[]> {
  // What is found there comes some time after it was asked for.
  await quickInput(
    page,
    'Control+P',
    file,
    page.locator('.quick-input-widget .monaco-list-row', { hasText: file }),
  );
  await page.locator(`.tab.active[data-resource-name="${file}"]`).waitFor(patience);
  await quickInput(page, 'Control+G', `:${place.line + 1}:${place.character + 1}`);
  const times: number[] = [];
  // The first rounds warm up.
  for (let round = -2; round < repetitions; round++) {
    await page.waitForFunction(settledLens, undefined, patience);
    await page.evaluate(watchKeystroke);
    await page.keyboard.press(String((round + 9) % 9 || 9));
    await page.waitForFunction(() => 'freshLens' in globalThis, undefined, patience);
    const time = await page.evaluate(() => (globalThis as unknown as { freshLens: number }).freshLens);
    // The next digit comes before this one: behind sixteen others it would change nothing.
    await page.keyboard.press('ArrowLeft');
    if (round >= 0) times.push(time);
  }
  return times;
}

async function quickInput(page: Page, key: string, text: string, row?: Locator): Promise<void> {
  await page.keyboard.press('Escape');
  await page.keyboard.press(key);
  const input = page.locator('.quick-input-widget input[type="text"]').first();
  await input.waitFor();
  await input.fill(text);
  if (row === undefined) {
    // What was typed is looked at before Enter means it.
    await page
      .locator('.quick-input-widget .monaco-list-row', { hasText: /go to line/i })
      .first()
      .waitFor();
    await input.press('Enter');
  } else await row.first().click();
  await input.waitFor({ state: 'hidden' });
}

// The functions below run in the page.

/** Nothing more is to come of the score. */
function settledLens(): boolean {
  const text = document.querySelector('.editor-instance .codelens-decoration')?.textContent ?? '';
  return /VKDNW\s[\d.]+\s±/.test(text) && !/⟳|stale|measuring/.test(text);
}

/** Takes the time from the next key to the first frame with a score of the text that the key made. */
function watchKeystroke(): void {
  const page = globalThis as unknown as { freshLens?: number };
  delete page.freshLens;
  const lens = (): string =>
    document.querySelector('.editor-instance .codelens-decoration')?.textContent ?? '';
  const before = lens();
  addEventListener(
    'keydown',
    () => {
      const begun = performance.now();
      let wasStale = false;
      const look = (): void => {
        const text = lens();
        const isStale = text === '' || /⟳ VKDNW|stale|measuring/.test(text);
        wasStale ||= isStale;
        // On a busy machine the lens of the quick score may be passed over for that of a settled one.
        if (!isStale && (wasStale || text !== before)) page.freshLens = performance.now() - begun;
        else requestAnimationFrame(look);
      };
      requestAnimationFrame(look);
    },
    { once: true, capture: true },
  );
}

await main(Number(process.argv[2] ?? 5));
