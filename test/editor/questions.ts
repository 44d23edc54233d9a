// What the editor asks at the top of its window, and how a person answers.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { expect } from 'vitest';
import type { Editor } from './harness.ts';

function input({ page }: Editor): Locator {
  return page.locator('.quick-input-widget input[type="text"]').first();
}

/** One of the answers that are offered. */
export async function choose(editor: Editor, answer: string): Promise<void> {
  const row = editor.page.locator('.quick-input-widget .monaco-list-row', { hasText: answer }).first();
  await row.click();
  await row.waitFor({ state: 'hidden' });
}

/** In words. */
export async function answer(editor: Editor, text: string): Promise<void> {
  await input(editor).fill(text);
  await input(editor).press('Enter');
  await input(editor).waitFor({ state: 'hidden' });
}

/** A format and a file of the workspace, where a panel asks for them. @returns the file, which is there then */
export async function saveAs(editor: Editor, format: string, name: string): Promise<string> {
  await choose(editor, format);
  await expect.poll(() => input(editor).inputValue()).toContain(name);
  const file = join(editor.workspace, name);
  await answer(editor, file);
  await expect.poll(() => existsSync(file)).toBe(true);
  return file;
}
