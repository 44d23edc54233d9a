// node bench/editor/workbench/session.ts REPETITIONS: prints milliseconds from a keystroke to the lens of the new text, as JSON.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import type { Page } from 'playwright-core';
import { copyExamples } from '../../../scripts/examples.mjs';
import { root } from '../../../scripts/node24.mjs';
import { editorFiles, typingTexts, type TypingText } from '../editor.ts';
import { goTo, openFile, patience, withWorkbench } from './window.ts';

async function main(repetitions: number): Promise<void> {
  const files = editorFiles(root);
  if ('missing' in files) throw new Error(`there is no ${files.missing}`);
  const texts = typingTexts(files);
  const fill = (workspace: string): void => {
    copyExamples(workspace);
    for (const [name, { text }] of Object.entries(texts))
      writeFileSync(join(workspace, `${name}.typed.arch`), text);
  };
  const result = await withWorkbench({ fill }, async (page) => ({
    heaviest: await measure(page, 'heaviest.typed.arch', texts.heaviest, repetitions),
    resnet20: await measure(page, 'resnet20.typed.arch', texts.resnet20, repetitions),
  }));
  process.stdout.write(`${JSON.stringify(result)}\n`);
}

async function measure(page: Page, file: string, place: TypingText, repetitions: number): Promise<number[]> {
  await openFile(page, file);
  await goTo(page, place.line + 1, place.character + 1);
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
