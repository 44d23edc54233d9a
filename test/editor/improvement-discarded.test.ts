// An improvement that is cancelled or discarded leaves the file, its lens, the spectrum panel and the ranking as they were.
import type { Locator } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { Architectures } from './architectures.ts';
import { Editor, settledLens } from './harness.ts';

let editor: Editor;
let architectures: Architectures;

/** Scoring takes its time on a machine that also draws an editor. */
const patience = 300_000;

/** Large enough that its improvement takes a while on any machine: it is stopped on the way. */
const text = `block Unit(c) {
  conv(c, 3x3) -> bn -> relu
}

model Alone {
  input 28x28x3
  classes 10
  Unit(16)
  repeat 2 { Unit(16) }
  gap -> dense(classes)
}
`;

interface Shown {
  readonly lens: string;
  readonly number: string;
  readonly title: string;
  /** Names of models and files. */
  readonly ranked: readonly string[];
}

beforeAll(async () => {
  editor = await Editor.connect();
});

/** The file, its lens with a settled number, the spectrum panel and the ranking side by side. */
async function openAll(): Promise<void> {
  editor.write('alone.arch', text);
  await editor.open('alone.arch');
  await editor.lens(settledLens, patience);
  await editor.command('Archlens: Show Spectrum');
  await inPanel('h1').filter({ hasText: 'Alone' }).waitFor();
  await expect.poll(() => inPanel('.state .chip').count(), { timeout: patience }).toBe(0);
  architectures = await Architectures.open(editor);
  await architectures.until(/^Alone, rank /, patience);
  await editor.focus();
}

function inPanel(selector: string): Locator {
  return editor.webview().locator(selector);
}

/** What the editor says of the model outside of its text. */
async function shown(): Promise<Shown> {
  return {
    lens: (await editor.lenses()).find((lens) => lens.includes('VKDNW')) ?? '',
    number: (await inPanel('.headline dd').first().textContent()) ?? '',
    title: (await editor.page.locator('.tab', { hasText: 'Spectrum' }).first().textContent()) ?? '',
    // Other models may be scored meanwhile, which changes their order.
    ranked: (await architectures.rows()).map((row) => row.replace(/, .*/, '')).sort(),
  };
}

/** The file is as it was: its text, on the screen and after an undo, and nothing to be saved. */
async function untouched(): Promise<void> {
  expect(await editor.text()).toBe(text);
  await editor.undo();
  expect(await editor.text()).toBe(text);
  expect(await editor.page.locator('.tab.dirty').count()).toBe(0);
  expect(await editor.page.locator('.tab', { hasText: 'improved by' }).count()).toBe(0);
}

/** Asks for an improvement, and waits until it is under way. */
async function improve(): Promise<Locator> {
  await editor.select('Alone');
  await editor.page.keyboard.press('ArrowLeft');
  await editor.command('Archlens: Improve Model Under a Budget…');
  const widget = editor.page.locator('.quick-input-widget');
  await widget.locator('.quick-input-title', { hasText: '(1/4)' }).waitFor();
  const input = widget.locator('input[type="text"]').first();
  await input.press('Enter');
  await widget.locator('.quick-input-title', { hasText: '(2/4)' }).waitFor();
  await input.press('Enter');
  for (const [step, amount] of [
    ['(3/4)', '1M'],
    ['(4/4)', '250M'],
  ] as const) {
    await widget.locator('.quick-input-title', { hasText: step }).waitFor();
    await input.fill(amount);
    await input.press('Enter');
  }
  const progress = editor.page.locator('.notification-toast', { hasText: 'Improving Alone' });
  await progress.waitFor();
  return progress;
}

async function cancel(progress: Locator): Promise<void> {
  await progress.hover();
  await progress.locator('.monaco-button', { hasText: 'Cancel' }).click();
  await progress.waitFor({ state: 'detached' });
}

function message(): Locator {
  return editor.page.locator('.notification-toast', { hasText: 'Alone stays as it is' });
}

test(
  'cancelled before and after a step, shown and discarded, it leaves everything as it was',
  { timeout: 3 * patience },
  async () => {
    await openAll();
    const before = await shown();
    expect(before.number).toMatch(/^\d\.\d{3}/);
    expect(before.lens).toContain(before.number);

    const first = await improve();
    await first.filter({ hasText: /step 1, \d+ of \d+/ }).waitFor({ timeout: patience });
    expect(await shown()).toEqual(before);
    await cancel(first);
    await message().waitFor();
    expect(await shown()).toEqual(before);
    await untouched();
    await editor.command('Notifications: Clear All Notifications');

    const second = await improve();
    await second.filter({ hasText: /step 2,/ }).waitFor({ timeout: patience });
    expect(await shown()).toEqual(before);
    await cancel(second);
    await message().waitFor();
    expect(await editor.page.locator('.monaco-diff-editor').count()).toBe(0);
    expect(await shown()).toEqual(before);

    await message().locator('.monaco-button', { hasText: 'Show What Was Found' }).click();
    const diff = editor.page.locator('.monaco-diff-editor').first();
    await diff.waitFor();
    const discard = editor.page.locator('.editor-actions .action-label', { hasText: 'Discard' }).first();
    await discard.waitFor();
    // The cursor is in the improved text now, and is moved there.
    await diff.locator('.modified .view-line').first().click();
    await editor.page.keyboard.press('ArrowDown');
    await editor.command('Archlens: Improve Model Under a Budget…');
    await editor.page.locator('.notification-toast', { hasText: 'this text is a proposal' }).waitFor();
    await editor.page.waitForTimeout(3000);
    await editor.screenshot('what-if-10-shown');
    const { lens, ...others } = before;
    expect(await shown()).toMatchObject(others);
    await discard.click();
    await diff.waitFor({ state: 'detached' });
    await editor.lens(/VKDNW/);
    await editor.page.waitForTimeout(3000);
    expect(await shown()).toEqual(before);
    expect(lens).toBe(before.lens);
    await editor.screenshot('what-if-11-discarded');
    await untouched();
    expect(await shown()).toEqual(before);
  },
);
