// Trying alternatives and improving a model as a person does it, in the real editor with the packaged extension.
import type { Locator } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { Editor, settledLens } from './harness.ts';

let editor: Editor;

beforeAll(async () => {
  editor = await Editor.connect();
});

/** Scoring takes its time on a machine that also draws an editor. */
const patience = 300_000;

const text = `// A small network.
block Unit(c) {
  conv(c, 3x3) -> bn -> relu // the unit
}

model Small {
  input 16x16x3
  classes 10
  Unit(16)
  repeat 2 { Unit(16) }
  gap -> dense(classes)
}
`;

test('alternatives are listed while they are scored; one is applied and undone', async () => {
  editor.write('small.arch', text);
  await editor.open('small.arch');
  await editor.lens(/VKDNW \d\.\d{3}/, patience);
  await editor.select('3x3');
  await editor.page.keyboard.press('ArrowLeft');
  const entry = editor.page.locator('.action-widget .monaco-list-row.action', {
    hasText: 'Try alternatives to',
  });
  // What the editor draws anew may close the menu.
  await expect
    .poll(async () => {
      await editor.page.keyboard.press('Escape');
      await editor.page.keyboard.press('Control+.');
      return await entry.click({ timeout: 5000 }).then(
        () => 'chosen',
        () => 'not offered',
      );
    })
    .toBe('chosen');
  const widget = editor.page.locator('.quick-input-widget');
  await widget.locator('.quick-input-title', { hasText: 'Alternatives to 3x3 in Small' }).waitFor();
  await editor.screenshot('what-if-01-filling');
  const input = widget.locator('input[type="text"]').first();
  await expect
    .poll(async () => await input.getAttribute('placeholder'), { timeout: patience })
    .toMatch(/^3 scored/);
  await editor.screenshot('what-if-02-alternatives');
  await editor.theme('light');
  await editor.screenshot('what-if-02-alternatives-light');
  await editor.theme('dark');
  const rows = await widget.locator('.monaco-list-row').allInnerTexts();
  expect(
    rows.filter((row) => /3x3 → \dx\d[^]*[+−±]\d\.\d{3} ± \d\.\d{3}[^]*params[^]*MACs/.test(row)),
  ).toHaveLength(3);
  await input.fill('5x5');
  await input.press('Enter');
  await expect.poll(async () => await editor.text()).toBe(text.replace('3x3', '5x5'));
  await editor.undo();
  await expect.poll(async () => await editor.text()).toBe(text);
});

test('what is within noise gets more seeds by its button, until that is stopped', async () => {
  await editor.select('16', 'model Small {\n  input 16x16x3\n  classes 10\n  Unit(');
  await editor.page.keyboard.press('ArrowLeft');
  await editor.command('Archlens: Try Alternatives…');
  const widget = editor.page.locator('.quick-input-widget');
  const input = widget.locator('input[type="text"]').first();
  await expect
    .poll(async () => await input.getAttribute('placeholder'), { timeout: patience })
    .toMatch(/^2 scored/);
  const row = widget.locator('.monaco-list-row', { hasText: 'within noise' }).first();
  await row.hover();
  await row.locator('.action-label').first().click();
  await widget
    .locator('.monaco-list-row', { hasText: /\d+ of at most 64 seeds/ })
    .waitFor({ timeout: patience });
  await editor.screenshot('what-if-09-more-seeds');
  await widget.locator('.quick-input-titlebar .codicon-debug-stop').click();
  await widget.locator('.monaco-list-row', { hasText: 'of at most 64 seeds' }).waitFor({ state: 'detached' });
  await editor.page.keyboard.press('Escape');
  await input.waitFor({ state: 'hidden' });
  expect(await editor.text()).toBe(text);
});

/** A button above the diff. */
function answer(name: 'Accept' | 'Discard'): Locator {
  return editor.page.locator('.editor-actions .action-label', { hasText: name }).first();
}

function diff(): Locator {
  return editor.page.locator('.monaco-diff-editor').first();
}

/** The message that comes with a diff, which is taken away. By itself it is gone after a few seconds, perhaps before it is read. */
async function told(): Promise<string> {
  await editor.command('Notifications: Show Notifications');
  const message = editor.page.locator('.notifications-center.visible .notification-list-item-message');
  await message.first().waitFor();
  const words = await message.first().innerText();
  await editor.command('Notifications: Clear All Notifications');
  return words;
}

