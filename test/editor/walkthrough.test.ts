// The walkthrough, as a person goes through it the first time.
import type { Locator } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { Editor, settledLens } from './harness.ts';

let editor: Editor;

const patience = 300_000;
const steps = ['write', 'score', 'hover', 'spectrum', 'rank'] as const;

beforeAll(async () => {
  editor = await Editor.connect();
});

function boxes(): Locator {
  return editor.page.locator('.gettingStartedContainer .getting-started-step [data-done-step-id]');
}

/** The steps that are checked. */
async function checked(): Promise<string[]> {
  return await boxes().evaluateAll((elements) =>
    elements
      .filter((element) => element.getAttribute('aria-checked') === 'true')
      .map((element) => element.getAttribute('data-done-step-id')?.split('#').at(-1) ?? ''),
  );
}

/** Goes back to the walkthrough, and waits until these steps are checked and no others. */
async function expectDone(...done: readonly (typeof steps)[number][]): Promise<void> {
  // Its tab may show the list of all walkthroughs.
  await editor.command('Archlens: Open Walkthrough');
  await expect.poll(checked).toEqual([...done]);
}

describe('the walkthrough', () => {
  test('can be begun anew', async () => {
    // As if nothing had been done yet, whatever tests ran before: the editor remembers steps, a window what was seen in it.
    await editor.command('Archlens: Open Walkthrough');
    await expect.poll(() => boxes().count()).toBe(steps.length);
    for (const step of await checked()) await editor.page.locator(`[data-done-step-id$="#${step}"]`).click();
    await expect.poll(checked).toEqual([]);
    await editor.closeAll();
    await editor.reload();
  });

  test('completes step by step as they are done', { timeout: 900_000 }, async () => {
    await expectDone();
    await editor.screenshot('walkthrough-begun');
    await editor.page.locator('.getting-started-step .monaco-button', { hasText: 'Open the sample' }).click();
    await editor.page.locator('.tab.active', { hasText: 'Untitled' }).waitFor();
    const untitled = editor.page.locator('.tab', { hasText: 'Untitled' });
    await editor.lens(settledLens, patience);
    await expectDone('write', 'score');
    await untitled.click();
    await editor.hover('conv', 'classes 10');
    await expectDone('write', 'score', 'hover');
    await untitled.click();
    await editor.page.locator('.codelens-decoration a', { hasText: 'Spectrum' }).first().click();
    await editor.webview().locator('h1', { hasText: 'MyNetwork' }).waitFor();
    await expectDone('write', 'score', 'hover', 'spectrum');
    await editor.page.locator('.getting-started-step', { hasText: 'Rank the folder' }).click();
    await editor.page
      .locator('.getting-started-step .monaco-button', { hasText: 'Rank the workspace' })
      .click();
    await expectDone(...steps);
    await editor.screenshot('walkthrough-completed');
    await expect.poll(() => editor.notifications()).toEqual([]);
    await editor.closeAll();
  });

  test('leads to the pages that come with the extension, which lead to each other', async () => {
    await editor.command('Archlens: Open Documentation');
    const preview = editor.webview();
    await preview.locator('h1', { hasText: 'Archlens' }).waitFor();
    const pictures = preview.locator('img');
    await expect
      .poll(() =>
        pictures.evaluateAll(
          (all) => all.filter((each) => (each as HTMLImageElement).naturalWidth > 0).length,
        ),
      )
      .toBe(4);
    await editor.screenshot('page-documentation');
    await preview.locator('a', { hasText: 'The language' }).click();
    await editor.webview().locator('h1', { hasText: 'The Archlens language' }).waitFor();
    await editor.screenshot('page-manual');
    await editor.closeAll();
  });
});