/** Asks for an improvement of the model whose name stands first in the text, and waits until it is looked for. */
async function improve(model: string, picture?: string): Promise<Locator> {
  await editor.select(model);
  await editor.page.keyboard.press('ArrowLeft');
  await editor.command('Archlens: Improve Model Under a Budget…');
  const widget = editor.page.locator('.quick-input-widget');
  await widget.locator('.quick-input-title', { hasText: '(1/4)' }).waitFor();
  if (picture !== undefined) await editor.screenshot(`${picture}-kinds`);
  const input = widget.locator('input[type="text"]').first();
  await input.press('Enter');
  await widget.locator('.quick-input-title', { hasText: '(2/4)' }).waitFor();
  if (picture !== undefined) await editor.screenshot(`${picture}-by`);
  await input.press('Enter');
  for (const [step, amount] of [
    ['(3/4)', '1M'],
    ['(4/4)', '80M'],
  ] as const) {
    await widget.locator('.quick-input-title', { hasText: step }).waitFor();
    if (picture !== undefined && step === '(3/4)') await editor.screenshot(picture);
    await input.fill(amount);
    await input.press('Enter');
  }
  const progress = editor.page.locator('.notification-toast', { hasText: `Improving ${model}` });
  await progress.waitFor();
  return progress;
}

test('a model is improved, and changed only when that is accepted', async () => {
  const progress = await improve('Small', 'what-if-03-budget');
  await progress.filter({ hasText: /changes tried/ }).waitFor({ timeout: patience });
  await editor.screenshot('what-if-04-improving');
  await diff().waitFor({ timeout: 2 * patience });
  await answer('Accept').waitFor();
  expect(await told()).toMatch(
    /^Nothing is changed until you press Accept above the diff\.\sSmall: .* MACs .*\)\.$/,
  );
  await editor.screenshot('what-if-05-diff');
  await editor.theme('light');
  await editor.screenshot('what-if-05-diff-light');
  await editor.theme('dark');
  await answer('Accept').click();
  await diff().waitFor({ state: 'detached' });
  let improved = '';
  await expect.poll(async () => (improved = await editor.text())).not.toBe(text);
  expect(improved).toContain('// the unit');
  await editor.screenshot('what-if-06-accepted');
  await editor.undo();
  await expect.poll(async () => await editor.text()).toBe(text);
});

test.each([
  ['above the diff', () => answer('Discard').click()],
  ['from the palette', () => editor.command('Archlens: Discard the Improvement')],
  ['by closing it', () => editor.command('View: Close Editor')],
] as const)('an improvement that is discarded %s leaves nothing behind', async (_, discard) => {
  await improve('Small');
  await diff().waitFor({ timeout: 2 * patience });
  await answer('Discard').waitFor();
  await told();
  await discard();
  await diff().waitFor({ state: 'detached' });
  await answer('Accept').waitFor({ state: 'detached' });
  expect(await editor.page.locator('.tab', { hasText: 'improved by' }).count()).toBe(0);
  expect(await editor.text()).toBe(text);
  expect(await editor.page.locator('.tab.dirty').count()).toBe(0);
  await expect.poll(() => editor.notifications()).toEqual([]);
});

test('an improvement that is cancelled changes nothing, and leaves the engine to the editor', async () => {
  await editor.open('resnet20.arch');
  await editor.lens(settledLens, patience);
  const before = await editor.text();
  // Its first step alone has some forty changes, so it is met within it.
  const progress = await improve('ResNet20');
  await progress.filter({ hasText: /step 1, [1-9]\d* of \d+ changes tried/ }).waitFor({ timeout: patience });
  await editor.screenshot('what-if-07-cancelling');
  await progress.hover();
  await progress.locator('.monaco-button', { hasText: 'Cancel' }).click();
  await progress.waitFor({ state: 'detached' });
  await expect
    .poll(() => editor.notifications())
    .toEqual(['Archlens: ResNet20 stays as it is. It was cancelled.']);
  await editor.screenshot('what-if-08-cancelled');
  expect(await diff().count()).toBe(0);
  expect(await editor.text()).toBe(before);
  expect(await editor.page.locator('.tab.dirty').count()).toBe(0);
  await editor.command('Notifications: Clear All Notifications');
  // What is typed next is scored at once.
  await editor.setText(before.replace('(64, 2)', '(72, 2)'));
  await editor.lens(settledLens, patience);
  await editor.closeAll();
  await expect.poll(() => editor.notifications()).toEqual([]);
});
